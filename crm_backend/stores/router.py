"""`/stores`: what anybody may know of stores; `/shopper/{conversation_id}/stores`: the same by the shopper's home."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from crm_backend.dependencies import BusinessClock, Reading, RequestedLanguage
from crm_backend.identity.access import ShopperAccess
from crm_backend.stores import service
from crm_backend.stores.places import Point, Whereabouts
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound
from shopdesk_schemas.stores import StoreList, StoreStock, StoreWeek
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/stores", tags=["stores"])
shopper_router = APIRouter(prefix="/shopper/{conversation_id}/stores", tags=["stores"])

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


@shopper_router.get("", summary="Stores near the shopper's home")
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
