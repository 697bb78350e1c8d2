"""Chats on platforms, and what came in from there until it is worked off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Identified, Model

_WAITING = text("state = 'waiting'")


class Chat(Identified, Model):
    """A chat with one person on a platform; it is one conversation here, for good."""

    __tablename__ = "channel_chats"
    __table_args__ = (UniqueConstraint("channel", "chat"),)

    channel: Mapped[str] = mapped_column(String(32))
    chat: Mapped[str] = mapped_column(String(255))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str | None] = mapped_column(String(200))
    last_inbound_at: Mapped[datetime]
    """From here the platform's window for free words is counted."""
    numbered: Mapped[list[Any] | None]
    """The ids of the buttons that the last list of ours wrote as numbers, in order."""
    thread: Mapped[dict[str, Any] | None]
    """What an answer refers to (`Event.thread`)."""
    quota_used: Mapped[int] = mapped_column(default=0, server_default="0")
    """Parts sent since the person's last message."""
    next_send_at: Mapped[datetime | None]
    """When the next part may be sent, on channels with a limit per chat."""


class ChannelPace(Model):
    """When the next part of a channel may be sent, whichever gateway sends it."""

    __tablename__ = "channel_paces"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    next_send_at: Mapped[datetime]


class ChannelCursor(Model):
    """Where a channel that is asked for news goes on, and who asks just now."""

    __tablename__ = "channel_cursors"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    cursor: Mapped[str | None] = mapped_column(String(500))
    lease_until: Mapped[datetime]


class ChannelEvent(Identified, Model):
    """An event of a platform: stored once under its id, before the platform is answered."""

    __tablename__ = "channel_events"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','done','failed')", name="state"),
        UniqueConstraint("channel", "event_id"),
        Index("ix_channel_events_waiting", "next_try_at", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )

    channel: Mapped[str] = mapped_column(String(32))
    event_id: Mapped[str] = mapped_column(String(255))
    chat: Mapped[str] = mapped_column(String(255))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    """Set when it was worked off, so that an erasure finds it."""
    event: Mapped[dict[str, Any] | None]
    """An `Event`; emptied once it was worked off, for the conversation has it then."""
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    received_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(String(500))
