"""Who was erased, by hashes alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model

TOMBSTONE_KINDS = ("customer", "order", "email")


class Erasure(Identified, Model):
    """One person's erasure, and what became of it. Holds no personal data."""

    __tablename__ = "erasures"

    public_id: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    counts: Mapped[dict[str, Any]]
    """Rows by store, by table, by what was done with them: {"crm": {"orders": {"cleared": 2}}}."""
    conversations: Mapped[dict[str, Any]]
    """{"ids": […]} of those that other stores still have to erase; empty once it is complete."""
    completed_at: Mapped[datetime | None]
    receipt_hash: Mapped[str | None]
    """SHA-256 of the receipt, once it is complete."""


class Tombstone(Model):
    """Something that must not come back, by a keyed hash of its id: an import leaves it out."""

    __tablename__ = "tombstones"
    __table_args__ = (CheckConstraint(f"kind IN {TOMBSTONE_KINDS}", name="kind"), Index(None, "erasure_id"))

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """customer or order, by source and external id; email, so that asking again finds the erasure."""
    key_id: Mapped[str]
    """Which key made the hash: with another one nobody would be recognised."""
    erasure_id: Mapped[int] = mapped_column(ForeignKey("erasures.id", ondelete="CASCADE"))
