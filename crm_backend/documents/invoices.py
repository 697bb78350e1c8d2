"""Tax invoices: what one would be over, which stands for an order, and how shoppers and agents see them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from crm_backend.database.engine import ReadSession
from crm_backend.documents.models import STANDING, Invoice
from crm_backend.effects.models import PAPERWORK
from crm_backend.identity.access import Access
from crm_backend.orders.access import visible_to
from crm_backend.orders.models import Order, OrderLine
from crm_backend.orders.remaining import lines_of
from crm_backend.payments.repository import money_of, payments_of
from crm_backend.policies.documents import Invoices
from shopdesk_schemas.documents import InvoiceList, InvoiceView, StaffInvoiceList, StaffInvoiceView

LIST_LIMIT = 200

EFFECTS = PAPERWORK
"""The kinds of effect that a provider, or the shop's own system, carries out."""
ISSUE, SEND, VOID = EFFECTS


def due_minor(session: ReadSession, order: Order, rules: Invoices) -> int | None:
    """What an invoice of the order would be over now: paid, not given back, and not by a method that is left out.

    Refunds are taken off what was paid by the other methods first, so that an invoice is never over too much. None
    where the records lack the prices.
    """
    lines: list[OrderLine] = list(lines_of(session, order.id))
    money = money_of(session, order, lines)
    if money is None:
        return None
    methods = {payment.external_id: payment.method for payment in payments_of(session, order.id)}
    counted = sum(paid.amount_minor for paid in money.paid if methods.get(paid.payment) not in rules.methods_without)
    return max(0, min(counted, money.total_minor) - money.refunded_minor)


def standing(session: ReadSession, order_id: int) -> Invoice | None:
    """The invoice of an order that is, or will be, good."""
    query = select(Invoice).where(Invoice.order_id == order_id, Invoice.state.in_(STANDING))
    return session.scalars(query.order_by(Invoice.id.desc()).limit(1)).first()


def corrections_of(session: ReadSession, order_id: int) -> int:
    """How often an invoice of the order was, or is being, put in place of another."""
    query = select(Invoice.id).where(
        Invoice.order_id == order_id, Invoice.corrects.is_not(None), Invoice.state != "failed"
    )
    return len(session.scalars(query).all())


def find(session: ReadSession, external_id: str) -> Invoice | None:
    """One invoice, held against other writers."""
    return session.scalars(select(Invoice).where(Invoice.external_id == external_id).with_for_update()).first()


def list_invoices(session: ReadSession, access: Access) -> InvoiceList:
    """The shopper's, newest first; none for somebody who is not verified."""
    rows = _rows(session, visible_to(access), limit=LIST_LIMIT)
    return InvoiceList(
        invoices=[InvoiceView.model_validate(_view(*row, full=access.level == "customer")) for row in rows]
    )


def list_for_staff(
    session: ReadSession, rules: Invoices, number_key: str | None, state: str | None, limit: int
) -> StaffInvoiceList:
    """Invoices of an order, in a state, or all; newest first."""
    wanted: list[ColumnElement[bool]] = [Order.kind == "sale"]
    if number_key is not None:
        wanted.append(Order.number_key == number_key)
    if state is not None:
        wanted.append(Invoice.state == state)
    found = []
    for invoice, order in _rows(session, *wanted, limit=limit):
        told = {
            "credit_number": invoice.credit_number,
            "error": invoice.error,
            "due_minor": due_minor(session, order, rules),
        }
        found.append(StaffInvoiceView.model_validate(_view(invoice, order, full=True) | told))
    return StaffInvoiceList(invoices=found)


def _rows(session: ReadSession, *wanted: ColumnElement[bool], limit: int) -> list[tuple[Invoice, Order]]:
    query = select(Invoice, Order).join(Order, Order.id == Invoice.order_id).where(*wanted)
    return [(row[0], row[1]) for row in session.execute(query.order_by(Invoice.id.desc()).limit(limit))]


def _view(invoice: Invoice, order: Order, *, full: bool) -> dict[str, object]:
    return {
        "id": invoice.external_id,
        "order_number": order.number,
        "type": invoice.type,
        "state": invoice.state,
        "title": invoice.title if full else None,
        "tax_number": invoice.tax_number if full else None,
        "email": invoice.email if full else None,
        "amount_minor": invoice.amount_minor,
        "currency": invoice.currency,
        "number": invoice.number,
        "corrects": invoice.corrects,
        "requested_at": invoice.requested_at,
        "issued_at": invoice.issued_at,
        "sent_at": invoice.sent_at,
        "voided_at": invoice.voided_at,
    }
