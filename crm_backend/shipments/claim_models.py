"""What shoppers said was wrong with a parcel, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Minor

CLAIM_KINDS = ("late", "lost", "damaged", "missing_item", "wrong_item", "not_received")
CLAIM_STATES = ("open", "granted", "refused")


class ShipmentClaim(Identified, Model):
    """One claim. Shipments are named by their external id, which an import does not change."""

    __tablename__ = "shipment_claims"
    __table_args__ = (
        CheckConstraint(f"kind IN {CLAIM_KINDS}", name="kind"),
        CheckConstraint(f"state IN {CLAIM_STATES}", name="state"),
        CheckConstraint("resolution IN ('trace','refund','resend')", name="resolution"),
        Index(None, "order_id", "created_at"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    shipment_external_id: Mapped[str | None]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    """open: a person decides, or the carrier is asked."""
    resolution: Mapped[str]
    quantities: Mapped[dict[str, Any]]
    """By line number."""
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    refund_minor: Mapped[int] = mapped_column(Minor, default=0)
    currency: Mapped[str]
    target: Mapped[str | None]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Chase(Identified, Model):
    """The carrier was asked about a parcel."""

    __tablename__ = "shipment_chases"
    __table_args__ = (Index(None, "order_id", "asked_at"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    shipment_external_id: Mapped[str]
    asked_at: Mapped[datetime]
