"""Documents about an order: links to receipts, and tax invoices (发票)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shopdesk_schemas.content import Schema

InvoiceState = Literal["requested", "issued", "sent", "failed", "voided"]
"""requested: the provider was asked · issued: it has a number · sent: it went to the buyer · failed · voided: taken
back by a red-letter invoice (红冲)."""

DOCUMENT_ID = r"^doc_[A-Za-z0-9_-]{43}$"
"""256 random bits, URL-safe: whoever has it may read that one document until it expires."""


class DocumentLinkRequest(Schema):
    """Which document is wanted."""

    kind: Literal["receipt"] = "receipt"
    order: Annotated[str, StringConstraints(pattern=r"\S", max_length=100)] = Field(
        description="The order's number, or a parcel's, as typed."
    )
    language: Literal["en", "zh"] | None = Field(default=None, description="The conversation's own when not given.")


class DocumentLink(Schema):
    """A link for one document."""

    path: str = Field(description="On the gateway: `/documents/doc_…`. Whoever has it can open it.")
    expires_at: datetime


class InvoiceView(Schema):
    """A tax invoice as its buyer sees it. With one order proved only, what was typed into it stays unsaid."""

    id: str
    order_number: str
    type: Literal["personal", "company"]
    state: InvoiceState
    title: str | None
    tax_number: str | None
    email: str | None
    amount_minor: int
    currency: str
    number: str | None = Field(description="The provider's, once it is issued.")
    corrects: str | None = Field(description="The invoice in whose place it comes.")
    requested_at: datetime
    issued_at: datetime | None
    sent_at: datetime | None
    voided_at: datetime | None


class InvoiceList(Schema):
    """Invoices, newest first."""

    invoices: list[InvoiceView]


class StaffInvoiceView(InvoiceView):
    """As agents see it."""

    credit_number: str | None = Field(description="Of the red-letter invoice that took it back.")
    error: str | None
    due_minor: int | None = Field(
        description="What would be invoiced today, after refunds; another amount says that it should be corrected. "
        "Null where the order's records have no prices."
    )


class StaffInvoiceList(Schema):
    """Invoices, newest first."""

    invoices: list[StaffInvoiceView]
