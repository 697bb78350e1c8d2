"""Whether, and how, an order can be placed in the chat."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crm_backend.policies.section import Section

Address = Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]


class Ordering(Section):
    """The rules of `order.place`."""

    mode: Literal["saved_method", "checkout_link", "off"] = Field(
        default="off",
        description="`saved_method`: charged to a way to pay that the customer saved with the shop; `checkout_link`: "
        "the shopper is given a link to the shop's own checkout; `off`: the chat takes no orders.",
    )
    checkout_url: Address | None = Field(
        default=None,
        description="The shop's checkout, with `{sku}` and `{quantity}` where they go. With `saved_method` it is what "
        "guests are given, who have saved no way to pay.",
    )
    maximum_quantity: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=10, description="Of one article in one order; more is for a person."
    )

    @model_validator(mode="after")
    def _knows_where(self) -> Self:
        if self.mode == "checkout_link" and not self.checkout_url:
            raise ValueError("mode checkout_link needs checkout_url")
        return self
