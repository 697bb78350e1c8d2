"""The shop's rules about changes as data: what the assistant speaks from before anything is asked for.

What is refused or offered for one order is told by proposals and `returnable`; these are the rules behind it. Rules of
review and other guards are not among them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shopdesk_schemas.content import Schema

Amounts = dict[str, int]
"""Minor units by currency."""


class CancellationRules(Schema):
    """`order.cancel`."""

    allowed_states: list[str]
    within_hours: int | None
    after_dispatch: Literal["refuse", "intercept"]
    partial: bool
    reasons: list[str]
    reason_required: bool
    refund_targets: list[str]
    refund_shipping: Literal["never", "whole_order", "always"]
    refund_days: int
    address_states: list[str]
    address_within_country: bool


class ModificationRules(Schema):
    """`order.modify` and `order.payment`."""

    allowed_states: list[str]
    items_once_only: bool
    address_after_items: bool
    keeps_discount: bool
    payment_states: list[str]


class ReturnTermsView(Schema):
    """What holds for some goods; in a rule, null is "as otherwise"."""

    returnable: bool | None
    exchangeable: bool | None
    window_days: int | None
    window_start: Literal["delivered", "handed_over", "placed"] | None
    condition: Literal["any", "as_new", "unopened"] | None
    freight: Literal["shop", "shopper"] | None
    freight_minor: Amounts | None
    freight_insured_minor: Amounts | None
    restocking_per_mille: int | None
    refund_shipping: Literal["never", "whole_order"] | None
    methods: list[Literal["label", "pickup", "own", "store"]] | None
    law: str | None


class ReturnRuleView(Schema):
    """Other terms for some: a list that is empty stands for all. Later rules come before earlier ones."""

    markets: list[str]
    categories: list[str]
    reasons: list[str]
    terms: ReturnTermsView


class ExchangeRules(Schema):
    """`return.exchange`."""

    once_only: bool
    keeps_discount: bool
    ship: Literal["at_once", "received", "inspected"]


class WarrantyRules(Schema):
    """Repairs."""

    days: int
    days_by_category: dict[str, int]
    reasons: list[str]


class ReturnRules(Schema):
    """`return.…`."""

    reasons: list[str]
    faults: list[str]
    terms: ReturnTermsView
    rules: list[ReturnRuleView]
    refund_targets: list[str]
    refund_when: Literal["approved", "received", "inspected"]
    refund_days: int
    refund_days_by_method: dict[str, int]
    refund_in_instalments: bool
    send_within_days: int
    exchange: ExchangeRules
    warranty: WarrantyRules


class ClaimRules(Schema):
    """One kind of claim about a parcel."""

    resolutions: list[Literal["trace", "refund", "resend"]]
    after_days: int
    within_days: int
    evidence: Literal["none", "photo"]
    compensation_minor: Amounts


class ClaimsRules(Schema):
    """`shipment.claim` and `shipment.chase`."""

    late: ClaimRules
    lost: ClaimRules
    damaged: ClaimRules
    missing_item: ClaimRules
    wrong_item: ClaimRules
    not_received: ClaimRules
    refund_targets: list[str]
    refund_shipping: Literal["never", "whole_order"]
    chase_every_hours: int


class PriceProtectionRules(Schema):
    """`payment.price_protection`."""

    enabled: bool
    window_days: int
    window_start: Literal["placed", "delivered"]
    price: Literal["present", "lowest"] = Field(description="Today's price, or the lowest since the purchase.")
    keeps_discount: bool
    minimum_minor: Amounts
    excluded_categories: list[str]
    refund_targets: list[str]


class VoucherRules(Schema):
    """`payment.voucher`."""

    give_back: Literal["never", "whole_order"]
    extend_days: int
    apply_afterwards: Literal["refund", "person", "never"]
    apply_within_days: int


class PointRules(Schema):
    """`payment.points`."""

    give_back: Literal["never", "whole_order", "in_proportion"]


class PaymentRules(Schema):
    """How the shop is paid, and the kinds called `payment.…`."""

    accepted: dict[str, list[str]] = Field(default_factory=dict, description="Ways to pay, each with its brands.")
    price_protection: PriceProtectionRules
    vouchers: VoucherRules
    points: PointRules


class ShippingRateView(Schema):
    """What sending costs to some countries; to all that no other rate names where the list is empty."""

    countries: list[str] = Field(description="ISO 3166-1 alpha-2.")
    charge_minor: Amounts
    free_from_minor: Amounts = Field(description="From goods worth so much on, sending is free.")
    days: list[int] | None = Field(description="How many working days it usually takes: from, to.")


class ShippingRules(Schema):
    """What sending costs; without a rate the shop's own system adds it."""

    rates: list[ShippingRateView]


class InvoiceRules(Schema):
    """`invoice.request` and `invoice.correct`: tax invoices (发票)."""

    offered: bool
    types: list[str] = Field(description="To whom they are made out: personal, company.")
    window_days: int = Field(description="So long after the order one can be asked for.")
    corrections: int
    correction_days: int


class AccountPlaces(Schema):
    """Where the shop's own site deals with accounts; null where that is not told."""

    register_url: str | None
    sign_in_url: str | None
    password_url: str | None


class KindTerms(Schema):
    """How one kind of change is asked for."""

    level: Literal["none", "order", "customer"] = Field(description="The verification that a shopper needs.")
    no_confirmation: bool
    expires_after_minutes: int
