"""Cases and what they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.encryption.columns import SealedDocument, SealedText

CASE_STATES = ("open", "waiting", "closed")


class Case(Identified, Model):
    """One thing to see to, until it has an outcome."""

    __tablename__ = "cases"
    __table_args__ = (CheckConstraint(f"state IN {CASE_STATES}", name="state"), Index(None, "state", "due_at"))

    public_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    """effect_failed, effect_undeliverable, and what topics add: claim_lost, price_protection …"""
    state: Mapped[str] = mapped_column(default="open")
    owner: Mapped[str | None]
    """The agent who has it; null while nobody does."""
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="SET NULL"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(SealedDocument("cases.details"))
    due_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(SealedText("cases.outcome"))
    note: Mapped[str | None] = mapped_column(SealedText("cases.note"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CaseLink(Identified, Model):
    """Something a case is about, by the id that others know it by."""

    __tablename__ = "case_links"
    __table_args__ = (UniqueConstraint("case_id", "kind", "reference"), Index(None, "kind", "reference"))

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    kind: Mapped[str]
    """conversation, message, effect, proposal, shipment …"""
    reference: Mapped[str]
