"""Offers of changes, as they were made, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.encryption.columns import SealedDocument

PROPOSAL_STATES = ("open", "confirmed", "declined", "expired", "void")


class Proposal(Identified, Model):
    """What somebody was offered: exactly this, and nothing that came later, is what a confirmation carries out."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint(f"state IN {PROPOSAL_STATES}", name="state"),
        Index(None, "caller"),
        Index(None, "state", "expires_at"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    """What callers name it by: random, so that it cannot be guessed."""
    kind: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(SealedDocument("proposals.details"))
    offer: Mapped[dict[str, Any]] = mapped_column(SealedDocument("proposals.offer"))
    state: Mapped[str] = mapped_column(default="open")
    caller: Mapped[str]
    """Who may confirm it: `shopper:<conversation id>`, or `staff`, for any agent."""
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(SealedDocument("proposals.outcome"))
