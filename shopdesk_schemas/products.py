"""What the CRM's `/catalogue` says of one product or of several beside each other.

Amounts are integers in minor units of the currency beside them. What the shop's records do not have is null.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from shopdesk_schemas.content import Schema

Availability = Literal["in_stock", "out_of_stock", "preorder", "discontinued", "unknown"]

ProductSort = Literal["relevance", "price_asc", "price_desc", "name", "newest"]


class VariantView(Schema):
    """One thing that can be put in a basket."""

    sku: str
    options: dict[str, str]
    other_options: list[dict[str, str]] = Field(
        default_factory=list,
        description="The same once more for each other name that the shop gave one of their values, in any language.",
    )
    price_minor: int | None
    currency: str | None
    availability: Availability
    stores_with_stock: int = Field(description="In how many stores it lies and can be had.")


class OptionChoice(Schema):
    """An option that a product's variants differ in, such as colour, with its values in the variants' order."""

    name: str
    values: list[str]


class ProductView(Schema):
    """A product with its variants."""

    external_id: str
    name: str | None
    other_names: list[str] = Field(
        default_factory=list, description="What shoppers call it besides, as the shop wrote it, in any language."
    )
    description: str | None
    category: str | None
    brand: str | None
    image_url: str | None
    url: str | None
    attributes: dict[str, Any]
    available: bool
    price_from_minor: int | None = Field(description="Of what can be had, the cheapest; of all when nothing can.")
    price_to_minor: int | None
    currency: str | None
    options: list[OptionChoice]
    variants: list[VariantView]


class StoreQuantity(Schema):
    """How many of a variant can be had in a store."""

    store: str = Field(description="The store's external id.")
    name: str
    city: str | None
    quantity: int = Field(description="Without those that are kept for somebody.")


class VariantAvailability(Schema):
    """Where a variant can be had."""

    sku: str
    product: str
    name: str | None
    options: dict[str, str]
    availability: Availability = Field(description="As the shop sells it on the web.")
    stores: list[StoreQuantity]


class PricePoint(Schema):
    """A price that ended."""

    price_minor: int
    currency: str
    ended_at: datetime


class VariantPrices(Schema):
    """What a variant costs and cost."""

    sku: str
    product: str
    name: str | None
    price_minor: int | None
    currency: str | None
    lowest_30_days_minor: int | None = Field(description="The lowest of the last 30 days, today's included.")
    history: list[PricePoint] = Field(description="Newest first.")


class ComparedFact(Schema):
    """One fact in which products are compared; values in the order of the products, null where one has none."""

    name: str
    kind: Literal["option", "attribute", "brand", "category"]
    values: list[Any]
    same: bool


class Comparison(Schema):
    """Products beside each other."""

    products: list[ProductView]
    facts: list[ComparedFact]
    cheapest: list[str] = Field(description="External ids; more than one when they cost the same, none in doubt.")
    dearest: list[str]


class Reason(Schema):
    """Why something is proposed: a key of the words, and what they speak of."""

    key: Literal["same_product", "same_category", "same_brand", "same_option", "similar_price", "in_store"]
    values: dict[str, Any] = Field(default_factory=dict)


class Alternative(Schema):
    """A variant that can be had in place of another."""

    product: str
    name: str | None
    sku: str
    options: dict[str, str]
    price_minor: int | None
    currency: str | None
    image_url: str | None
    reasons: list[Reason]


class Alternatives(Schema):
    """What can be had in place of a variant, the most alike first."""

    sku: str
    availability: Availability
    alternatives: list[Alternative]
