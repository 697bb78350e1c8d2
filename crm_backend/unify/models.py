"""Profiles, who belongs to them, and the pairs of customers that were compared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from crm_backend.database.base import Identified, Model

Reasons = JSON().with_variant(JSONB(), "postgresql")


class Profile(Identified, Model):
    """One person known as two customers or more. Whoever is one customer only has none."""

    __tablename__ = "profiles"

    public_id: Mapped[str] = mapped_column(unique=True)
    """Follows from the members alone: the same people get the same id, in whatever order they were found."""
    created_at: Mapped[datetime]


class ProfileMember(Model):
    """A customer's place in a profile."""

    __tablename__ = "profile_members"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), index=True)


class MatchPair(Identified, Model):
    """Two customers who may be one person: what the rules say, and what a person decided."""

    __tablename__ = "match_pairs"
    __table_args__ = (
        UniqueConstraint("low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="order"),
        CheckConstraint("verdict IN ('same','doubtful','different')", name="verdict"),
        CheckConstraint("decision IN ('same','apart')", name="decision"),
        Index(None, "high_id"),
        Index(None, "verdict", "decision"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    low_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    high_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    verdict: Mapped[str]
    """What the rules say today: same, doubtful, or different where only a decision keeps the pair."""
    score: Mapped[int]
    """0 to 100."""
    reasons: Mapped[list[Any]] = mapped_column(Reasons, default=list)
    """Names of the rules that spoke, with what each gave: [{"rule": "phone_same", "points": 45}]."""
    conflict: Mapped[bool] = mapped_column(default=False)
    """Something speaks against it, such as two birth dates."""
    held: Mapped[bool] = mapped_column(default=False)
    """Said to be the same, and not joined: the profile would hold two who contradict each other."""
    decision: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
