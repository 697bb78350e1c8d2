"""Stores as shoppers see them: where they are, when they are open, and what lies there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import Access
from crm_backend.orders.models import Order
from crm_backend.products.translations import ordered_options, product_name
from crm_backend.stores import hours, places, repository, reservations
from crm_backend.stores.models import HELD, Store
from crm_backend.stores.names import store_name
from crm_backend.stores.places import Near, Whereabouts
from crm_backend.stores.reservations import Listed
from shopdesk_schemas.problems import Conflict, NotFound
from shopdesk_schemas.stores import (
    OpeningDay,
    OpeningSpan,
    ReservationList,
    ReservationView,
    StockLine,
    StoreList,
    StoreStock,
    StoreView,
    StoreWeek,
)

WEEK_DAYS = 7


def list_stores(
    session: ReadSession,
    where: Whereabouts | None,
    *,
    sku: str | None,
    only_with_stock: bool,
    open_now: bool,
    language: str | None,
    limit: int,
    now: datetime,
) -> StoreList:
    """The stores, the nearest first where it is known where somebody is; with what each has of a SKU.

    Raises NotFound for nothing: a SKU that no store holds gives stores without it, or none.
    """
    stores = repository.all_stores(session)
    near = _near(session, stores, where)
    held = repository.quantities(session, sku) if sku is not None else None
    views = []
    for store, distance in near.stores if near else [(store, None) for store in stores]:
        quantity = None if held is None else held.get(store.id, 0)
        if only_with_stock and not quantity:
            continue
        told = view(store, language, now, distance_km=distance, quantity=quantity)
        if open_now and not told.open_now:
            continue
        views.append(told)
        if len(views) == limit:
            break
    return StoreList(stores=views, near=near.basis if near else None)


def _near(session: ReadSession, stores: Sequence[Store], where: Whereabouts | None) -> Near | None:
    if where is None:
        return None
    near = places.nearest(stores, where)
    if near.basis in {"unknown", "country"} and where.city is not None:
        known = repository.commonest_place(session, where.city)
        if known is not None:
            postcode, region, country = known
            better = places.nearest(
                stores, Whereabouts(postcode=postcode, region=region, country=where.country or country)
            )
            if better.basis != "unknown":
                return better
    return near


def of_shopper(session: ReadSession, access: Access) -> Whereabouts | None:
    """Where the shopper's parcels go: their home address, or that of the order they proved. None for nobody.

    A proof of one order opens no more than roughly where it goes: the place is used and not told.
    """
    if access.customer_id is not None and (home := repository.home_of(session, access.customer_id)) is not None:
        return Whereabouts(postcode=home.postcode, city=home.city, region=home.region, country=home.country)
    if access.order_id is not None:
        order = session.get(Order, access.order_id)
        if order is not None:
            return Whereabouts(postcode=order.postcode, city=order.city, region=order.region, country=order.country)
    return None


def week(session: ReadSession, external_id: str, language: str | None, now: datetime) -> StoreWeek:
    """A store and its hours on seven days from today. Raises NotFound."""
    store = _store(session, external_id)
    zone = ZoneInfo(store.timezone)
    today = now.astimezone(zone).date()
    return StoreWeek(
        store=view(store, language, now),
        days=[
            _day(hours.day(store.opening_hours, today + timedelta(days=offset), zone)) for offset in range(WEEK_DAYS)
        ],
    )


def stock(session: ReadSession, external_id: str, sku: str | None, language: str | None) -> StoreStock:
    """What can be had in a store. Raises NotFound."""
    store = _store(session, external_id)
    return StoreStock(
        store=store.external_id,
        name=store_name(store, language),
        stock=[
            StockLine(
                sku=held.sku,
                name=product_name(product, language),
                options=ordered_options({}, variant, language),
                quantity=max(held.quantity - held.reserved, 0),
            )
            for held, variant, product in repository.stock_in(session, store, sku)
        ],
    )


def _store(session: ReadSession, external_id: str) -> Store:
    store = repository.find_store(session, external_id)
    if store is None:
        raise NotFound
    return store


def view(
    store: Store,
    language: str | None,
    now: datetime,
    *,
    distance_km: float | None = None,
    quantity: int | None = None,
) -> StoreView:
    """One store at the business time `now`."""
    zone = ZoneInfo(store.timezone)
    known = hours.are_known(store.opening_hours)
    standing = hours.standing(store.opening_hours, zone, now)
    return StoreView(
        external_id=store.external_id,
        name=store_name(store, language),
        line1=store.line1,
        city=store.city,
        region=store.region,
        postcode=store.postcode,
        country=store.country,
        latitude=store.latitude,
        longitude=store.longitude,
        phone=store.phone,
        timezone=store.timezone,
        hours_known=known,
        open_now=standing.open_now if known else None,
        closes_at=standing.closes_at,
        opens_at=standing.opens_at,
        today=_day(hours.day(store.opening_hours, now.astimezone(zone).date(), zone)),
        distance_km=None if distance_km is None else round(distance_km, 1),
        quantity=quantity,
    )


def _day(day: hours.Day) -> OpeningDay:
    return OpeningDay(
        day=day.day,
        holiday=day.holiday,
        spans=[OpeningSpan(opens_at=span.opens_at, closes_at=span.closes_at) for span in day.spans],
    )


def reservation_view(listed: Listed, language: str | None, now: datetime) -> ReservationView:
    """A reservation; one whose time is up is told as expired, whether or not the goods are back on the shelf yet."""
    reservation, store, variant, product = listed
    over = reservation.state in HELD and reservation.hold_until <= now
    return ReservationView.model_validate(
        {
            "id": reservation.public_id,
            "store": store.external_id,
            "store_name": store_name(store, language),
            "sku": reservation.sku,
            "name": product_name(product, language),
            "options": ordered_options({}, variant, language) if variant is not None else {},
            "quantity": reservation.quantity,
            "state": "expired" if over else reservation.state,
            "hold_until": reservation.hold_until,
            "timezone": store.timezone,
            "created_at": reservation.created_at,
        }
    )


def my_reservations(
    session: ReadSession, access: Access, language: str | None, limit: int, now: datetime
) -> ReservationList:
    """The shopper's own, newest first."""
    return ReservationList(
        reservations=[
            reservation_view(listed, language, now) for listed in reservations.of_customer(session, access, limit)
        ]
    )


def reservations_in(
    session: ReadSession, external_id: str, state: str | None, limit: int, now: datetime
) -> ReservationList:
    """Those of a store, for its people. Raises NotFound."""
    store = _store(session, external_id)
    return ReservationList(
        reservations=[
            reservation_view(listed, None, now) for listed in reservations.in_store(session, store, state, limit)
        ]
    )


def hand_out(unit: Unit, public_id: str, step: Literal["ready", "collected"]) -> ReservationView:
    """Note that goods are put aside, or that they were fetched; noting it again changes nothing.

    Raises NotFound, and Conflict for a reservation that is over.
    """
    reservation = reservations.find(unit.session, public_id)
    if reservation is None:
        raise NotFound
    if reservation.state != step:
        if reservation.state not in HELD or reservation.hold_until <= unit.now:
            raise Conflict("the reservation is over")
        if step == "collected":
            reservations.settle(unit.session, reservation, "collected", unit.now)
        else:
            reservation.state = "ready"
            reservation.version += 1
        unit.audit(f"store.reservation_{step}", "reservation", public_id)
    unit.session.flush()
    return reservation_view(reservations.with_names(unit.session, reservation), None, unit.now)
