"""Turns to look at, corrections of understanding, what was published of them, and jobs for whoever trains."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Identified, Model

Cause = Literal["understanding", "wrong_item", "action", "policy", "wording", "help_page", "right"]
"""What went wrong. `right`: nothing did, and the message is kept as one that must go on being understood so."""
CAUSES: tuple[Cause, ...] = get_args(Cause)

ReviewState = Literal["open", "to_mend", "closed"]
"""open: nobody has looked · to_mend: the cause is known, the remedy is not in force yet · closed."""

JobKind = Literal["compare", "publish"]
"""compare: train with the corrections and measure against without · publish: train and put in force."""

_RIGHT = text("cause = 'right'")


class ReviewItem(Model):
    """A turn that may have gone wrong, and what a reviewer found."""

    __tablename__ = "review_items"
    __table_args__ = (
        CheckConstraint("state IN ('open','to_mend','closed')", name="state"),
        CheckConstraint(
            "cause IN ('understanding','wrong_item','action','policy','wording','help_page','right')", name="cause"
        ),
        Index(None, "state", "score", "turn_id"),
        Index(None, "conversation_id"),
        Index("ix_review_items_right", "at", postgresql_where=_RIGHT, sqlite_where=_RIGHT),
    )  # fmt: skip

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(8))
    intent: Mapped[str | None] = mapped_column(String(200))
    confidence: Mapped[float | None]
    score: Mapped[float]
    """How likely something went wrong: the sum over `signals` (`gateway.review.signals`)."""
    signals: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(16), default="open")
    cause: Mapped[str | None] = mapped_column(String(16))
    subject: Mapped[str | None] = mapped_column(String(200))
    """What is to be mended: the response, action, rule, item or page, as the reviewer names it."""
    remedy: Mapped[str | None] = mapped_column(Text)
    """What ought to have been said or done, or the new words."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    reviewed_at: Mapped[datetime | None]


class Correction(Identified, Model):
    """A message, without personal data, and the intent that it has. One a turn."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("state IN ('proposed','published','withdrawn')", name="state"),
        Index(None, "state", "id"),
        Index(None, "conversation_id"),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text)
    intent: Mapped[str] = mapped_column(String(200))
    was: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default="proposed")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class UnderstandingVersion(Identified, Model):
    """What the assistant learnt beyond the repository's examples, whole, from `at` on. Rows are only added."""

    __tablename__ = "understanding_versions"

    at: Mapped[datetime]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    examples: Mapped[list[Any]]
    """`{language, intent, words}`, in order."""
    restores: Mapped[int | None] = mapped_column(ForeignKey("understanding_versions.id", ondelete="SET NULL"))
    """Rolled back to that version's examples."""


class ReviewJob(Identified, Model):
    """Something that takes a training: asked for in the console, done by `shopdesk review-worker`."""

    __tablename__ = "review_jobs"
    __table_args__ = (
        CheckConstraint("kind IN ('compare','publish')", name="kind"),
        CheckConstraint("state IN ('asked','running','done','failed')", name="state"),
    )

    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="asked")
    under_way: Mapped[int | None] = mapped_column(unique=True, default=1)
    """1 until it has ended, then null: unique, so that there is one at a time."""
    asked_at: Mapped[datetime]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    examples: Mapped[list[Any]]
    """All that would be learnt beyond the repository's examples."""
    corrections: Mapped[list[Any]]
    """The ids of the corrections among them."""
    restores: Mapped[int | None] = mapped_column(ForeignKey("understanding_versions.id", ondelete="SET NULL"))
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    """The worker's last sign of life."""
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    """Figures, and what would break by the turn's id; no shopper's words."""
    failure: Mapped[str | None] = mapped_column(String(2000))
