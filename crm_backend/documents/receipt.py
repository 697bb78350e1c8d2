"""What a receipt says, gathered from the order's records and worded; how it looks is `drawing.py`'s.

Nothing is reckoned that the records have: goods, postage, discount, tax and total are as the order has them, and a
row that they lack is left out. Only the sums of payments and refunds are added up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_backend.database.engine import ReadSession
from crm_backend.documents.wording import Words, moment, money, words
from crm_backend.identity.access import Access
from crm_backend.orders import repository as orders
from crm_backend.orders import service
from crm_backend.payments import repository as payments
from crm_backend.payments.models import Payment
from crm_backend.policies.policy import Shop
from shopdesk_schemas.crm import OrderLineView, OrderView, RefundView
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language

_CAME = frozenset({"captured", "unknown"})
"""States of payments that are counted as paid; of an unknown one the source says no more than that it is there."""


@dataclass(frozen=True)
class ReceiptLine:
    """A row of goods: name, smaller print under it, and its amounts as text."""

    title: str
    details: tuple[str, ...]
    quantity: str
    unit_price: str
    total: str


@dataclass(frozen=True)
class Receipt:
    """Everything on the paper, in the order in which it is read. All texts are the reader's language's."""

    language: Language
    title: str
    shop: str
    contacts: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    """(name, value): number, time, buyer, state."""
    columns: tuple[str, str, str, str]
    lines: tuple[ReceiptLine, ...]
    no_lines: str
    """Said in place of lines where there are none."""
    sums: tuple[tuple[str, str], ...]
    """(name, amount), the total last."""
    payments_title: str
    payments: tuple[tuple[str, str], ...]
    refunds_title: str
    refunds: tuple[tuple[str, str], ...]
    balance: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    page: str
    """With {page}."""
    number: str


def receipt_of(
    session: ReadSession, access: Access, number: str, shop: Shop, language: Language, now: datetime
) -> Receipt:
    """The receipt of the order with this number that `access` may see. Raises NotFound.

    Brand and last digits of cards are told only to who has the customer's record open: one proved order does not
    show more of a wallet than the order itself.
    """
    order = orders.find_order(session, access, number)
    if order is None:
        raise NotFound
    told = service.get_order(session, access, order.number, language, now)
    text = words(language)
    said = text["receipt"]
    came = payments.payments_of(session, order.id)
    paid = sum(payment.amount_minor for payment in came if payment.state in _CAME)
    back = sum(refund.amount_minor for refund in told.refunds if refund.state != "failed")
    support = shop.support
    facts = [
        (said["order"], order.number),
        (said["placed"], moment(order.placed_at, order.timezone, language)),
        (said["state"], text["states"][order.state]),
    ]
    if order.contact_name:
        facts.insert(2, (said["buyer"], order.contact_name))
    balance = []
    if came:
        balance.append((said["paid"], money(paid, order.currency, language)))
        if told.refunds:
            balance.append((said["refunded"], money(-back, order.currency, language)))
            balance.append((said["balance"], money(paid - back, order.currency, language)))
    settled = payments.is_paid(order) or paid > 0
    return Receipt(
        language=language,
        title=said["title"] if settled else said["unpaid_title"],
        shop=shop.name.get(language) or shop.name[shop.default_language],
        contacts=tuple(one for one in (support.email, support.phone) if one),
        facts=tuple(facts),
        columns=(said["item"], said["quantity"], said["unit_price"], said["total"]),
        lines=tuple(_line(line, order.currency, text, language) for line in told.lines),
        no_lines=said["no_lines"],
        sums=tuple(_sums(told, text, language)),
        payments_title=said["payments"],
        payments=tuple(_payment(one, order.timezone, text, language, full=access.level == "customer") for one in came)
        or ((said["no_payments"], ""),),
        refunds_title=said["refunds"],
        refunds=tuple(_refund(refund, order.timezone, text, language) for refund in told.refunds),
        balance=tuple(balance),
        notes=(
            said["not_a_tax_invoice"],
            said["printed"].format(at=moment(now, order.timezone, language)),
        ),
        page=said["page"],
        number=order.number,
    )


def _line(line: OrderLineView, currency: str, text: Words, language: Language) -> ReceiptLine:
    said = text["receipt"]
    details = []
    if line.options:
        details.append(" · ".join(f"{name}: {value}" for name, value in line.options.items()))
    if line.sku:
        details.append(said["sku"].format(sku=line.sku))
    if line.cancelled_quantity:
        details.append(said["cancelled"].format(count=line.cancelled_quantity))
    if line.returned_quantity:
        details.append(said["returned"].format(count=line.returned_quantity))
    total = line.total_minor
    if total is None and line.unit_price_minor is not None:
        total = line.unit_price_minor * line.quantity
    return ReceiptLine(
        title=line.title or said["unnamed"],
        details=tuple(details),
        quantity=str(line.quantity),
        unit_price=_amount(line.unit_price_minor, currency, language),
        total=_amount(total, currency, language),
    )


def _sums(order: OrderView, text: Words, language: Language) -> list[tuple[str, str]]:
    said = text["receipt"]
    rows = [
        (said["subtotal"], order.subtotal_minor),
        (said["shipping"], order.shipping_minor),
        (said["discount"], -order.discount_minor if order.discount_minor else None),
    ]
    parts = (order.subtotal_minor or 0) + (order.shipping_minor or 0) - (order.discount_minor or 0)
    # Sources do not say whether their prices have the tax in them; their sums do.
    if order.tax_minor and order.subtotal_minor is not None and parts == order.total_minor:
        rows += [(said["grand_total"], order.total_minor), (said["tax_included"], order.tax_minor)]
    else:
        rows += [(said["tax"], order.tax_minor), (said["grand_total"], order.total_minor)]
    return [(name, money(amount, order.currency, language)) for name, amount in rows if amount is not None]


def _payment(payment: Payment, zone: str, text: Words, language: Language, *, full: bool) -> tuple[str, str]:
    methods = text["payment_methods"]
    parts = [methods.get(payment.method, payment.method)]
    if full and payment.brand:
        parts.append(payment.brand)
    if full and payment.last4:
        parts.append(f"•••• {payment.last4}")
    if payment.instalments and payment.instalments > 1:
        parts.append(text["receipt"]["instalments"].format(count=payment.instalments))
    if payment.paid_at is not None:
        parts.append(moment(payment.paid_at, zone, language))
    parts.append(text["payment_states"].get(payment.state, payment.state))
    return " · ".join(part for part in parts if part), money(payment.amount_minor, payment.currency, language)


def _refund(refund: RefundView, zone: str, text: Words, language: Language) -> tuple[str, str]:
    targets = text["refund_targets"]
    parts = [text["refund_states"][refund.state]]
    if refund.target:
        parts.append(targets.get(refund.target, targets["other"]))
    at = refund.paid_at or refund.requested_at
    if at is not None:
        parts.append(moment(at, zone, language))
    return " · ".join(parts), money(refund.amount_minor, refund.currency, language)


def _amount(amount_minor: int | None, currency: str, language: Language) -> str:
    return "–" if amount_minor is None else money(amount_minor, currency, language)
