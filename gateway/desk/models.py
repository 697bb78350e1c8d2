"""Labels, notes, mentions, canned replies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Identified, Model


class Label(Identified, Model):
    """A word that agents put on conversations. `name` is unique whatever its capitals: stored with its folded form."""

    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("folded"),)

    name: Mapped[str] = mapped_column(String(40))
    folded: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class ConversationLabel(Model):
    """A label on a conversation."""

    __tablename__ = "conversation_labels"
    __table_args__ = (Index(None, "label_id", "conversation_id"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class ConversationSegment(Model):
    """A segment of the CRM's that the conversation's customer was in when it was last looked up."""

    __tablename__ = "conversation_segments"
    __table_args__ = (Index(None, "key", "conversation_id"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)


class Note(Identified, Model):
    """What an agent wrote for colleagues about a conversation; no shopper ever sees it."""

    __tablename__ = "notes"
    __table_args__ = (Index(None, "conversation_id", "id"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Mention(Model):
    """A colleague who was named in a note by `@username`."""

    __tablename__ = "mentions"
    __table_args__ = (Index(None, "agent_id", "seen_at"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime | None]


class CannedReply(Identified, Model):
    """Words that agents often need, in one language, with `{placeholders}` (`gateway.desk.replies`)."""

    __tablename__ = "canned_replies"
    __table_args__ = (CheckConstraint("language IN ('en','zh')", name="language"), Index(None, "language", "title"))

    title: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text)
    intents: Mapped[str] = mapped_column(String(400), default="")
    """Intents to which it is the answer, between commas; empty: found by its words alone."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    """Who changed it last."""
    changed_at: Mapped[datetime]
