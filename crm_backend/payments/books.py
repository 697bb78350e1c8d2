"""Writing down what of an order's worth went with goods of it, so that it is never worked out a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.ledger import OrderMoney


def fix_shares(lines: Sequence[OrderLine], money: OrderMoney) -> None:
    """Keep each line's share of the order from here on: what comes to the order or goes shifts no other line's."""
    for line in lines:
        if line.line_number in money.shares:
            line.net_minor = money.shares[line.line_number]


def book(
    order: Order, lines: Sequence[OrderLine], money: OrderMoney, goods: Mapping[int, int], shipping_minor: int = 0
) -> None:
    """Note that of the lines' shares so much (minor units, by line number) went, and so much of the postage.

    `money` is the order's money before it (`money_of`). The quantities are the caller's to change.
    """
    fix_shares(lines, money)
    for line in lines:
        if line.line_number in goods:
            line.gone_minor = money.gone_by_line[line.line_number] + goods[line.line_number]
    order.shipping_gone_minor += shipping_minor
