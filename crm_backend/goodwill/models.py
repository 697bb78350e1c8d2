"""What was given, or asked to be given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Minor

GOODWILL_STATES = ("waiting", "declined", "requested", "done", "failed")
GIVEN = ("requested", "done", "failed")
"""These count towards an agent's limit. Failed: still owed, an agent has it tried again."""


class Goodwill(Identified, Model):
    """One voucher, some points or a part of what was paid: who gave it to whom, and who allowed it."""

    __tablename__ = "goodwill"
    __table_args__ = (
        CheckConstraint(f"state IN {GOODWILL_STATES}", name="state"),
        CheckConstraint("form IN ('voucher','points','refund')", name="form"),
        CheckConstraint("worth_minor > 0", name="worth"),
        Index(None, "state", "asked_at"),
        Index(None, "conversation_id"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), unique=True)
    conversation_id: Mapped[str | None]
    """Where the shopper is told."""
    form: Mapped[str]
    points: Mapped[int | None]
    worth_minor: Mapped[int] = mapped_column(Minor)
    currency: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str | None]
    state: Mapped[str]
    """waiting: for a lead · requested: of another system · failed: that system could not."""
    told_state: Mapped[str | None]
    """The last state of which the shopper was told."""
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    """The lead; null where the agent's own limit was enough, or nobody has decided yet."""
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    done_at: Mapped[datetime | None]
