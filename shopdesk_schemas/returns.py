"""Returns as shoppers and agents see them. Amounts are minor units of `currency`, instants UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field, JsonValue

from shopdesk_schemas.content import Schema

ReturnState = Literal[
    "requested",
    "approved",
    "in_transit",
    "received",
    "inspected",
    "refunded",
    "exchanged",
    "repaired",
    "rejected",
    "cancelled",
]
ReturnKind = Literal["refund", "exchange", "repair"]
ReturnMethod = Literal["label", "pickup", "own", "store"]
FoundCondition = Literal["as_new", "opened", "used", "damaged", "wrong_item", "missing"]


class ReasonVerdict(Schema):
    """What the rules say when goods come back for one reason."""

    reason: str
    allowed: bool
    rule: str | None = Field(description="The rule that forbids it.")
    until: datetime | None = Field(description="The end of the window, open or over.")
    freight: Literal["shop", "shopper"] = Field(description="Who pays for the way back.")
    condition: Literal["any", "as_new", "unopened"]
    methods: list[ReturnMethod]
    restocking_per_mille: int
    law: str | None
    repair_until: datetime | None = Field(description="Where it is too late to return, but under warranty.")


class ReturnableLine(Schema):
    """One line with goods."""

    line_number: int
    sku: str | None
    title: str | None
    options: dict[str, str]
    quantity: int = Field(description="How many the shopper has and could give back, were it allowed.")
    allowed: bool = Field(description="For at least one reason.")
    rule: str | None = Field(description="Where it is not: the rule for the shop's first reason.")
    until: datetime | None = Field(description="The latest moment, of the reasons for which it is allowed.")
    exchangeable: bool
    reasons: list[ReasonVerdict]


class Returnable(Schema):
    """What of an order can come back."""

    order_number: str
    lines: list[ReturnableLine]


class ReturnLineView(Schema):
    """One line of a return."""

    line_number: int
    sku: str | None
    title: str | None
    quantity: int
    reason: str
    worth_minor: int = Field(description="What was paid for these.")
    accepted_quantity: int | None = Field(description="By the inspection; null before it.")
    new_sku: str | None = Field(description="Of an exchange: what comes instead.")
    new_options: dict[str, str]
    new_total_minor: int | None


class InstalmentView(Schema):
    """One part of a refund that goes back in parts."""

    amount_minor: int
    expected_on: date | None = Field(description="By when it should be there; null until the refund was sent.")


class ReturnRefundView(Schema):
    """Money for a return."""

    amount_minor: int
    currency: str
    state: Literal["requested", "pending", "paid", "failed"]
    target: str | None
    method: str | None
    brand: str | None
    last4: str | None
    requested_at: datetime | None
    paid_at: datetime | None
    expected_on: date | None = Field(description="By when it should be there.")
    instalments: list[InstalmentView] = Field(description="Where it goes back in parts; else empty.")


class ReturnView(Schema):
    """A return as its shopper sees it."""

    number: str
    order_number: str
    kind: ReturnKind
    state: ReturnState
    reason: str
    law: str | None
    condition: str
    method: ReturnMethod
    carrier: str | None
    tracking_number: str | None
    send_by: datetime | None
    currency: str
    goods_minor: int
    shipping_minor: int
    restocking_minor: int
    freight_minor: int
    insured_minor: int
    refund_minor: int
    charge_minor: int
    target: str | None
    requested_at: datetime
    approved_at: datetime | None
    sent_at: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    closed_at: datetime | None
    lines: list[ReturnLineView]
    refunds: list[ReturnRefundView]


class ReturnList(Schema):
    """A shopper's returns, newest first."""

    returns: list[ReturnView]


class StaffReturnView(ReturnView):
    """A return as agents see it."""

    id: str
    signals: dict[str, JsonValue] = Field(description="Why a person should look at it. Never for shoppers.")
    version: int


class StaffReturnList(Schema):
    """Returns to see to."""

    returns: list[StaffReturnView]


class InspectedLine(Schema):
    """What was found of one line."""

    line_number: int = Field(ge=1, le=1_000_000)
    accepted_quantity: int = Field(ge=0, le=1_000_000)
    condition: FoundCondition


class Inspection(Schema):
    """What was found in the parcel. A line that is not named is accepted as new."""

    lines: list[InspectedLine] = Field(default_factory=list, max_length=500)
