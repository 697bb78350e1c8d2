"""What the shop's systems send in bulk, and what they are told of each item."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, NaiveDatetime, model_validator

from crm_backend.pipeline.canonical.columns import DEFAULT_SOURCE
from crm_backend.pipeline.canonical.orders import SCAN_EVENTS
from crm_backend.policies.section import Zone
from shopdesk_schemas.problems import Problem

ITEMS_AT_MOST = 1000
"""In one call: more are sent in several."""

CollectedKind = Literal[
    "customers", "products", "variants", "stores", "stock", "orders", "shipments", "stock_movements"
]
EventKind = Literal[
    "order_placed",
    "order_paid",
    "order_packed",
    "carrier_scan",
    "delivered",
    "returned",
    "page_visit",
    "store_visit",
]
ItemOutcome = Literal["inserted", "updated", "unchanged", "rejected"]

_SCAN_CODES = SCAN_EVENTS.by_name["code"].choices
_OF_ORDERS = frozenset({"order_placed", "order_paid", "order_packed", "carrier_scan", "delivered", "returned"})
_OF_PARCELS = frozenset({"carrier_scan", "delivered", "returned"})

Source = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Reference = Annotated[str, Field(min_length=1, max_length=200)]


class RecordsIn(BaseModel):
    """Records of one kind. Each has the columns of the canonical format under their names.

    What belongs to a record lies inside it in lists: `addresses` and `payment_methods` of customers, `variants` of
    products, `stock` of stores; `order_lines`, `payments`, `refunds` and `shipments` of orders; `shipment_lines` and
    `scan_events` of shipments. A list that is given is the whole of it, one that is left out says nothing.
    """

    model_config = ConfigDict(extra="forbid")

    source: Source = Field(default=DEFAULT_SOURCE, description="The system they come from: the namespace of their ids.")
    timezone: Zone | None = Field(default=None, description="IANA zone of times without an offset.")
    records: Annotated[list[dict[str, JsonValue]], Field(min_length=1, max_length=ITEMS_AT_MOST)]


class EventsIn(BaseModel):
    """Things that happened."""

    model_config = ConfigDict(extra="forbid")

    source: Source = Field(default=DEFAULT_SOURCE, description="The system they come from: the namespace of their ids.")
    timezone: Zone | None = Field(default=None, description="IANA zone of times without an offset.")
    events: Annotated[list[dict[str, JsonValue]], Field(min_length=1, max_length=ITEMS_AT_MOST)]


class EventIn(BaseModel):
    """One thing that happened, named by an id that is its own in `source`."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    external_id: Reference
    kind: EventKind
    at: AwareDatetime | NaiveDatetime
    customer_external_id: Reference | None = None
    order_external_id: Reference | None = None
    shipment_external_id: Reference | None = None
    store_external_id: Reference | None = None
    code: str | None = Field(default=None, description="Of a carrier scan: what happened.")
    place: Annotated[str, Field(max_length=500)] | None = None
    description: Annotated[str, Field(max_length=2000)] | None = None
    details: dict[str, JsonValue] = {}

    @model_validator(mode="after")
    def _names_what_it_is_about(self) -> Self:
        if self.kind in _OF_ORDERS and self.order_external_id is None:
            raise ValueError("order_external_id is missing")
        if self.kind in _OF_PARCELS and self.shipment_external_id is None:
            raise ValueError("shipment_external_id is missing")
        if self.kind == "store_visit" and self.store_external_id is None:
            raise ValueError("store_external_id is missing")
        if self.kind == "carrier_scan" and self.code not in _SCAN_CODES:
            raise ValueError(f"code is none of {', '.join(_SCAN_CODES)}")
        if self.kind != "carrier_scan" and self.code is not None:
            raise ValueError("code is for carrier scans only")
        return self


class ItemResult(BaseModel):
    """What became of one item."""

    index: int = Field(description="Its place in the list, from 0.")
    external_id: str | None
    outcome: ItemOutcome
    problem: Problem | None = Field(default=None, description="Why it was rejected; nothing of it was written.")


class Receipt(BaseModel):
    """What became of all of them."""

    inserted: int
    updated: int
    unchanged: int
    rejected: int
    cleaned: dict[str, int] = Field(description="Times each cleaning rule changed a value.")
    items: list[ItemResult]
