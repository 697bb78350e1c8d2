"""Reviews."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model


class Review(Identified, Model):
    """One customer's word on one product: written again, it is the same one, to be looked at anew."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("customer_id", "product_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("state IN ('pending','published','hidden')", name="state"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    rating: Mapped[int]
    words: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="pending")
    """pending: nobody of the shop has looked at it."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
