"""The pictures of conversations, in the database like all else of them: one backup, one erasure."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Model


class Image(Model):
    """A picture that a shopper or an agent put into a conversation. `width` and `height` in pixels."""

    __tablename__ = "images"
    __table_args__ = (CheckConstraint("author IN ('shopper','agent')", name="author"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(16))
    media_type: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]
