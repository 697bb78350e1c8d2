"""`/stores`: what anybody may know of stores; `/shopper/{conversation_id}/stores`: the same by the shopper's home."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query

from crm_backend.callers import Agent, AgentWriting, staff_actor
from crm_backend.changes.unit import Unit
from crm_backend.dependencies import BusinessClock, Reading, RequestedLanguage, ShopPolicies, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import EVERYTHING, ShopperAccess
from crm_backend.stores import service
from crm_backend.stores.places import Point, Whereabouts
from shopdesk_schemas.problems import Conflict, FieldProblem, Forbidden, InvalidInput, NotFound
from shopdesk_schemas.stores import (
    ReservationList,
    ReservationState,
    ReservationView,
    StoreList,
    StoreStock,
    StoreWeek,
)
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/stores", tags=["stores"])
shopper_router = APIRouter(prefix="/shopper/{conversation_id}", tags=["stores"])
staff_router = APIRouter(
    prefix="/staff", tags=["stores"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden, NotFound)
)

NO_CONTROL_CHARACTERS = r"^[^\x00]*$"

Words = Annotated[str | None, Query(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)]
Sku = Annotated[
    str | None,
    Query(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS, description="Tell how many of it each has."),
]
WithStock = Annotated[bool, Query(description="Only stores that have the SKU.")]
OpenNow = Annotated[bool, Query(description="Only stores that are open.")]
Limit = Annotated[int, Query(ge=1, le=100)]
StoreId = Annotated[
    str, Path(min_length=1, max_length=200, pattern=r"^[^\x00/]*$", description="The store's external id.")
]


@router.get("", summary="Stores, the nearest first")
def stores(
    session: Reading,
    clock: BusinessClock,
    latitude: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
    longitude: Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)] = None,
    postcode: Annotated[str | None, Query(min_length=1, max_length=20, pattern=NO_CONTROL_CHARACTERS)] = None,
    city: Words = None,
    region: Words = None,
    country: Annotated[str | None, Query(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")] = None,
    sku: Sku = None,
    with_stock: WithStock = False,
    open_now: OpenNow = False,
    language: RequestedLanguage = None,
    limit: Limit = 20,
) -> StoreList:
    """By coordinates, or by a postcode or city that the shop knows from its stores and addresses; else by name."""
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        raise InvalidInput(errors=[FieldProblem(field=f"query.{missing}", message="is missing")])
    _check(sku, with_stock)
    where = None
    if latitude is not None and longitude is not None:
        where = Whereabouts(point=Point(latitude, longitude))
    elif any(part is not None for part in (postcode, city, region, country)):
        where = Whereabouts(postcode=postcode, city=city, region=region, country=country)
    return service.list_stores(
        session,
        where,
        sku=sku,
        only_with_stock=with_stock,
        open_now=open_now,
        language=language,
        limit=limit,
        now=clock.now(),
    )


def _check(sku: str | None, with_stock: bool) -> None:
    if with_stock and sku is None:
        raise InvalidInput(errors=[FieldProblem(field="query.sku", message="is missing")])


@router.get("/{store}", summary="One store and its hours", responses=problems_openapi(NotFound))
def store(session: Reading, clock: BusinessClock, store: StoreId, language: RequestedLanguage = None) -> StoreWeek:
    """Hours of today and the six days after, holidays and nights that end on the next day included."""
    return service.week(session, store, language, clock.now())


@router.get("/{store}/stock", summary="What can be had in a store", responses=problems_openapi(NotFound))
def stock(
    session: Reading,
    store: StoreId,
    sku: Annotated[str | None, Query(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)] = None,
    language: RequestedLanguage = None,
) -> StoreStock:
    """Without what is kept for somebody. Empty when the store does not hold the SKU."""
    return service.stock(session, store, sku, language)


@shopper_router.get("/stores", summary="Stores near the shopper's home")
def near_home(
    access: ShopperAccess,
    session: Reading,
    clock: BusinessClock,
    sku: Sku = None,
    with_stock: WithStock = False,
    open_now: OpenNow = False,
    language: RequestedLanguage = None,
    limit: Limit = 20,
) -> StoreList:
    """By where the shopper's parcels go. By name where nobody is verified, or no address is known."""
    _check(sku, with_stock)
    return service.list_stores(
        session,
        service.of_shopper(session, access),
        sku=sku,
        only_with_stock=with_stock,
        open_now=open_now,
        language=language or access.language,
        limit=limit,
        now=clock.now(),
    )


@shopper_router.get("/reservations", summary="What is kept for the shopper in stores")
def my_reservations(
    access: ShopperAccess,
    session: Reading,
    clock: BusinessClock,
    language: RequestedLanguage = None,
    limit: Limit = 20,
) -> ReservationList:
    """Newest first; none without a verification as a customer. They are made by proposals of kind `store.reserve`."""
    return service.my_reservations(session, access, language or access.language, limit, clock.now())


@staff_router.get("/stores/{store}/reservations", summary="What a store keeps for shoppers")
def reservations_in(
    session: Reading,
    clock: BusinessClock,
    _agent: Agent,
    store: StoreId,
    state: ReservationState | None = None,
    limit: Limit = 50,
) -> ReservationList:
    """Newest first."""
    return service.reservations_in(session, store, state, limit, clock.now())


@staff_router.post(
    "/reservations/{reservation}/{step}",
    summary="Note that goods lie ready, or were collected",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def hand_out(
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    agent: AgentWriting,
    reservation: Annotated[str, Path(pattern=r"^res_[a-z0-9]{1,64}$")],
    step: Literal["ready", "collected"],
) -> ReservationView:
    """409 when the reservation is over. Noting the same again changes nothing."""
    return service.hand_out(Unit(session, policies, clock, agent.actor, EVERYTHING), reservation, step)
