"""What the CRM says of the shop's stores: `/stores`, and `/shopper/{conversation_id}/stores` and `…/reservations`.

Times of day are local to the store's `timezone`; instants are UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from shopdesk_schemas.content import Schema

ReservationState = Literal["reserved", "ready", "collected", "expired", "cancelled"]


class OpeningSpan(Schema):
    """From when to when a store is open."""

    opens_at: datetime
    closes_at: datetime


class OpeningDay(Schema):
    """One day of a store, by the store's own calendar."""

    day: date
    holiday: bool = Field(description="The store has other hours than on that weekday, or none.")
    spans: list[OpeningSpan] = Field(
        description="Those that begin on this day; one may end on the next. Empty: closed."
    )


class StoreView(Schema):
    """A store, and whether it is open."""

    external_id: str
    name: str
    line1: str | None
    city: str | None
    region: str | None
    postcode: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    phone: str | None
    timezone: str
    hours_known: bool
    open_now: bool | None = Field(description="Null where the hours are not known.")
    closes_at: datetime | None = Field(description="When it closes, while it is open.")
    opens_at: datetime | None = Field(description="When it opens next, while it is closed.")
    today: OpeningDay
    distance_km: float | None = Field(default=None, description="As the crow flies; null where it cannot be told.")
    quantity: int | None = Field(default=None, description="Of the variant that was asked about, without what is kept.")


class StoreList(Schema):
    """Stores, the nearest first where a place was given."""

    stores: list[StoreView]
    near: Literal["coordinates", "postcode", "city", "region", "country", "unknown"] | None = Field(
        default=None,
        description="What the place was found by. `region` and `country` give no distances; `unknown`: stores by name.",
    )


class StoreWeek(Schema):
    """A store with its hours on the days to come."""

    store: StoreView
    days: list[OpeningDay]


class StockLine(Schema):
    """How many of a variant can be had."""

    sku: str
    name: str | None
    options: dict[str, str]
    quantity: int


class StoreStock(Schema):
    """What can be had in a store."""

    store: str
    name: str
    stock: list[StockLine]


class ReservationView(Schema):
    """Goods kept in a store."""

    id: str
    store: str
    store_name: str
    sku: str
    name: str | None
    options: dict[str, str]
    quantity: int
    state: ReservationState
    hold_until: datetime
    timezone: str = Field(description="Of the store, to word times in.")
    created_at: datetime


class ReservationList(Schema):
    """A shopper's reservations, newest first."""

    reservations: list[ReservationView]
