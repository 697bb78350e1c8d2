"""An order's payments and refunds as `ledger` reckons with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import bindparam, select

from crm_backend.database.engine import ReadSession
from crm_backend.database.memo import read_once
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.ledger import LineMoney, OrderMoney, Paid, when_settled
from crm_backend.payments.models import Payment, Refund
from crm_backend.returns.models import OPEN_STATES, Return, ReturnLine
from shopdesk_schemas.changes import OfferLine

GOODS = frozenset({"item", "sample", "gift_voucher"})
"""Kinds of line that can be taken from an order."""

UNRECORDED = "unrecorded"
"""Stands for the payment of an order that was paid, of which the shop's records keep no payment."""

_PAID_STATES = frozenset({"approved", "invoiced", "processing", "shipped", "delivered"})

# Every change of an order reads these: they are put together once, not for each.
_PAYMENTS = select(Payment).where(Payment.order_id == bindparam("order")).order_by(Payment.id)
_REFUNDS = select(Refund).where(Refund.order_id == bindparam("order")).order_by(Refund.id)
_RETURNS = select(Return).where(Return.order_id == bindparam("order")).order_by(Return.id)


def payments_of(session: ReadSession, order_id: int) -> Sequence[Payment]:
    """The payments of an order, in their order."""
    return read_once(session, ("payments", order_id), lambda: session.scalars(_PAYMENTS, {"order": order_id}).all())


def refunds_of(session: ReadSession, order_id: int) -> Sequence[Refund]:
    """The refunds of an order, in their order."""
    return read_once(session, ("refunds", order_id), lambda: session.scalars(_REFUNDS, {"order": order_id}).all())


def returns_of(session: ReadSession, order_id: int) -> Sequence[Return]:
    """The returns of an order, in their order."""
    return read_once(session, ("returns", order_id), lambda: session.scalars(_RETURNS, {"order": order_id}).all())


def is_paid(order: Order) -> bool:
    """Whether the shop took the order for paid, where its records say no more than the order's state."""
    return order.approved_at is not None or order.state in _PAID_STATES


def money_of(session: ReadSession, order: Order, lines: Sequence[OrderLine]) -> OrderMoney | None:
    """The order's money, or None where the records lack the prices that it would take."""
    worth = worth_of(order, lines)
    if worth is None:
        return None
    return replace(
        worth,
        paid=paid_by(session, order, worth.total_minor),
        refunded_minor=sum(refund.amount_minor for refund in refunds_of(session, order.id) if _counts(refund)),
        withheld_minor=withheld(session, order.id),
    )


def worth_of(order: Order, lines: Sequence[OrderLine]) -> OrderMoney | None:
    """The same as far as goods and postage go, as if nothing had been paid: enough to share out and to book."""
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
                line.net_minor,
                line.gone_minor,
            )
            for line in goods
        ],
        paid=(),
        refunded_minor=0,
        shipping_gone_minor=order.shipping_gone_minor,
    )


def promised_money_of(
    session: ReadSession, order: Order, lines: Sequence[OrderLine], *, without: Return | None = None
) -> OrderMoney | None:
    """The order's money as it will be when its open returns are settled as promised: what further goods of it are
    worth. `without` leaves one return out. None as with `money_of`.
    """
    money = money_of(session, order, lines)
    open_returns = [
        one
        for one in returns_of(session, order.id)
        if one.state in OPEN_STATES and one.settled_at is None and one.kind != "repair"
        if without is None or one.id != without.id
    ]
    if money is None or not open_returns:
        return money
    coming = session.scalars(select(ReturnLine).where(ReturnLine.return_id.in_([one.id for one in open_returns])))
    return when_settled(
        money,
        [(line.line_number, line.quantity, line.share_minor) for line in coming],
        promised=sum(one.refund_minor for one in open_returns),
        withheld=sum(one.restocking_minor + one.freight_minor for one in open_returns),
    )


def overpaid(session: ReadSession, order: Order) -> int:
    """What the shop has of the order's money beyond what is left of it is worth, minor units: a charge that came after
    the goods it was for had gone.
    """
    lines = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.line_number))
    money = promised_money_of(session, order, lines.all())
    return 0 if money is None else max(0, money.refundable_minor - money.worth_left)


def awaited(session: ReadSession, order_id: int, states: Collection[str] = ("authorised",)) -> int:
    """What we asked for ourselves (a surcharge) and the shop has not confirmed: charges in one of these states."""
    return sum(
        payment.amount_minor
        for payment in payments_of(session, order_id)
        if payment.effect_id is not None and payment.state in states
    )


def set_off_notes(
    session: ReadSession, order: Order, money: OrderMoney | None, quantities: Mapping[int, int]
) -> list[OfferLine]:
    """Says what lowers the refund for these because it was not paid yet. A charge of ours that is on its way brings it
    back when it comes (`charge_answers`); nothing else does.
    """
    unpaid = money.set_off_minor(quantities) if money is not None else 0
    if money is None or not unpaid:
        return []
    never_asked = money.worth_left - money.paid_minor - awaited(session, order.id)
    key = "unpaid_set_off" if never_asked > 0 else "awaited_set_off"
    return [OfferLine(key=key, values={"unpaid_minor": unpaid, "currency": order.currency})]


def withheld(session: ReadSession, order_id: int) -> int:
    """What returns of the order let the shop keep beside the goods that stay: fees, and postage for the way back."""
    settled = [one for one in returns_of(session, order_id) if one.settled_at is not None]
    return sum(one.restocking_minor + one.freight_minor for one in settled)


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
