"""`/staff`: chains of events of parcels and purchase orders, carriers, stock."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime
from pydantic.json_schema import SkipJsonSchema

from crm_backend.callers import Agent
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies
from crm_backend.supply import service, suggestions
from crm_backend.supply.service import Window
from shopdesk_schemas.problems import FieldProblem, Forbidden, InvalidInput, NotFound
from shopdesk_schemas.supply import CarrierList, EventLog, ReorderList, SkuStock
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/staff", tags=["supply"], responses=problems_openapi(Forbidden))

Reference = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[^\x00/]*$")]


def window(
    start: Annotated[
        AwareDatetime | None, Query(alias="from", description="An instant with its offset from UTC.")
    ] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
) -> Window:
    """The time that is asked about. Raises InvalidInput when it ends before it begins, or is in no year of ours."""
    for name, at in (("from", start), ("to", end)):
        if at is not None and not 1900 <= at.year <= 9000:
            raise InvalidInput(errors=[FieldProblem(field=f"query.{name}", message="is not in any year of ours")])
    if start is not None and end is not None and start > end:
        raise InvalidInput(errors=[FieldProblem(field="query.from", message="is later than to")])
    return Window(start, end)


Asked = Annotated[Window, Depends(window)]


@router.get("/shipments/{reference}/log", summary="A parcel's chain of events", responses=problems_openapi(NotFound))
def shipment_log(
    session: Reading, policies: ShopPolicies, clock: BusinessClock, _agent: Agent, reference: Reference, asked: Asked
) -> EventLog:
    """By tracking number or external id, from its order on; gaps and broken promises are marked."""
    return service.shipment_log(session, reference, asked, policies.supply, clock.now())


@router.get(
    "/purchase-orders/{reference}/log",
    summary="A purchase order's chain of events",
    responses=problems_openapi(NotFound),
)
def purchase_order_log(
    session: Reading, policies: ShopPolicies, clock: BusinessClock, _agent: Agent, reference: Reference, asked: Asked
) -> EventLog:
    """By number or external id; gaps and broken promises are marked."""
    return service.purchase_order_log(session, reference, asked, policies.supply, clock.now())


@router.get("/carriers", summary="How carriers did")
def carriers(session: Reading, clock: BusinessClock, _agent: Agent, asked: Asked) -> CarrierList:
    """With the parcels that were handed over in a time."""
    return service.carriers(session, asked, clock.now())


@router.get("/stock", summary="All that is known of the stock of a SKU")
def stock(
    session: Reading,
    _agent: Agent,
    sku: Annotated[str, Query(min_length=1, max_length=100, pattern=r"^[^\x00]*$")],
) -> SkuStock:
    """Per location, on order, and what moved."""
    return service.stock(session, sku)


@router.get("/reorder", summary="How long stock lasts, and what to order again")
def reorder(
    session: Reading,
    policies: ShopPolicies,
    clock: BusinessClock,
    _agent: Agent,
    sku: Annotated[str | SkipJsonSchema[None], Query(min_length=1, max_length=100, pattern=r"^[^\x00]*$")] = None,
    store: Annotated[str | SkipJsonSchema[None], Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] = None,
    due: Annotated[bool, Query(description="Only what is to be ordered now.")] = False,
) -> ReorderList:
    """From demand, lead times and the shop's policy, with all numbers that a suggestion follows from."""
    return suggestions.reorder(session, policies, clock.now(), sku=sku, store=store, due_only=due)
