"""Messages that wait to be sent, or that the development mailbox shows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.encryption.columns import BlindIndex, SealedText

MESSAGE_STATES = ("pending", "sent", "failed")


class OutgoingMessage(Identified, Model):
    """One mail or short message. Recipient and words are removed once it is sent: they hold personal data."""

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        CheckConstraint(f"state IN {MESSAGE_STATES}", name="state"),
        CheckConstraint("channel IN ('email','sms')", name="channel"),
        Index(None, "state", "next_try_at"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    """Names it to whoever sends it."""
    channel: Mapped[str]
    kind: Mapped[str]
    """What it is for, such as one_time_code."""
    recipient: Mapped[str | None] = mapped_column(SealedText("outgoing_messages.recipient"))
    recipient_key: Mapped[str | None] = mapped_column(BlindIndex("outgoing_messages.recipient_key"), index=True)
    """Of the recipient as it is."""
    subject: Mapped[str | None] = mapped_column(SealedText("outgoing_messages.subject"))
    body: Mapped[str | None] = mapped_column(SealedText("outgoing_messages.body"))
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    worthless_at: Mapped[datetime | None]
    """From then on it is not worth sending, as a code that has expired."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
