"""An order's payments and refunds as `ledger` reckons with them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from crm_backend.database.engine import ReadSession
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.ledger import LineMoney, OrderMoney, Paid
from crm_backend.payments.models import Payment, Refund
from crm_backend.returns.models import Return

GOODS = frozenset({"item", "sample", "gift_voucher"})
"""Kinds of line that can be taken from an order."""

UNRECORDED = "unrecorded"
"""Stands for the payment of an order that was paid, of which the shop's records keep no payment."""

_PAID_STATES = frozenset({"approved", "invoiced", "processing", "shipped", "delivered"})


def payments_of(session: ReadSession, order_id: int) -> Sequence[Payment]:
    """The payments of an order, in their order."""
    return session.scalars(select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)).all()


def refunds_of(session: ReadSession, order_id: int) -> Sequence[Refund]:
    """The refunds of an order, in their order."""
    return session.scalars(select(Refund).where(Refund.order_id == order_id).order_by(Refund.id)).all()


def is_paid(order: Order) -> bool:
    """Whether the shop took the order for paid, where its records say no more than the order's state."""
    return order.approved_at is not None or order.state in _PAID_STATES


def money_of(session: ReadSession, order: Order, lines: Sequence[OrderLine]) -> OrderMoney | None:
    """The order's money, or None where the records lack the prices that it would take."""
    goods = [line for line in lines if line.kind in GOODS]
    totals = {line.line_number: _line_total(line) for line in goods}
    shipping = order.shipping_minor
    if shipping is None:
        shipping = sum(line.total_minor or 0 for line in lines if line.kind == "shipping")
    total = order.total_minor
    if total is None:
        if not goods or any(value is None for value in totals.values()):
            return None
        said = any(line.kind == "shipping" for line in lines)
        total = sum(value or 0 for value in totals.values()) + (0 if said else shipping)
        total += sum(line.total_minor or 0 for line in lines if line.kind not in GOODS)
    single = len(goods) == 1
    if not single and any(value is None for value in totals.values()):
        # One line without a price makes every share a guess.
        totals = dict.fromkeys(totals, None)
    if not goods:
        return None
    if any(value is None for value in totals.values()):
        if not single:
            return None
        # The only line is worth the whole.
        totals = {goods[0].line_number: max(0, total - shipping)}
    return OrderMoney(
        total_minor=total,
        shipping_minor=shipping,
        lines=[
            LineMoney(
                line.line_number,
                line.quantity,
                line.cancelled_quantity + line.returned_quantity,
                totals[line.line_number] or 0,
            )
            for line in goods
        ],
        paid=paid_by(session, order, total),
        refunded_minor=sum(refund.amount_minor for refund in refunds_of(session, order.id) if _counts(refund)),
        withheld_minor=withheld(session, order.id),
    )


def withheld(session: ReadSession, order_id: int) -> int:
    """What returns of the order let the shop keep beside the goods that stay: fees, and postage for the way back."""
    taken = select(func.coalesce(func.sum(Return.restocking_minor + Return.freight_minor), 0))
    return int(session.scalars(taken.where(Return.order_id == order_id, Return.settled_at.is_not(None))).one())


def paid_by(session: ReadSession, order: Order, total_minor: int) -> list[Paid]:
    """What came, by payment. A payment of unknown state counts when the shop took the order for paid."""
    back: dict[str | None, int] = {}
    for refund in refunds_of(session, order.id):
        if _counts(refund):
            back[refund.payment_external_id] = back.get(refund.payment_external_id, 0) + refund.amount_minor
    payments = payments_of(session, order.id)
    if not payments:
        return [Paid(UNRECORDED, total_minor, back.get(None, 0))] if is_paid(order) and total_minor > 0 else []
    counted = {"captured", "unknown"} if is_paid(order) else {"captured"}
    return [
        Paid(payment.external_id, payment.amount_minor, back.get(payment.external_id, 0))
        for payment in payments
        if payment.state in counted and payment.amount_minor > 0
    ]


def _counts(refund: Refund) -> bool:
    # One of ours that failed is still owed: it is tried again or seen to by a person, and not asked for anew.
    return refund.state != "failed" or refund.effect_id is not None


def _line_total(line: OrderLine) -> int | None:
    if line.total_minor is not None:
        return line.total_minor
    return line.unit_price_minor * line.quantity if line.unit_price_minor is not None else None
