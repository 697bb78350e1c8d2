"""Stock movements: goods that came or went for another reason than a sale."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from crm_backend.database.base import Imported, Model


class StockMovement(Imported, Model):
    """One write-off, find or correction. `quantity` is signed: negative goods left."""

    __tablename__ = "stock_movements"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    sku: Mapped[str]
    quantity: Mapped[int]
    reason: Mapped[str | None]
    """As the source words it; null where it says nothing."""
    moved_at: Mapped[datetime]
