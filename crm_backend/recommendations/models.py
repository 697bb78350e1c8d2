"""Lists that a run of the analysis made, and what came of showing them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.analytics.models import OfRun
from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Id

STEP = "recommendations"
"""Name of the step of the analysis that writes the lists."""

EVENT_KINDS = ("shown", "clicked")


class PersonRecommendations(OfRun, Model):
    """What a person is shown: every list in one row, so that it is one look-up by key."""

    __tablename__ = "person_recommendations"
    __table_args__ = (Index(None, "customer_id"),)

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    """The person: the smallest of their profile's customers' ids."""
    lists: Mapped[dict[str, Any]]
    """By shelf its entries, the best first: `for_you` [product], `discover` [product, because, both, buyers],
    `buy_again` [product, times, last (date), due (date), days between]; `returned`: products that went back."""


class ProductRecommendations(OfRun, Model):
    """What goes with a product."""

    __tablename__ = "product_recommendations"

    product_id: Mapped[int] = mapped_column(Id, ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    lists: Mapped[dict[str, Any]]
    """`together`: [product, baskets with both, baskets with this one]; `similar`: [product, permille of likeness]."""


class PopularRecommendations(OfRun, Model):
    """What strangers are shown, and what is bought now in some part of the shop."""

    __tablename__ = "popular_recommendations"

    scope: Mapped[str] = mapped_column(primary_key=True)
    """starters, popular, country, category, segment."""
    key: Mapped[str] = mapped_column(primary_key=True)
    """The country, category or segment; empty for all."""
    lists: Mapped[dict[str, Any]]
    """`items`: [product, buyers in 30 days]."""


class RecommendationEvent(Identified, Model):
    """Something that was shown or clicked. Later fits read it, and the comparison of arms."""

    __tablename__ = "recommendation_events"
    __table_args__ = (
        CheckConstraint(f"kind IN {EVENT_KINDS}", name="kind"),
        Index(None, "customer_id", "at"),
        Index(None, "at"),
    )

    at: Mapped[datetime]
    kind: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    shelf: Mapped[str]
    arm: Mapped[str]
    position: Mapped[int]
    """From 1."""


class RecommendationRuleSet(Identified, Model):
    """What the shop changed of its rules in the console: one row, in force until it is taken back."""

    __tablename__ = "recommendation_rules"
    __table_args__ = (UniqueConstraint("place"),)

    place: Mapped[int] = mapped_column(default=1, server_default="1")
    """Always 1: two who write the first change at once cannot both store it."""
    rules: Mapped[dict[str, Any]]
    """As `ShelfRules`."""
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
    version: Mapped[int]
    """Of each change one more, also over a time in which the policies' rules held: nobody overwrites unseen."""
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the policies' rules hold again."""


class RecommendationDismissal(Identified, Model):
    """What somebody is not interested in: of a customer, or of a conversation of somebody whom nobody knows."""

    __tablename__ = "recommendation_dismissals"
    __table_args__ = (
        UniqueConstraint("customer_id", "product_id"),
        UniqueConstraint("conversation_id", "product_id"),
        CheckConstraint("(customer_id IS NULL) <> (conversation_id IS NULL)", name="whose"),
    )

    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    conversation_id: Mapped[str | None]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
