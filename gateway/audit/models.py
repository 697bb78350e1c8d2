"""The agents' audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Identified, Model


class AuditEntry(Identified, Model):
    """One thing that an agent did. Entries are added, never changed; `details` has no words of a shopper."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "conversation_id", "id"), Index(None, "agent_id", "id"))

    at: Mapped[datetime]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str | None] = mapped_column(String(64))
    """Not a foreign key: that something was done stays known when the conversation is erased."""
    details: Mapped[dict[str, Any] | None]
