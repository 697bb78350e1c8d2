"""`/backoffice/records/{kind}` and `/backoffice/events`: what the shop's systems send in bulk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from crm_backend.callers import writing_system
from crm_backend.collect import service
from crm_backend.collect.schemas import CollectedKind, EventsIn, Receipt, RecordsIn
from crm_backend.dependencies import BusinessClock, Held, ShopPolicies, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.keys import LookupKeys
from shopdesk_schemas.problems import Forbidden
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/backoffice",
    tags=["collect"],
    route_class=IdempotentRoute,
    responses=problems_openapi(Forbidden),
)

_records_system = writing_system("records:write")
_events_system = writing_system("events:write")


@router.post(
    "/records/{kind}",
    summary="Send records: new ones are added, known ones brought to what is sent",
    dependencies=[Depends(once(_records_system))],
)
def send_records(
    kind: Annotated[CollectedKind, Path(description="What the records are, as in the canonical format.")],
    sent: RecordsIn,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    held: Held,
) -> Receipt:
    """Each item has its own outcome. One that is rejected says which of its fields is wrong; the others are written.

    `variants`, `stock` and `shipments` belong to a product, a store or an order that is there; they add to it or
    replace the one with their key, and leave the rest of it alone.
    """
    keys = LookupKeys(held.settings.lookup_key)
    return service.collect_records(session, kind, sent, clock.wall(), policies.shop.country, keys)


@router.post(
    "/events",
    summary="Send things that happened",
    dependencies=[Depends(once(_events_system))],
)
def send_events(sent: EventsIn, session: Writing, policies: ShopPolicies, clock: BusinessClock, held: Held) -> Receipt:
    """Each is taken once by its `external_id`. Events of orders and parcels move these forward, never back."""
    keys = LookupKeys(held.settings.lookup_key)
    return service.collect_events(session, sent, clock.wall(), policies.shop.country, keys)
