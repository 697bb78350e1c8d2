"""`/shopper/{conversation_id}/claims` and `/staff/claims`. Making a claim is a change (`changes/router.py`)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from crm_backend.callers import Agent, staff_actor
from crm_backend.changes.router import StaffUnit
from crm_backend.dependencies import Reading
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import ShopperAccess
from crm_backend.shipments import claims
from shopdesk_schemas.claims import ClaimGrant, ClaimList, ClaimState, StaffClaimList, StaffClaimView
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.web import problems_openapi

ClaimId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]

shopper_router = APIRouter(prefix="/shopper/{conversation_id}/claims", tags=["shipments"])
staff_router = APIRouter(
    prefix="/staff/claims",
    tags=["shipments"],
    route_class=IdempotentRoute,
    responses=problems_openapi(NotFound, Forbidden),
)


@shopper_router.get("", summary="The shopper's claims, newest first")
def list_claims(access: ShopperAccess, session: Reading) -> ClaimList:
    """None without a verification."""
    return claims.list_claims(session, access)


@staff_router.get("", summary="Claims to see to, the oldest first")
def list_for_staff(
    session: Reading, _agent: Agent, state: ClaimState = "open", limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> StaffClaimList:
    """With what shoppers brought forward."""
    return claims.list_for_staff(session, state, limit)


@staff_router.post(
    "/{claim_id}/grant",
    summary="Refund, or send again",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def grant(decision: ClaimGrant, unit: StaffUnit, claim_id: ClaimId) -> StaffClaimView:
    """409 when it was settled before, or less of the order is left than was claimed."""
    return claims.grant_claim(unit, claim_id, decision)


@staff_router.post(
    "/{claim_id}/refuse",
    summary="Say no",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def refuse(unit: StaffUnit, claim_id: ClaimId) -> StaffClaimView:
    """409 when it was settled before."""
    return claims.refuse_claim(unit, claim_id)
