"""Records of an import that wait until a change of ours is settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Id
from crm_backend.encryption.columns import SealedDocument


class HeldBackOrder(Identified, Model):
    """What a file said of an order of which a change waited for another system: the newest such word, at most one."""

    __tablename__ = "held_back_orders"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), unique=True)
    said: Mapped[dict[str, Any]] = mapped_column(SealedDocument("held_back_orders.said"))
    """The order as the file had it, in the canonical format: `record`, `children` by kind, and in `unsaid` the kinds
    of children that the file says nothing about."""
    first_effect_id: Mapped[int] = mapped_column(Id)
    """The oldest effect that it waits for. One of these or a later one that was done may have changed the order."""
    held_at: Mapped[datetime]
