"""Who may cancel an order when, and where the money goes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crm_backend.policies.section import Section, not_repeated

OpenState = Literal["created", "approved", "invoiced", "processing", "unavailable"]
"""States of an order of which nothing was handed to a carrier."""

Reason = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]

RefundTarget = Literal["original", "gift_card"]
"""`original`: the ways the order was paid, in proportion · `gift_card`: a gift card or credit of the shop."""


class Cancellation(Section):
    """The rules of `order.cancel` and, for what may still be re-addressed, `order.address`."""

    allowed_states: Annotated[list[OpenState], AfterValidator(not_repeated)] = Field(
        default=["created", "approved", "invoiced", "processing", "unavailable"],
        description="In which states a shopper may cancel.",
    )
    within_hours: Annotated[int, Field(ge=1, le=365 * 24)] | None = Field(
        default=None, description="Only so long after the order was placed; any time before dispatch when not given."
    )
    after_dispatch: Literal["refuse", "intercept"] = Field(
        default="refuse",
        description="What is tried for goods already with the carrier: nothing, or stopping the parcel.",
    )
    partial: bool = Field(default=True, description="Whether single lines, or some of a line, can be cancelled.")
    once_only: bool = Field(default=False, description="An order that was changed or cancelled in part is left alone.")
    reasons: Annotated[list[Reason], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["changed_mind", "ordered_by_mistake", "found_cheaper", "too_slow", "wrong_details", "other"],
        description="That a shopper can choose from.",
    )
    reason_required: bool = False
    refund_targets: Annotated[list[RefundTarget], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["original", "gift_card"], description="What the shopper can choose; the first when they do not."
    )
    refund_shipping: Literal["never", "whole_order", "always"] = Field(
        default="whole_order",
        description="Whether shipping charges go back: never, when nothing of the order is left, "
        "or a share with every part that is cancelled.",
    )
    refund_days: Annotated[int, Field(ge=0, le=90)] = Field(
        default=5, description="After how many working days the money is there, for the assistant to say."
    )
    address_states: Annotated[list[OpenState], AfterValidator(not_repeated)] = Field(
        default=["created", "approved", "invoiced", "processing"],
        description="In which states address, recipient, phone and note can be changed.",
    )
    address_within_country: bool = Field(
        default=True, description="A new address must be in the country of the old: tax and postage were priced for it."
    )
