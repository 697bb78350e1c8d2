"""What a shopper's words can mean: the CRM's orders, lines, variants, stores, addresses and ways to pay.

Plain values. An action fills them from the CRM's answers and hands them to the resolver. Words come with them (titles, option names
and values, categories, labels) in whatever languages the shop keeps; the resolver knows no shop's words of its own.
Money is in minor units of its currency, moments are in UTC, days are the shop's.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

OrderState = Literal["open", "shipped", "delivered", "cancelled", "returned"]
"""How far an order is, as coarse as shoppers speak: `open` is not handed to a carrier yet."""


@dataclass(frozen=True, slots=True)
class LineCandidate:
    """One line of an order.

    `titles` and `categories` hold the names in every language the shop has. `options` are shown as
    `{"colour": "Blue"}`; `other_options` hold the same options in the other languages, in the same order.
    `quantity` was ordered, `open_quantity` of it can still be changed (as many as ordered when not given).
    """

    order: str
    line_number: int
    titles: Sequence[str]
    sku: str | None = None
    product: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    other_options: Sequence[Mapping[str, str]] = ()
    quantity: int = 1
    open_quantity: int | None = None
    unit_price_minor: int | None = None
    delivered_on: date | None = None
    categories: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The order's number and the line's, which no other line has."""
        return f"{self.order}/{self.line_number}"

    @property
    def changeable(self) -> int:
        """How many of the line can still be changed."""
        return self.quantity if self.open_quantity is None else self.open_quantity


@dataclass(frozen=True, slots=True)
class OrderCandidate:
    """One order of the shopper. `cities` and `labels` name where it goes, in case they are spoken of."""

    number: str
    placed_on: date
    state: OrderState
    total_minor: int
    currency: str
    lines: Sequence[LineCandidate] = ()
    delivered_on: date | None = None
    labels: Sequence[str] = ()

    @property
    def key(self) -> str:
        """The order's number."""
        return self.number


@dataclass(frozen=True, slots=True)
class VariantCandidate:
    """One variant of a product: what a line can be exchanged for, or a product of a search result.

    `facts` are further things that can be spoken of (material, weight, length …), name to value.
    """

    sku: str
    titles: Sequence[str]
    product: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    other_options: Sequence[Mapping[str, str]] = ()
    price_minor: int | None = None
    available: bool = True
    categories: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The stock code."""
        return self.sku


@dataclass(frozen=True, slots=True)
class StoreCandidate:
    """One store. `distance_metres` is from where the shopper is, when that is known."""

    code: str
    names: Sequence[str]
    city: str = ""
    district: str = ""
    street: str = ""
    postcode: str = ""
    distance_metres: int | None = None

    @property
    def key(self) -> str:
        """The store's code."""
        return self.code


@dataclass(frozen=True, slots=True)
class AddressCandidate:
    """One address: of the address book, of an order, or just typed (`source` is `typed`).

    `orders` are the numbers of the orders that go there. A field that is not known is empty, never made up.
    """

    key: str
    lines: Sequence[str] = ()
    city: str = ""
    district: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    recipient: str = ""
    phone: str = ""
    label: str = ""
    is_default: bool = False
    orders: Sequence[str] = ()
    source: Literal["book", "order", "typed"] = "book"


PaymentKind = Literal["card", "wallet", "bank_transfer", "gift_card", "store_credit", "points", "instalments", "cash"]


@dataclass(frozen=True, slots=True)
class PaymentMethodCandidate:
    """One way to pay: a saved one, or a way that the shop offers.

    `brand` is what is printed on it (`Visa`, `PayPal`, `微信支付`); `last4` the card's last digits. `orders` are the
    numbers of the orders that were paid with it, the latest order last.
    """

    key: str
    kind: PaymentKind
    brand: str = ""
    last4: str = ""
    labels: Sequence[str] = ()
    is_default: bool = False
    orders: Sequence[str] = ()
