"""The audit log's one table. The database itself refuses to change or remove its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model


class AuditEntry(Identified, Model):
    """One thing that was done. Holds no personal data: ids, names of fields, amounts."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "subject_type", "subject_id"),)

    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    conversation_id: Mapped[str | None]
    message_id: Mapped[str | None]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    entry_hash: Mapped[str] = mapped_column(unique=True)
