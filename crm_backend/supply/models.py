"""Who supplies the shop, what was ordered from them, and goods that came or went for another reason than a sale."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Imported, Model
from crm_backend.database.types import Minor


class StockMovement(Imported, Model):
    """One write-off, find or correction. `quantity` is signed: negative goods left."""

    __tablename__ = "stock_movements"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    sku: Mapped[str]
    quantity: Mapped[int]
    reason: Mapped[str | None]
    """As the source words it; null where it says nothing."""
    moved_at: Mapped[datetime]
    store_external_id: Mapped[str | None]
    """Where, by the store's id; null for the warehouse or where the source does not say."""


class Supplier(Imported, Model):
    """Somebody who sells to the shop."""

    __tablename__ = "suppliers"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    country: Mapped[str | None]
    lead_time_days: Mapped[int | None]
    """From order to arrival, as the supplier promises."""


PURCHASE_ORDER_STATES = ("draft", "placed", "confirmed", "shipped", "partly_received", "received", "cancelled")


class PurchaseOrder(Imported, Model):
    """Goods that the shop ordered from a supplier."""

    __tablename__ = "purchase_orders"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint(f"state IN {PURCHASE_ORDER_STATES}", name="state"),
        Index(None, "number_key"),
    )

    number: Mapped[str]
    number_key: Mapped[str]
    supplier_external_id: Mapped[str | None]
    store_external_id: Mapped[str | None]
    """Where the goods go; null for the warehouse."""
    state: Mapped[str]
    placed_at: Mapped[datetime]
    promised_on: Mapped[date | None]
    received_at: Mapped[datetime | None]
    timezone: Mapped[str] = mapped_column(default="UTC")
    currency: Mapped[str | None]


class PurchaseOrderLine(Identified, Model):
    """One line of a purchase order."""

    __tablename__ = "purchase_order_lines"
    __table_args__ = (
        UniqueConstraint("purchase_order_id", "line_number"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("received_quantity >= 0", name="received_quantity"),
        Index(None, "sku_key"),
    )

    purchase_order_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id", ondelete="CASCADE"))
    line_number: Mapped[int]
    sku: Mapped[str]
    sku_key: Mapped[str]
    quantity: Mapped[int]
    received_quantity: Mapped[int] = mapped_column(default=0)
    unit_cost_minor: Mapped[int | None] = mapped_column(Minor)


class PurchaseOrderEvent(Identified, Model):
    """One thing that happened to a purchase order. `sequence` orders events whose time the source does not know."""

    __tablename__ = "purchase_order_events"
    __table_args__ = (UniqueConstraint("purchase_order_id", "sequence"),)

    purchase_order_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    at: Mapped[datetime | None]
    code: Mapped[str]
    place: Mapped[str | None]
    description: Mapped[str | None]
