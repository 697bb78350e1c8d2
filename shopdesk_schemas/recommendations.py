"""What the CRM recommends, with reasons as facts: who words them has them in both languages.

Amounts are integers in minor units of the currency beside them; days are UTC dates.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from shopdesk_schemas.content import Schema

PersonalShelf = Literal["for_you", "buy_again", "discover"]
PublicKind = Literal["popular", "similar", "bought_together", "alternatives"]
ShelfName = Literal[
    "for_you", "buy_again", "discover", "popular", "similar", "bought_together", "alternatives", "with_order"
]
RecommendationReasonKind = Literal["bought_before", "often_bought_together", "similar_to", "popular_now"]


class RecommendationReason(Schema):
    """Why something is shown.

    bought_before: `times`, `last_on`, `due_on`, `every_days` · often_bought_together, similar_to: `product` (external
    id), `name` · popular_now: `scope` (shop, country, category, segment), `key`, `days`. Agents see counts besides:
    `both` and `of` with `counted` (people or baskets), `buyers`.
    """

    kind: RecommendationReasonKind
    values: dict[str, Any] = Field(default_factory=dict)


class Recommended(Schema):
    """A product and why."""

    product: str = Field(description="External id.")
    name: str
    category: str | None
    brand: str | None
    sku: str = Field(description="Of the cheapest variant that can be had.")
    price_minor: int | None
    currency: str | None
    image_url: str | None
    url: str | None
    reasons: list[RecommendationReason]


class Recommendations(Schema):
    """A shelf, the best first."""

    shelf: ShelfName
    personal: bool = Field(description="Whether it rests on what this person bought.")
    as_of: datetime | None = Field(description="What was known when it was worked out; null before the first analysis.")
    items: list[Recommended]


class StaffRecommendations(Recommendations):
    """The same with what agents may know."""

    arm: str = Field(description="Of the running experiment: holdout, default, or one of the shop's.")


class RecommendationsSeen(Schema):
    """What a shopper was shown or clicked."""

    kind: Literal["shown", "clicked"]
    shelf: ShelfName
    products: list[str] = Field(min_length=1, max_length=50, description="External ids, in the order shown.")
    first_position: int = Field(default=1, ge=1, le=1000, description="Place of the first of them, from 1.")


class NotInterested(Schema):
    """What not to show any more, or again."""

    product: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$", description="External id.")


Reference = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class ShelfRules(Schema):
    """What the shop wants shown, kept low or kept out. Products by external id, categories by their names."""

    pin: list[Reference] = Field(default=[], max_length=200, description="First where something new is shown.")
    bury: list[Reference] = Field(default=[], max_length=1000, description="Shown last.")
    exclude: list[Reference] = Field(default=[], max_length=5000, description="Never recommended.")
    exclude_categories: list[Reference] = Field(
        default=[], max_length=500, description="Nothing of these and of what lies below them."
    )
    per_category: int = Field(default=4, ge=1, le=50, description="So many of one category at most in ten.")
    per_brand: int = Field(default=5, ge=1, le=50, description="Likewise of one brand.")


class ShelfRulesView(ShelfRules):
    """The rules in force."""

    version: int = Field(description="0: those of the shop's policies, which nobody changed in the console.")
    changed_by: str | None
    changed_at: datetime | None


class ShelfRulesChange(ShelfRules):
    """The rules that are to hold from now on."""

    version: int = Field(ge=0, description="Of the rules that were read; another is a 409.")


class ArmResult(Schema):
    """What came of one arm. Conversion: bought within seven days of being shown the product."""

    arm: str
    people: int
    shown: int
    clicked: int
    click_rate: float | None
    bought: int
    conversion_rate: float | None


class RecommendationReport(Schema):
    """What came of recommending, by arm, and how the lists are made."""

    since: datetime
    arms: list[ArmResult]
    model_card: dict[str, Any] = Field(description="Data, split, scores with standard errors, choices; empty before.")
    fitted_at: datetime | None
