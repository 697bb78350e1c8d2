"""One person as staff see them: the answers of `GET /staff/customers/{external_id}`, and who a conversation is with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from shopdesk_schemas.crm import VerificationLevel
from shopdesk_schemas.segments import CustomerInsight


class MemberView(BaseModel):
    """A customer of one channel, as that channel knows them."""

    source: str
    external_id: str
    name: str | None
    given_name: str | None
    email: str | None
    phone: str | None
    language: str | None
    country: str | None
    gender: str | None
    birth_date: date | None
    registered_at: datetime | None


class ContactView(BaseModel):
    """A way to reach them, and which channels know it."""

    value: str
    sources: list[str]


class CustomerAddress(BaseModel):
    """An address in their book."""

    source: str
    label: str | None
    recipient: str | None
    phone: str | None
    line1: str | None
    line2: str | None
    district: str | None
    city: str | None
    region: str | None
    postcode: str | None
    country: str | None
    is_default: bool


class ConsentView(BaseModel):
    """What they said last about one purpose and channel."""

    source: str
    purpose: str
    channel: str | None
    granted: bool
    at: datetime
    origin: str | None


class SavedMethodView(BaseModel):
    """A way to pay that they saved."""

    source: str
    kind: str
    brand: str | None
    last4: str | None
    balance_minor: int | None
    currency: str | None
    is_default: bool


class CustomerOrder(BaseModel):
    """An order, in short."""

    source: str
    number: str
    kind: str
    sales_channel: str | None
    state: str
    placed_at: datetime
    currency: str
    total_minor: int | None


class CustomerShipment(BaseModel):
    """A parcel of one of the orders."""

    order_number: str
    carrier: str | None
    tracking_number: str | None
    state: str
    handed_over_at: datetime | None
    delivered_at: datetime | None
    promised_on: date | None


class CustomerReturn(BaseModel):
    """A return or exchange of one of the orders."""

    order_number: str
    number: str
    kind: str
    state: str
    reason: str
    refund_minor: int
    currency: str
    requested_at: datetime


class CustomerPayment(BaseModel):
    """Money that came, or was tried, for one of the orders."""

    order_number: str
    method: str
    brand: str | None
    last4: str | None
    amount_minor: int
    currency: str
    state: str
    paid_at: datetime | None


class CustomerRefund(BaseModel):
    """Money that goes or went back for one of the orders."""

    order_number: str
    amount_minor: int
    currency: str
    target: str | None
    state: str
    requested_at: datetime | None
    paid_at: datetime | None


class VisitView(BaseModel):
    """A page or a store that they visited."""

    source: str
    kind: str
    at: datetime
    store_external_id: str | None
    details: dict[str, Any]


class CustomerConversation(BaseModel):
    """A conversation that was verified as theirs."""

    conversation_id: str
    language: str | None
    level: str
    created_at: datetime


class CustomerCase(BaseModel):
    """Something that a person sees or saw to for them."""

    id: str
    kind: str
    state: str
    due_at: datetime
    created_at: datetime
    closed_at: datetime | None


class CustomerView(BaseModel):
    """Everything of one person, over all channels that are known to be theirs."""

    source: str
    external_id: str
    name: str | None
    given_name: str | None
    gender: str | None
    birth_date: date | None
    language: str | None
    country: str | None
    profile_id: str | None = Field(description="Null for whoever is one customer only.")
    members: list[MemberView] = Field(description="The customer asked for first.")
    emails: list[ContactView]
    phones: list[ContactView]
    addresses: list[CustomerAddress]
    consents: list[ConsentView]
    payment_methods: list[SavedMethodView]
    loyalty_points: int
    orders: list[CustomerOrder] = Field(description="Newest first.")
    more_orders: bool = Field(description="There are older ones; what follows is of those listed.")
    shipments: list[CustomerShipment]
    returns: list[CustomerReturn]
    payments: list[CustomerPayment]
    refunds: list[CustomerRefund]
    visits: list[VisitView] = Field(description="The newest first.")
    conversations: list[CustomerConversation] = Field(description="The newest first.")
    cases: list[CustomerCase] = Field(description="The newest first.")
    insight: CustomerInsight | None = Field(description="What the analysis found; null before the first.")


class ConversationCustomer(BaseModel):
    """Who a conversation is verified as: the answer of `GET /staff/conversations/{id}/customer`."""

    level: VerificationLevel = Field(description="What the proof opened: nothing, one order, or the customer's record.")
    method: str | None = Field(description="The proof: a token of the shop, a postcode, a one-time code …")
    verified_at: datetime | None
    expires_at: datetime | None
    valid: bool = Field(description="The verification still holds.")
    account_linked_at: datetime | None = Field(
        default=None, description="Since when the account on a messaging platform that it is held on is the customer's."
    )
    order_number: str | None = Field(description="The order of a level `order`.")
    source: str | None = Field(description="Of the customer; null where there is none, or the order is a guest's.")
    external_id: str | None


class ConversationOutcome(BaseModel):
    """What became of the things that a conversation was about, and who else speaks for the same person."""

    unsolved: Literal["case_open", "change_failed"] | None = Field(
        description="Why it is not solved: a case about it is not closed, or another system failed at a change."
    )
    others: list[str] = Field(description="Other conversations of the same person or order, newest first, at most 100.")
    segments: list[str] = Field(description="Keys of the segments that the person is in.")
    head_starts: dict[str, int] = Field(
        default={}, description="Minutes by which the shop serves a segment's people earlier, of those that have any."
    )
    delivery_trouble: bool = Field(
        default=False, description="A parcel of theirs is stuck, coming back, or not delivered on the day promised."
    )
