"""Rules of money questions: price protection, charges nobody can explain, vouchers and points that went wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crm_backend.policies.cancellation import RefundTarget
from crm_backend.policies.section import Section, Text, not_repeated

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class PriceProtection(Section):
    """The rules of `payment.price_protection`: a price that fell after the purchase is made good (价保)."""

    enabled: bool = False
    window_days: Annotated[int, Field(ge=0, le=365)] = Field(
        default=7, description="Whole days after the day on which the window starts, in the order's time zone."
    )
    window_start: Literal["placed", "delivered"] = "placed"
    price: Literal["present", "lowest"] = Field(
        default="present", description="What is compared: today's price, or the lowest since the purchase."
    )
    keeps_discount: bool = Field(
        default=False,
        description="The lower price is discounted as the order was; otherwise it is compared with what was paid.",
    )
    minimum_minor: dict[Currency, Annotated[int, Field(ge=1)]] = Field(
        default={}, description="By currency: smaller differences of a whole request are not made good."
    )
    excluded_categories: Annotated[list[Text], AfterValidator(not_repeated)] = Field(
        default=[], description="As the catalogue names them, in any of its languages."
    )
    refund_targets: Annotated[list[RefundTarget], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["original"], description="What the shopper can choose; the first when they do not."
    )


class Vouchers(Section):
    """The rules of `payment.voucher`."""

    give_back: Literal["never", "whole_order"] = Field(
        default="whole_order", description="Whether a used voucher is good again once nothing is left of its order."
    )
    extend_days: Annotated[int, Field(ge=0, le=365)] = Field(
        default=0, description="How long a voucher that has run out meanwhile is good again, in days; 0: it is not."
    )
    apply_afterwards: Literal["refund", "person", "never"] = Field(
        default="person", description="What is done about a voucher that would have counted and was not applied."
    )
    apply_within_days: Annotated[int, Field(ge=0, le=365)] = 14


class Points(Section):
    """The rules of `payment.points`."""

    give_back: Literal["never", "whole_order", "in_proportion"] = Field(
        default="in_proportion",
        description="Whether redeemed points come back with goods that are cancelled or returned.",
    )


class Charges(Section):
    """The rules of `payment.query`."""

    double_charge: Literal["refund", "person"] = Field(
        default="refund", description="What is done about an order that was paid twice."
    )


class Payments(Section):
    """How the shop is paid, and the rules of the kinds of change called `payment.…`."""

    accepted: dict[Literal["card", "wallet", "bank", "gift_card", "invoice", "cash_on_delivery"], list[Text]] = Field(
        default={}, description="Ways to pay, each with its brands; empty: not told."
    )

    price_protection: PriceProtection = PriceProtection()
    vouchers: Vouchers = Vouchers()
    points: Points = Points()
    charges: Charges = Charges()
