"""Conversations, messages, turns, buttons, outbox: the record.

A message is stored once, with the next sequence number of its conversation. A shopper's message belongs to a *turn*:
the unit that the assistant answers. A turn is the inbox entry (state, tries, next try), the idempotency key at the bot
(`id` is the bot's `message_id`) and the place of what was understood.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Id, Identified, Model

ConversationState = Literal["assistant", "queued", "agent"]
"""assistant: the assistant answers · queued: waits for a person, and the assistant goes on helping unless it is
paused · agent: a person holds it under a lease."""

TurnState = Literal["waiting", "running", "deferred", "answered", "withheld", "given_up"]
"""waiting: accepted, not begun · running: under a claim until `lease_until` · deferred: failed, the shopper was told,
tried again at `next_try_at` · answered · withheld: a person took over first, replies kept in `unsent` · given_up: not
answered within the time allowed, the shopper was told."""

OPEN_TURN_STATES = ("waiting", "running", "deferred")

IS_OPEN_TURN = text("turns.state IN ('waiting','running','deferred')")
"""In these very words: SQLite uses an index over open turns only where the question has its condition without values
that are bound later."""

_UNSCANNED = text("scanned_until IS NULL OR scanned_until < last_message_at")
_UNJUDGED = text("judged_until IS NULL OR judged_until < last_message_at")
_FAILED = text("state = 'failed'")
_GIVEN_UP = text("state = 'given_up'")
_OPEN = text("state IN ('waiting','running','deferred')")


class Conversation(Model):
    """One conversation of one shopper on one channel.

    Invariants, kept by locking this row in every writing transaction: `next_seq` is one more than the newest message's
    seq; `fencing_number` grows each time that who holds the conversation changes.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("state IN ('assistant','queued','agent')", name="state"),
        Index(None, "last_message_at", "id"),
        Index(
            "ix_conversations_queue",
            "queue_key",
            "id",
            postgresql_where=text("state = 'queued'"),
            sqlite_where=text("state = 'queued'"),
        ),
        Index(
            "ix_conversations_leases",
            "lease_until",
            postgresql_where=text("state = 'agent'"),
            sqlite_where=text("state = 'agent'"),
        ),
        Index("ix_conversations_unscanned", "last_message_at", postgresql_where=_UNSCANNED, sqlite_where=_UNSCANNED),
        Index("ix_conversations_unjudged", "last_message_at", postgresql_where=_UNJUDGED, sqlite_where=_UNJUDGED),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32), default="web")
    language: Mapped[str | None]
    """As the shopper chose or the assistant recognised; null before the first words."""
    locale: Mapped[str]
    """The language in which the gateway's own sentences are said."""
    state: Mapped[str] = mapped_column(default="assistant")
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    fencing_number: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    """Until when the holder holds it without a sign of life."""
    assistant_paused: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True from the moment a person took it until a person hands it back: the assistant says nothing, whatever else."""
    queued_at: Mapped[datetime | None]
    queue_key: Mapped[datetime | None]
    """The queue's order, earliest first: when it was queued, less a head start for what cannot wait."""
    agent_typing_until: Mapped[datetime | None]
    contact_email: Mapped[str | None] = mapped_column(String(254))
    """Left while waiting, for an answer after the shopper has gone."""
    comment_invited_at: Mapped[datetime | None]
    """The next words are what the shopper adds to a mark (see `surveys`)."""
    next_seq: Mapped[int] = mapped_column(default=1)
    epoch: Mapped[int] = mapped_column(default=1)
    epoch_turns: Mapped[int] = mapped_column(default=0)
    busy: Mapped[bool] = mapped_column(default=False)
    """A form or queue was open after the last turn: the epoch is kept."""
    last_turn_at: Mapped[datetime | None]
    page: Mapped[dict[str, Any] | None]
    handoff_reason: Mapped[str | None] = mapped_column(String(200))
    handoff_at: Mapped[datetime | None]
    low_confidence: Mapped[bool] = mapped_column(default=False)
    """Some message was understood with little confidence; for the console's filter."""
    client_address: Mapped[str | None] = mapped_column(String(64))
    crm_informed: Mapped[bool] = mapped_column(default=False)
    """The CRM knows this conversation with its present address and language."""
    created_at: Mapped[datetime]
    last_message_at: Mapped[datetime]
    snoozed_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    """Out of the inbox until then, unless something is said after `snoozed_at`."""
    merged_into: Mapped[str | None] = mapped_column(String(64), index=True)
    """The conversation of the same shopper that goes on; this one is read there."""
    merged_at: Mapped[datetime | None]
    scanned_until: Mapped[datetime | None]
    """Up to which message the reviewers' queue has looked through it."""
    judged_until: Mapped[datetime | None]
    """Up to which message it was judged for the figures."""

    def is_snoozed(self, now: datetime) -> bool:
        """Whether it is out of the inbox: until then, unless something was said since."""
        if self.snoozed_until is None or self.snoozed_at is None:
            return False
        return self.snoozed_until > now and self.last_message_at <= self.snoozed_at

    @property
    def assistant_answers(self) -> bool:
        """Whether the assistant may say anything here."""
        return self.state != "agent" and not self.assistant_paused


