"""Stores on a street, their hours, and stock per store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Imported, Model


class Store(Imported, Model):
    """A place where the shop sells, hands out and takes back."""

    __tablename__ = "stores"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    name: Mapped[str]
    line1: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postcode: Mapped[str | None]
    country: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str | None]
    timezone: Mapped[str] = mapped_column(default="UTC")
    opening_hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{"mon": [["09:00", "18:00"]], …, "holidays": {"2026-12-25": []}}; local times."""
    translations: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Stock(Identified, Model):
    """How many of a SKU a store holds."""

    __tablename__ = "stock"
    __table_args__ = (UniqueConstraint("store_id", "sku"), CheckConstraint("quantity >= 0", name="quantity"))

    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    sku: Mapped[str]
    quantity: Mapped[int]
