"""Products and their variants."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Imported, Model
from crm_backend.database.types import Minor


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
    """{"zh": {"name": …, "description": …, "category": …}}"""


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
