"""Parcels and what carriers scanned."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model


class Shipment(Identified, Model):
    """One parcel of an order."""

    __tablename__ = "shipments"
    __table_args__ = (UniqueConstraint("order_id", "external_id"), Index(None, "tracking_key"))

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    tracking_key: Mapped[str | None]
    """Upper case, letters and digits only."""
    service: Mapped[str | None]
    state: Mapped[str]
    """handed_over, in_transit, out_for_delivery, ready_for_pickup, delivered, exception, returned."""
    handed_over_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    promised_on: Mapped[date | None]


class ShipmentLine(Identified, Model):
    """Which lines, and how many of each, a parcel holds."""

    __tablename__ = "shipment_lines"
    __table_args__ = (UniqueConstraint("shipment_id", "line_number"),)

    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id", ondelete="CASCADE"))
    line_number: Mapped[int]
    quantity: Mapped[int]


class ScanEvent(Identified, Model):
    """One scan. `sequence` orders events whose time the source does not know."""

    __tablename__ = "scan_events"
    __table_args__ = (UniqueConstraint("shipment_id", "sequence"),)

    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    at: Mapped[datetime | None]
    code: Mapped[str]
    place: Mapped[str | None]
    description: Mapped[str | None]
