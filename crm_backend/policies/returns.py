"""What may come back until when, on whose cost, and where its money goes.

`terms` holds for everything; each of `rules` holds for some markets, categories or reasons and says only what is
different there. Later rules come before earlier ones, setting by setting:

    rules:
      - {markets: [CN], reasons: [changed_mind], terms: {window_days: 7, law: seven_days_no_reason}}
      - {categories: [Nightwear & Socks], reasons: [changed_mind], terms: {returnable: false}}
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from crm_backend.policies.cancellation import Reason, RefundTarget
from crm_backend.policies.section import Country, Section, Text, not_repeated

WindowStart = Literal["delivered", "handed_over", "placed"]
Condition = Literal["any", "as_new", "unopened"]
"""What state goods must be in: whatever, unused with tags and wrapping, or with an unbroken seal."""

Method = Literal["label", "pickup", "own", "store"]
"""A label of the shop, a carrier who fetches it, a parcel that the shopper sends and tells the number of, or brought to
one of the shop's stores."""

FreightPayer = Literal["shop", "shopper"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
AmountByCurrency = dict[Currency, Annotated[int, Field(ge=0)]]


class ReturnTerms(Section):
    """Terms with nothing left open."""

    returnable: bool = True
    exchangeable: bool = True
    window_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        default=30, description="Whole days after the day on which the window starts, in the order's time zone."
    )
    window_start: WindowStart = "delivered"
    condition: Condition = "as_new"
    freight: FreightPayer = Field(default="shopper", description="Who pays for the way back.")
    freight_minor: AmountByCurrency = Field(
        default={}, description="What a label or a pick-up costs the shopper who pays; taken off the refund."
    )
    freight_insured_minor: AmountByCurrency = Field(
        default={}, description="Up to how much an insurance of the order pays the shopper who paid the way back."
    )
    restocking_per_mille: Annotated[int, Field(ge=0, le=1000)] = 0
    refund_shipping: Literal["never", "whole_order"] = Field(
        default="whole_order", description="Whether the order's shipping charge goes back with its last goods."
    )
    methods: Annotated[list[Method], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["label", "pickup", "own"], description="The first when the shopper does not choose."
    )
    law: Key | None = Field(default=None, description="The law that says so, by the key of its words.")


class ReturnTermsChange(Section):
    """What a rule says; what it leaves out is as it was."""

    returnable: bool | None = None
    exchangeable: bool | None = None
    window_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    window_start: WindowStart | None = None
    condition: Condition | None = None
    freight: FreightPayer | None = None
    freight_minor: AmountByCurrency | None = None
    freight_insured_minor: AmountByCurrency | None = None
    restocking_per_mille: Annotated[int, Field(ge=0, le=1000)] | None = None
    refund_shipping: Literal["never", "whole_order"] | None = None
    methods: Annotated[list[Method], Field(min_length=1), AfterValidator(not_repeated)] | None = None
    law: Key | None = None


class ReturnRule(Section):
    """Other terms for some. A list that is empty stands for all."""

    markets: Annotated[list[Country], AfterValidator(not_repeated)] = Field(
        default=[], description="Where the order was delivered to."
    )
    categories: Annotated[list[Text], AfterValidator(not_repeated)] = Field(
        default=[], description="As the catalogue names them, in any of its languages."
    )
    reasons: Annotated[list[Reason], AfterValidator(not_repeated)] = Field(default=[])
    terms: ReturnTermsChange

    def holds_for(self, market: str | None, categories: Collection[str], reason: str) -> bool:
        """Whether it is about such goods. `categories` are the names of one category, in lower case."""
        return (
            (not self.markets or market in self.markets)
            and (not self.categories or any(name.strip().casefold() in categories for name in self.categories))
            and (not self.reasons or reason in self.reasons)
        )


class Exchange(Section):
    """The rules of `return.exchange`."""

    once_only: bool = Field(default=False, description="An order of which something was exchanged is left alone.")
    keeps_discount: bool = Field(
        default=True, description="The new variant is discounted as the old one was; otherwise its price of today."
    )
    ship: Literal["at_once", "received", "inspected"] = Field(
        default="received", description="When the new variant goes out."
    )


