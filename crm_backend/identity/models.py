"""Who a conversation is verified as, and how often someone tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model


class Conversation(Model):
    """What the gateway told the CRM about a conversation, and the customer or order it is verified for."""

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("level IN ('none','order','customer')", name="level"),
        Index(None, "customer_id", "created_at"),
    )

    conversation_id: Mapped[str] = mapped_column(primary_key=True)
    client_address_key: Mapped[str | None]
    """Keyed hash of the client's IP address; the address itself is not kept."""
    language: Mapped[str | None]
    """en or zh, once the gateway knows; the words of products follow it when a request names none."""
    level: Mapped[str] = mapped_column(default="none")
    method: Mapped[str | None]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    verified_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    chat_channel: Mapped[str | None]
    """The messaging platform that it is held on, where that vouches for its accounts."""
    chat_account_key: Mapped[str | None] = mapped_column(index=True)
    """Keyed hash of the account there."""
    created_at: Mapped[datetime]


class ChatAccount(Identified, Model):
    """An account on a messaging platform whose owner proved once who they are."""

    __tablename__ = "chat_accounts"

    account_key: Mapped[str] = mapped_column(unique=True)
    """Keyed hash of platform and account; the account itself is not kept."""
    channel: Mapped[str]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    method: Mapped[str]
    """The proof that was given."""
    linked_at: Mapped[datetime]


class ConversationPerson(Identified, Model):
    """That a conversation was once opened to a customer or an order: kept when it signs out or is opened to others.

    Exports and erasures find what somebody wrote by this, long after the verification has ended.
    """

    __tablename__ = "conversation_people"
    __table_args__ = (
        CheckConstraint("customer_id IS NOT NULL OR order_id IS NOT NULL", name="somebody"),
        Index(None, "conversation_id"),
    )

    conversation_id: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]


class VerificationAttempt(Identified, Model):
    """One failed try. Kept for the length of the longest window, to limit by conversation, address and reference."""

    __tablename__ = "verification_attempts"
    __table_args__ = (Index(None, "scope", "scope_key", "at"), Index(None, "at"))

    scope: Mapped[str]
    """conversation, address or reference."""
    scope_key: Mapped[str]
    """The conversation's id, or a keyed hash of the address or of the normalised reference and the kind of proof."""
    at: Mapped[datetime]


class UsedIdentityToken(Model):
    """A shop-signed token that was used: tokens are single use."""

    __tablename__ = "used_identity_tokens"

    jti: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str]
    expires_at: Mapped[datetime]


class OneTimeCode(Identified, Model):
    """A code that was asked for. Made for unknown addresses too, so that the answer and the work are the same.

    The code itself is in the message alone; here is its keyed hash.
    """

    __tablename__ = "one_time_codes"
    __table_args__ = (Index(None, "conversation_id", "created_at"), Index(None, "expires_at"))

    conversation_id: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    """Null where the address is nobody's, or of more than one customer: no code fits."""
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), index=True)
    """The change of a contact that the code lets take effect; null where it opens the customer's record."""
    channel: Mapped[str]
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
