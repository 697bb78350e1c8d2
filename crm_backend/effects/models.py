"""Work for other systems."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.encryption.columns import SealedDocument, SealedText

EFFECT_STATES = ("pending", "delivered", "accepted", "done", "failed")
OPEN_STATES = ("pending", "delivered", "accepted")
"""While an effect is in one of these, other systems know less than the CRM: an import must not overwrite its order."""

PAPERWORK = ("invoice.issue", "invoice.send", "invoice.void")
"""A tax invoice's."""

BESIDE_THE_ORDER = (*PAPERWORK, "voucher.create", "points.grant")
"""Kinds that change nothing of an order: an import does not wait for them."""


class Effect(Identified, Model):
    """One piece of work: refund this, stop that parcel. Other systems know it by `public_id`, and do it once."""

    __tablename__ = "effects"
    __table_args__ = (CheckConstraint(f"state IN {EFFECT_STATES}", name="state"), Index(None, "state", "next_try_at"))

    public_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(SealedDocument("effects.payload"))
    state: Mapped[str] = mapped_column(default="pending")
    """pending: nobody was told · delivered: the webhook took it · accepted: being worked on · done · failed."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Of the webhook."""
    next_try_at: Mapped[datetime | None]
    """When the webhook may send it, again or at all; null when it has not to."""
    last_error: Mapped[str | None] = mapped_column(SealedText("effects.last_error"))
    """In other systems' words, which may quote what they were sent."""
    reference: Mapped[str | None]
    """What the other system calls it, such as a refund's number at the payment provider."""
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