class Warranty(Section):
    """The rules for goods that broke."""

    days: Annotated[int, Field(ge=0, le=3650)] = 730
    days_by_category: dict[Text, Annotated[int, Field(ge=0, le=3650)]] = Field(default={})
    reasons: Annotated[list[Reason], AfterValidator(not_repeated)] = Field(default=["faulty", "stopped_working"])

    def days_of(self, categories: Collection[str]) -> int:
        """For goods of the category with these names (lower case)."""
        return next(
            (days for name, days in self.days_by_category.items() if name.strip().casefold() in categories), self.days
        )


class Review(Section):
    """When a person looks at a return before it is approved. Shoppers are not told of any of it."""

    returns_in_90_days: Annotated[int, Field(ge=1)] = 6
    returned_share_per_mille: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=600, description="Of the orders of a year, once there are five."
    )
    rejected_in_a_year: Annotated[int, Field(ge=1)] = 2
    claims_in_a_year: Annotated[int, Field(ge=1)] = 3
    value_minor: AmountByCurrency = Field(default={}, description="Returns worth more are looked at.")
    signals: Annotated[int, Field(ge=1)] = Field(default=2, description="How many signals it takes.")


DEFAULT_REASONS: list[str] = [
    "changed_mind",
    "does_not_fit",
    "not_as_described",
    "faulty",
    "stopped_working",
    "damaged_in_transit",
    "wrong_item",
    "arrived_late",
    "unwanted_gift",
    "other",
]
FAULTS: list[str] = ["not_as_described", "faulty", "damaged_in_transit", "wrong_item"]


class Returns(Section):
    """The rules of the kinds of change called `return.…`."""

    reasons: Annotated[list[Reason], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=DEFAULT_REASONS, description="That a shopper can choose from."
    )
    faults: Annotated[list[Reason], AfterValidator(not_repeated)] = Field(
        default=FAULTS, description="Reasons for which the shop is to blame."
    )
    terms: ReturnTerms = ReturnTerms()
    rules: list[ReturnRule] = Field(
        default=[
            ReturnRule(reasons=FAULTS, terms=ReturnTermsChange(condition="any", freight="shop", restocking_per_mille=0))
        ]
    )
    refund_targets: Annotated[list[RefundTarget], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["original", "gift_card"], description="What the shopper can choose; the first when they do not."
    )
    refund_when: Literal["approved", "received", "inspected"] = Field(
        default="inspected", description="When the money is sent."
    )
    refund_days: Annotated[int, Field(ge=0, le=90)] = Field(
        default=5, description="After how many working days it is there, for the assistant to say."
    )
    refund_days_by_method: dict[str, Annotated[int, Field(ge=0, le=90)]] = Field(
        default={}, description="By way of paying: card, wallet, gift_card …"
    )
    refund_in_instalments: bool = Field(
        default=False, description="Whether what was paid in instalments goes back in as many, a month apart."
    )
    send_within_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=14, description="How long after the approval the goods may be on their way back at the latest."
    )
    exchange: Exchange = Exchange()
    warranty: Warranty = Warranty()
    review: Review = Review()

    @model_validator(mode="after")
    def _speaks_of_its_own_reasons(self) -> Self:
        spoken = {*self.faults, *(reason for rule in self.rules for reason in rule.reasons)}
        # The defaults may name reasons that a shop does not offer; only what the file itself says is a slip.
        if unknown := sorted(spoken - set(self.reasons) - set(DEFAULT_REASONS)):
            raise ValueError(f"{', '.join(unknown)} is not one of reasons")
        return self

    def terms_for(self, market: str | None, categories: Collection[str], reason: str) -> ReturnTerms:
        """The terms for goods of the category with these names (lower case), sold to `market`, for this reason."""
        said: dict[str, object] = {}
        for rule in self.rules:
            if rule.holds_for(market, categories, reason):
                said |= {name: getattr(rule.terms, name) for name in rule.terms.model_fields_set}
        return self.terms.model_copy(update=said)
