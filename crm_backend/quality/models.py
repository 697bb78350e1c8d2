"""Reports about data that came in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model


class Delivery(Identified, Model):
    """What became of data from one source: of one import of files, or of a day's calls of one kind.

    Amounts only: no names, no values.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("channel", "source", "kind", "day", "part"),
        CheckConstraint("channel IN ('files','backoffice')", name="channel"),
        Index(None, "last_at"),
    )

    channel: Mapped[str]
    source: Mapped[str]
    kind: Mapped[str]
    """Of files their shape; of calls `events` or the record type."""
    day: Mapped[date]
    """In UTC."""
    part: Mapped[int]
    """1, 2, 3 … for the day's imports; 0 for calls, which are added up."""
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    calls: Mapped[int]
    received: Mapped[int]
    """Rows of files, or items of calls."""
    inserted: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    cleaned: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Times each named rule changed a value."""
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Times something was rejected, by reason."""
