"""One request for a person, from asking to its end. What is in force now stands on the conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Identified, Model

Outcome = Literal["handed_back", "resolved", "left_queue"]
"""handed_back: the assistant goes on · resolved: the agent says that it is settled · left_queue: the shopper went
back to the assistant before anybody came."""


class Handover(Identified, Model):
    """A request for a person and what became of it: the basis of waiting times and of promised answers."""

    __tablename__ = "handovers"
    __table_args__ = (
        CheckConstraint("outcome IN ('handed_back','resolved','left_queue')", name="outcome"),
        Index(
            "ix_handovers_open",
            "conversation_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index(None, "requested_at"),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(200))
    requested_at: Mapped[datetime]
    in_hours: Mapped[bool]
    """Whether people answered at that time."""
    promised_at: Mapped[datetime | None]
    """By when the shopper was told that somebody will have answered."""
    first_taken_at: Mapped[datetime | None]
    first_answered_at: Mapped[datetime | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    """Who took it last."""
    leases_lost: Mapped[int] = mapped_column(default=0)
    weighed_at: Mapped[datetime | None]
    """When its place was decided by what the CRM knows (`gateway.handover.weighing`)."""
    preferred: Mapped[str | None] = mapped_column(String(64))
    """Why it goes before others: a segment's key, or `delivery`."""
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(2000))
    """What the agent says was done, for the assistant and for colleagues."""
