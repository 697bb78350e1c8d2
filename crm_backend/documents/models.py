"""Links to documents, and tax invoices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Minor
from crm_backend.encryption.columns import SealedText

INVOICE_STATES = ("requested", "issued", "sent", "failed", "voided")
"""requested: the provider was asked · issued: it has a number · sent: it went to the buyer · failed: not issued ·
voided: taken back by a red-letter invoice (红冲), to be replaced."""
STANDING = ("requested", "issued", "sent")
"""States in which an invoice is, or will be, good: an order has one such at most."""
INVOICE_TYPES = ("personal", "company")


class DocumentLink(Identified, Model):
    """Lets whoever holds its id fetch one document for a short time. The id itself is not kept, only its hash."""

    __tablename__ = "document_links"
    __table_args__ = (CheckConstraint("kind IN ('receipt')", name="kind"), Index(None, "expires_at"))

    id_hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    full: Mapped[bool]
    """Whether the conversation had the customer's whole record open: the document then shows what cards paid."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Invoice(Identified, Model):
    """A tax invoice (发票) for one order, as it was asked for. A correction is another one that names the first."""

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint(f"state IN {INVOICE_STATES}", name="state"),
        CheckConstraint(f"type IN {INVOICE_TYPES}", name="type"),
        CheckConstraint("amount_minor > 0", name="amount"),
        Index(None, "state", "requested_at"),
    )

    external_id: Mapped[str] = mapped_column(unique=True)
    """What shopper, provider and agents know it by."""
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    type: Mapped[str]
    title: Mapped[str | None] = mapped_column(SealedText("invoices.title"))
    """抬头: the name it is made out to. Null once the person was erased."""
    tax_number: Mapped[str | None] = mapped_column(SealedText("invoices.tax_number"))
    email: Mapped[str | None] = mapped_column(SealedText("invoices.email"))
    state: Mapped[str] = mapped_column(default="requested")
    amount_minor: Mapped[int] = mapped_column(Minor)
    """What was paid and not given back when it was asked for."""
    currency: Mapped[str]
    number: Mapped[str | None]
    """The provider's, once it is issued."""
    credit_number: Mapped[str | None]
    """Of the red-letter invoice that took it back."""
    corrects: Mapped[str | None]
    """The `external_id` of the invoice in whose place it comes."""
    error: Mapped[str | None]
    requested_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
