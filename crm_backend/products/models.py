"""Products, their variants, what they cost before, and the terms by which a search finds them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Imported, Model
from crm_backend.database.types import ByteOrdered, Minor


class Product(Imported, Model):
    """Something the shop sells, in one or more variants."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    name: Mapped[str | None]
    """In the shop's default language; null where the source names nothing."""
    description: Mapped[str | None]
    category: Mapped[str | None]
    brand: Mapped[str | None]
    image_url: Mapped[str | None]
    url: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    translations: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{"zh": {"name": …, "description": …, "category": …, "attributes": {…}}}"""


class Variant(Identified, Model):
    """One thing that can be put in a basket: a product in one colour, size …"""

    __tablename__ = "variants"
    __table_args__ = (UniqueConstraint("product_id", "sku"), Index(None, "sku_key"))

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    sku: Mapped[str]
    sku_key: Mapped[str]
    """Upper case: 85123a and 85123A are one."""
    options: Mapped[dict[str, str]] = mapped_column(default=dict)
    price_minor: Mapped[int | None] = mapped_column(Minor)
    currency: Mapped[str | None]
    availability: Mapped[str] = mapped_column(default="unknown")
    """in_stock, out_of_stock, preorder, discontinued, unknown."""
    translations: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{"zh": {"options": {"颜色": "蓝色"}}}"""


class PriceRecord(Identified, Model):
    """What a variant cost until an instant. Appended by the loader when a price changes, never rewritten.

    The present price is the variant's own.
    """

    __tablename__ = "price_history"
    __table_args__ = (UniqueConstraint("product_id", "sku", "ended_at"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    sku: Mapped[str]
    ended_at: Mapped[datetime]
    price_minor: Mapped[int] = mapped_column(Minor)
    currency: Mapped[str]


class ProductTerm(Model):
    """One term under which a product is found. Derived from the product and its variants; `products/index.py` makes it.

    A table of our own and not the stores' full-text search: neither finds Chinese words of two characters, and so one
    query serves both.
    """

    __tablename__ = "product_terms"
    __table_args__ = (Index(None, "product_id"),)

    term: Mapped[str] = mapped_column(ByteOrdered, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    weight: Mapped[int]
    """Of the weightiest field that holds it."""


class OtherNamesVersion(Identified, Model):
    """What a product, or an option's value wherever the catalogue has it, is called besides, as somebody saved it.

    Rows are only added; the newest of a thing holds. By ids and words, not by row numbers: it outlives an import that
    takes a product away and brings it again.
    """

    __tablename__ = "other_names_versions"
    __table_args__ = (
        CheckConstraint("kind IN ('product','option')", name="kind"),
        UniqueConstraint("kind", "source", "name", "value", "version"),
    )

    kind: Mapped[str]
    source: Mapped[str]
    """Of a product; empty for an option."""
    name: Mapped[str]
    """The product's external id, or the option, folded."""
    value: Mapped[str]
    """The option's value, folded; empty for a product."""
    version: Mapped[int]
    label: Mapped[str]
    """As the catalogue had it when it was saved."""
    names: Mapped[dict[str, Any]]
    """{"en": […], "zh": […]}"""
    saved_by: Mapped[str]
    saved_at: Mapped[datetime]


NOTICE_STATES = ("waiting", "requested", "notified", "cancelled")


class StockNotice(Identified, Model):
    """Somebody's wish, and consent, to be told once when a variant can be bought again."""

    __tablename__ = "stock_notices"
    __table_args__ = (
        CheckConstraint(f"state IN {NOTICE_STATES}", name="state"),
        CheckConstraint("channel IN ('email','sms')", name="channel"),
        Index(None, "state", "variant_id"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    """waiting · requested: another system was asked to send it · notified · cancelled."""
    consented_at: Mapped[datetime]
    requested_at: Mapped[datetime | None]
