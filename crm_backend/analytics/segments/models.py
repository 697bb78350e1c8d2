"""Segments, who is in them, who came and went, and the rules that the shop wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.analytics.models import OfRun
from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Id, Minor

SEGMENT_KINDS = ("rfm", "cluster", "own")


class Segment(OfRun, Model):
    """One segment as it was in one run. The rows of published runs stay: together they are its history."""

    history: ClassVar[bool] = True
    __tablename__ = "segments"
    __table_args__ = (CheckConstraint(f"kind IN {SEGMENT_KINDS}", name="kind"), Index(None, "key"))

    key: Mapped[str] = mapped_column(primary_key=True)
    """`rfm_champions`, `cluster_big_baskets`, `own_…`: stable over runs."""
    kind: Mapped[str]
    size: Mapped[int] = mapped_column(Integer)
    share: Mapped[float]
    """Of all customers who are known, 0 to 1."""
    spend_minor: Mapped[int] = mapped_column(Minor)
    """What its people bought, net, ever."""
    currency: Mapped[str | None]
    entered: Mapped[int] = mapped_column(Integer)
    left: Mapped[int] = mapped_column(Integer)
    """Who came and went since the run before, whoever was erased left out."""
    typical: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """By trait: the median or share here, and of everybody. What sets the segment apart comes first."""


class SegmentMember(OfRun, Model):
    """A person in a segment."""

    __tablename__ = "segment_members"
    __table_args__ = (Index(None, "customer_id"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
    """Of the first of the runs in which they have been in it without a break."""


class SegmentMove(OfRun, Model):
    """Somebody who came into a segment, or left it, between two runs."""

    history: ClassVar[bool] = True
    __tablename__ = "segment_moves"
    __table_args__ = (
        CheckConstraint("direction IN ('entered','left')", name="direction"),
        Index(None, "customer_id"),
        Index(None, "key"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    direction: Mapped[str]


class SegmentRule(Identified, Model):
    """A segment that the shop defined. Not of any run: it holds until it is changed."""

    __tablename__ = "segment_rules"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[dict[str, str]]
    """By language."""
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    rule: Mapped[dict[str, Any]]
    use: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the desk makes of it: queue priority, greeting, offer."""
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
