"""Stores on a street, their hours, stock per store, and goods that are kept there for somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
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
    """How many of a SKU a store holds, and how many of them are kept for somebody.

    What can be had is `quantity - reserved`, or none. An import writes `quantity` alone: what the tills counted does
    not undo a reservation.
    """

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("store_id", "sku"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("reserved >= 0", name="reserved"),
        Index(None, "sku_key"),
    )

    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    sku: Mapped[str]
    sku_key: Mapped[str] = mapped_column(default="", server_default="")
    """Upper case: 85123a and 85123A are one."""
    quantity: Mapped[int]
    reserved: Mapped[int] = mapped_column(default=0, server_default="0")


RESERVATION_STATES = ("reserved", "ready", "collected", "expired", "cancelled")
HELD = ("reserved", "ready")
"""States in which the goods lie in the store for the shopper."""


class Reservation(Identified, Model):
    """Goods kept in a store until the shopper fetches them, or until the time is up."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint(f"state IN {RESERVATION_STATES}", name="state"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "state", "hold_until"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"), index=True)
    sku: Mapped[str]
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variants.id", ondelete="SET NULL"))
    quantity: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(default="reserved")
    """reserved · ready: the store has put it aside · collected · expired · cancelled."""
    hold_until: Mapped[datetime]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
