"""What shoppers are to be told on a messaging platform without having asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Id

KINDS = ("parcel_delayed", "parcel_delivered", "refund_paid")


class ChatNotice(Identified, Model):
    """One piece of news for one account; made once for what it is about, given to the gateway until that has it."""

    __tablename__ = "chat_notices"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("state IN ('waiting','told')", name="state"),
        UniqueConstraint("kind", "about", "conversation_id"),
        Index(None, "state", "id"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str]
    """The newest conversation on the account."""
    kind: Mapped[str]
    about: Mapped[int] = mapped_column(Id)
    """The parcel's or refund's key."""
    details: Mapped[dict[str, Any]]
    """What the gateway puts into words: the order's number, a day, an amount."""
    state: Mapped[str] = mapped_column(default="waiting")
    created_at: Mapped[datetime]
