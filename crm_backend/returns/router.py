"""`/shopper/{conversation_id}/returns` and `/staff/returns`: where returns stand, and what agents do with them.

Asking for one, and taking it back, are changes (`changes/router.py`).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from crm_backend.callers import Agent, staff_actor
from crm_backend.changes.router import StaffUnit
from crm_backend.dependencies import BusinessClock, Reading, RequestedLanguage, ShopPolicies
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import ShopperAccess
from crm_backend.returns import service
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.returns import (
    Inspection,
    Returnable,
    ReturnList,
    ReturnState,
    ReturnView,
    StaffReturnList,
    StaffReturnView,
)
from shopdesk_schemas.web import problems_openapi

ReturnNumber = Annotated[str, Path(min_length=1, max_length=40, description="The return's number, as typed.")]
STAFF_LIST_LIMIT = 200

shopper_router = APIRouter(prefix="/shopper/{conversation_id}", tags=["returns"])
staff_router = APIRouter(
    prefix="/staff/returns",
    tags=["returns"],
    route_class=IdempotentRoute,
    responses=problems_openapi(NotFound, Forbidden),
)


@shopper_router.get("/returns", summary="The shopper's returns, newest first")
def list_returns(
    access: ShopperAccess, session: Reading, policies: ShopPolicies, language: RequestedLanguage = None
) -> ReturnList:
    """With their refunds; none without a verification."""
    return service.list_returns(session, access, policies, language or access.language)


@shopper_router.get("/returns/{number}", summary="One return", responses=problems_openapi(NotFound))
def get_return(
    access: ShopperAccess,
    session: Reading,
    policies: ShopPolicies,
    number: ReturnNumber,
    language: RequestedLanguage = None,
) -> ReturnView:
    """404 when it is not there or not the shopper's."""
    return service.get_return(session, access, policies, number, language or access.language)


@shopper_router.get(
    "/orders/{number:path}/returnable",
    summary="What of an order can come back, and until when",
    responses=problems_openapi(NotFound),
)
def returnable(
    access: ShopperAccess,
    session: Reading,
    policies: ShopPolicies,
    clock: BusinessClock,
    number: Annotated[str, Path(min_length=1, max_length=100, description="Its number, or a parcel's, as typed.")],
    language: RequestedLanguage = None,
) -> Returnable:
    """Per line and reason: allowed, or the rule that forbids it. 404 when it is not there or not the shopper's."""
    return service.returnable(session, access, policies, number, language or access.language, clock.now())


@staff_router.get("", summary="Returns to see to, the oldest first")
def list_for_staff(
    session: Reading,
    _agent: Agent,
    policies: ShopPolicies,
    state: ReturnState | None = None,
    limit: Annotated[int, Query(ge=1, le=STAFF_LIST_LIMIT)] = 50,
) -> StaffReturnList:
    """With the signals that shoppers are not told of."""
    return service.list_for_staff(session, policies, state, limit)


@staff_router.get("/{number}", summary="One return")
def get_for_staff(session: Reading, _agent: Agent, policies: ShopPolicies, number: ReturnNumber) -> StaffReturnView:
    """With its signals."""
    return service.get_for_staff(session, policies, number)


@staff_router.post(
    "/{number}/approve",
    summary="Let a return that was looked at go on",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def approve(unit: StaffUnit, number: ReturnNumber) -> StaffReturnView:
    """409 when it does not wait for that."""
    return service.approve(unit, number)


@staff_router.post(
    "/{number}/reject",
    summary="Say no to a return that was looked at",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def reject(unit: StaffUnit, number: ReturnNumber) -> StaffReturnView:
    """What was charged for an exchange goes back. 409 when it does not wait for that."""
    return service.reject(unit, number)


@staff_router.post(
    "/{number}/receive",
    summary="Note that its parcel came",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def receive(unit: StaffUnit, number: ReturnNumber) -> StaffReturnView:
    """409 when it cannot have."""
    return service.receive(unit, number)


@staff_router.post(
    "/{number}/inspect",
    summary="Note what was found in its parcel",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def inspect(inspection: Inspection, unit: StaffUnit, number: ReturnNumber) -> StaffReturnView:
    """What is accepted is refunded, exchanged or repaired, as was asked for; what is not goes back to the shopper."""
    return service.inspect(unit, number, inspection)
