"""What the CRM tells agents of chains of events, stock and carriers (`/staff/…`). Instants are UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from shopdesk_schemas.content import Schema


class LogEvent(Schema):
    """One thing that happened. `recorded` is false for what the record says beside its events (placed, paid …)."""

    at: datetime | None = Field(
        description="Null where the source does not know; the order is still that of happening."
    )
    code: str
    place: str | None
    description: str | None
    recorded: bool
    late: bool = Field(description="It came after what was promised for it.")


class LogGap(Schema):
    """A time in which nothing was heard, longer than the shop's policy allows."""

    since: datetime
    until: datetime
    hours: float
    open: bool = Field(description="It lasts: nothing has been heard up to now.")


class Breach(Schema):
    """A promise that was not kept."""

    promise: Literal["ship_by", "delivery", "arrival"]
    promised: datetime = Field(description="The last moment at which it would have been kept.")
    kept_at: datetime | None = Field(description="When it was kept after all; null while it is not.")
    hours_late: float


class EventLog(Schema):
    """The chain of events of a parcel or purchase order between two times, oldest first."""

    kind: Literal["shipment", "purchase_order"]
    reference: str
    state: str
    promised_on: date | None
    timezone: str
    events: list[LogEvent]
    gaps: list[LogGap] = Field(description="Those that touch the time that was asked about.")
    breaches: list[Breach] = Field(description="All there are, whatever time was asked about.")


class CarrierPerformance(Schema):
    """How one carrier did with the parcels handed over in a time."""

    carrier: str | None = Field(description="Null: parcels of which nobody knows who carries them.")
    parcels: int
    delivered: int
    on_time: int = Field(description="Of those delivered with a promise.")
    late: int = Field(description="Delivered after their day, or past it and not delivered.")
    exceptions: int
    on_time_share: float | None = Field(description="Of those that can be judged; null when none can.")
    median_days: float | None = Field(description="From handing over to delivery.")


class CarrierList(Schema):
    """Carriers, the one with most parcels first."""

    carriers: list[CarrierPerformance]


class LocationStock(Schema):
    """What lies in one place."""

    store: str
    name: str
    quantity: int
    reserved: int
    available: int


class Movement(Schema):
    """Goods that came or went for another reason than a sale."""

    quantity: int = Field(description="Signed.")
    reason: str | None
    store: str | None
    moved_at: datetime


class OnOrder(Schema):
    """Goods that are on their way from a supplier."""

    purchase_order: str
    supplier: str | None
    quantity: int = Field(description="Ordered and not yet received.")
    promised_on: date | None


class SkuStock(Schema):
    """All that is known of the stock of one SKU."""

    sku: str
    locations: list[LocationStock]
    available: int
    on_order: list[OnOrder]
    movements: list[Movement] = Field(description="Newest first.")


class LeadTimeView(Schema):
    """How long goods take from the supplier, in days."""

    days: float
    spread_days: float = Field(description="Standard deviation.")
    known_from: Literal["sku", "supplier", "promise", "policy"] = Field(
        description="Deliveries of this article, all deliveries of its supplier, what the supplier promises, or the "
        "shop's policy."
    )
    deliveries: int = Field(description="How many it was reckoned from; 0 for a promise.")


class ReorderSuggestion(Schema):
    """One article in one place: how long it lasts, and what to order. Quantities are units."""

    sku: str
    store: str
    store_name: str
    available: int
    on_order: int
    demand_per_day: float
    demand_spread: float = Field(description="Standard deviation of a day's demand.")
    demand_days: int = Field(description="Over how many days, those without demand too.")
    cover_days: float | None = Field(description="How long what is available lasts; null without demand.")
    lead_time: LeadTimeView
    supplier: str | None = Field(description="The latest; null where no purchase order names one.")
    safety_stock: int
    reorder_point: int = Field(description="Due when available and on order together are no more than this.")
    order_up_to: int
    due: bool
    quantity: int = Field(description="What to order now; 0 while it is not due.")
    order_on: date | None = Field(description="When it is due at this pace; null without demand.")


class ReorderList(Schema):
    """What to order again, the most urgent first."""

    since: datetime = Field(description="Demand was counted from here …")
    until: datetime = Field(description="… to here.")
    service_level: float
    suggestions: list[ReorderSuggestion]
