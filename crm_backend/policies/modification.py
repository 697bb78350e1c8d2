"""What may be changed of an order before it is dispatched, and which stock new variants come from."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from crm_backend.policies.cancellation import OpenState
from crm_backend.policies.section import Section, Text, not_repeated


class Modification(Section):
    """The rules of `order.modify` and `order.payment`."""

    allowed_states: Annotated[list[OpenState], AfterValidator(not_repeated)] = Field(
        default=["created", "approved", "invoiced", "processing"],
        description="In which states items can become other variants of the same product.",
    )
    items_once_only: bool = Field(
        default=True,
        description="Items are changed once, all in one go; afterwards neither they nor the payment can be changed, "
        "and nothing can be cancelled.",
    )
    address_after_items: bool = Field(
        default=True,
        description="Where an order goes and who receives it can still be changed after its items were changed once.",
    )
    keeps_discount: bool = Field(
        default=True, description="The new variant is discounted as the old one was; otherwise its price of today."
    )
    payment_states: Annotated[list[OpenState], AfterValidator(not_repeated)] = Field(
        default=["created", "approved", "invoiced", "processing"],
        description="In which states the order can be paid another way.",
    )


class Fulfilment(Section):
    """Where the goods of orders come from."""

    stores: Annotated[list[Text], AfterValidator(not_repeated)] = Field(
        default=[],
        description="The stores (by their external ids) whose stock serves orders, the first one first. Where none is "
        "named, or none of them knows a variant, the catalogue's availability alone decides.",
    )
