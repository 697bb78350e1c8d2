"""What shoppers said of a conversation when it was over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Identified, Model


class Rating(Identified, Model):
    """A survey: asked, and perhaps answered. A conversation that goes on for weeks has several."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index(None, "conversation_id", "asked_at"),
        Index(None, "rated_at"),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    """The agent who helped last before it was asked; null: the assistant alone."""
    score: Mapped[int | None]
    """1 (bad) to 5 (very good)."""
    comment: Mapped[str | None] = mapped_column(String(2000))
    rated_at: Mapped[datetime | None]
