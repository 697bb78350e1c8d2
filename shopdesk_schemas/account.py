"""What the CRM says of a shopper's own account, and how a one-time code is asked for and given back.

Amounts are minor units of the currency beside them. What the shop's records do not have is null.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from shopdesk_schemas.content import Schema

CodeChannel = Literal["email", "sms"]


class Profile(Schema):
    """Who the shopper is."""

    name: str | None
    given_name: str | None
    email: str | None
    phone: str | None
    language: str | None
    country: str | None
    gender: str | None
    birth_date: date | None
    registered_at: datetime | None


class AddressView(Schema):
    """One address of the book."""

    id: str
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


class AddressBook(Schema):
    """The shopper's addresses, the default first."""

    addresses: list[AddressView]


class PaymentMethodView(Schema):
    """A saved way to pay. Never more of a card than its brand and last four digits."""

    id: str
    kind: Literal["card", "wallet", "gift_card", "bank"]
    brand: str | None
    last4: str | None
    balance_minor: int | None = Field(description="Of a gift card.")
    currency: str | None
    is_default: bool


class PaymentMethodList(Schema):
    """The shopper's saved ways to pay, the default first."""

    payment_methods: list[PaymentMethodView]


class ConsentView(Schema):
    """What the shopper said about a purpose."""

    purpose: str
    channel: str | None
    granted: bool
    at: datetime
    origin: str | None


class Consents(Schema):
    """What holds now, and all that was ever said, newest first."""

    present: list[ConsentView]
    history: list[ConsentView]


class LoyaltyEntryView(Schema):
    """One booking of points."""

    kind: Literal["earned", "redeemed", "expired", "adjusted", "given_back"]
    points: int
    at: datetime
    order_number: str | None
    note: str | None


class TierView(Schema):
    """A tier of the loyalty scheme."""

    key: str
    name: dict[str, str] = Field(description="By language.")
    from_points: int


class Loyalty(Schema):
    """Points and tier."""

    balance: int = Field(description="The sum of all bookings.")
    counted: int = Field(description="Points earned in the time that decides the tier.")
    tier: TierView | None
    next_tier: TierView | None
    points_to_next: int | None
    entries: list[LoyaltyEntryView] = Field(description="Newest first.")


class PreferenceView(Schema):
    """What the shopper said in passing, in their words."""

    topic: Literal["size", "colour", "diet", "interest", "dislike", "other"]
    words: str
    at: datetime


class PreferenceList(Schema):
    """The newest first."""

    preferences: list[PreferenceView]


class ReviewView(Schema):
    """What the shopper wrote of a product."""

    id: str
    product: str = Field(description="Its external id.")
    title: str | None
    rating: int
    words: str | None
    state: Literal["pending", "published", "hidden"]
    changed_at: datetime


class ReviewList(Schema):
    """The newest first."""

    reviews: list[ReviewView]


class VoucherView(Schema):
    """A voucher. `usable` is whether it can be used now; where not, `reason` says why."""

    code: str
    kind: Literal["amount", "percent", "free_shipping"]
    percent: int | None
    amount_minor: int | None
    currency: str | None
    minimum_order_minor: int | None
    categories: list[str] = Field(description="For goods of these only; for all when empty.")
    valid_from: datetime | None
    valid_until: datetime | None
    usable: bool
    reason: Literal["used", "void", "expired", "not_yet_valid"] | None
    used_at: datetime | None
    order_number: str | None


class VoucherList(Schema):
    """The shopper's vouchers: those that can be used first, of these the soonest to end."""

    vouchers: list[VoucherView]


class CodeRequest(Schema):
    """Where to send a one-time code."""

    channel: CodeChannel
    to: str = Field(min_length=3, max_length=254, pattern=r"^[^\x00-\x1f]+$", description="An e-mail address or phone.")


class CodeSent(Schema):
    """The same whether or not the shop knows the address."""

    channel: CodeChannel
    expires_at: datetime
    digits: int


class CodeConfirmation(Schema):
    """The code, as the shopper types it."""

    code: str = Field(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f]+$")


class ContactProven(Schema):
    """A new contact that has taken effect."""

    fields: list[str] = Field(description="`email` or `phone`.")