class ChatToken(Model):
    """A bearer token of a conversation, by keyed hash. The token itself is never stored."""

    __tablename__ = "chat_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Turn(Model):
    """One or more shopper messages that are answered together."""

    __tablename__ = "turns"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','running','deferred','answered','withheld','given_up')", name="state"),
        Index(None, "conversation_id", "first_seq"),
        Index("ix_turns_open", "next_try_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index(
            "ix_turns_open_of_conversation",
            "conversation_id",
            "first_seq",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_turns_given_up", "conversation_id", postgresql_where=_GIVEN_UP, sqlite_where=_GIVEN_UP),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    input: Mapped[dict[str, Any]]
    """A `TurnInput`: what the bot is asked. Fixed from the first try on."""
    page: Mapped[dict[str, Any] | None]
    epoch: Mapped[int | None]
    """Set by the first try and kept by later ones: the bot finds its stored replies only in the same tracker."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    fencing_number: Mapped[int | None]
    """The conversation's when the last try began; replies are stored only while it is unchanged."""
    failure: Mapped[str | None] = mapped_column(String(32))
    told_at: Mapped[datetime | None]
    """When the shopper was told that the answer is late."""
    unsent: Mapped[list[Any] | None]
    received_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    intent: Mapped[str | None] = mapped_column(String(200), index=True)
    confidence: Mapped[float | None]
    understanding: Mapped[dict[str, Any] | None]
    """The `Understanding` as the bot gave it: intent, ranking, entities."""
    actions: Mapped[list[Any] | None]
    model: Mapped[str | None] = mapped_column(String(200))
    timings_ms: Mapped[dict[str, Any] | None]


class Message(Identified, Model):
    """One message, as every client sees it. `content` is public: buttons carry opaque ids only."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        CheckConstraint("author IN ('shopper','assistant','agent','system')", name="author"),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    author: Mapped[str] = mapped_column(String(16))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]]
    client_id: Mapped[str | None] = mapped_column(String(64))
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="SET NULL"), index=True)
    reply_to: Mapped[int | None]
    """The seq of the message that this one answers."""
    at: Mapped[datetime]
    """When the gateway received or made it."""
    delivered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class Button(Model):
    """A button that was offered: its opaque id, and the payload that never leaves the shop."""

    __tablename__ = "buttons"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    label: Mapped[str]
    payload: Mapped[str]


class OutboxEntry(Model):
    """A message on its way to the shopper, by the conversation's channel.

    The web channel is pulled: an entry is `sent` once a client has acknowledged its seq.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('pending','sent','failed')", name="state"),
        Index(
            "ix_outbox_pending",
            "channel",
            "next_try_at",
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(None, "conversation_id", "seq"),
        Index("ix_outbox_failed", "next_try_at", postgresql_where=_FAILED, sqlite_where=_FAILED),
    )

    message_id: Mapped[int] = mapped_column(Id, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    channel: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    parts_sent: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of a message that goes out in several calls: how many were made."""
    merged_into: Mapped[int | None] = mapped_column(Id)
    """The message before it with which it goes out as one."""
    notice: Mapped[dict[str, Any] | None]
    """Of news that nobody asked for: its kind and values, for a template where the platform's window is over."""
    sent_at: Mapped[datetime | None]
    platform_message_id: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(String(500))
