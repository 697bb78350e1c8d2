"""What is known of a conversation once it is over: the rows that every figure is counted from."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Model

Against = Literal[
    "handed_over", "person_refused", "not_answered", "not_understood", "low_rating", "new_contact", "case_open",
    "change_failed",
]  # fmt: skip
"""Why a conversation does not count as contained, the first that holds in this order; see `gateway.insight.judging`."""
AGAINST: tuple[Against, ...] = get_args(Against)


class ConversationFact(Model):
    """One conversation, judged some days after its last message. Judged anew when it goes on."""

    __tablename__ = "conversation_facts"
    __table_args__ = (Index(None, "ended_at", "conversation_id"), Index(None, "judged_at"))

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    judged_at: Mapped[datetime]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    """The last message's time."""
    channel: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    topic: Mapped[str] = mapped_column(String(64))
    """The topic of what was asked first, small talk aside; `other` where nothing was understood."""
    intent: Mapped[str | None] = mapped_column(String(200))
    turns: Mapped[int]
    not_understood: Mapped[int]
    """Turns in which the assistant said that it did not know."""
    against: Mapped[str | None] = mapped_column(String(16))
    """Null: contained."""
    handover_reason: Mapped[str | None] = mapped_column(String(200))
    wait_seconds: Mapped[float | None]
    """From asking for a person to a person's first answer."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    agent_messages: Mapped[int]
    score: Mapped[int | None]
    """The last mark, 1 to 5."""
    answer_seconds: Mapped[float | None]
    """From a message to the assistant's answer, the mean of its turns."""
    left_at: Mapped[str | None] = mapped_column(String(200))
    """The step at which the shopper left while the assistant waited for an answer; null: at no open step."""


class UnknownMessage(Model):
    """A message that was not understood, without personal data, for grouping what the assistant cannot do."""

    __tablename__ = "unknown_messages"
    __table_args__ = (Index(None, "at", "turn_id"), Index(None, "conversation_id"))

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text)
