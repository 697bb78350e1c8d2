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


def book_amount(
    order: Order,
    lines: Sequence[OrderLine],
    money: OrderMoney,
    promised: OrderMoney,
    amount_minor: int,
    *,
    of_postage: bool = False,
) -> None:
    """Note that so much (minor units) of the order's worth went without goods: from the goods in proportion and then
    from the postage, or from the postage alone.

    `promised` is the order once its open returns are settled (`promised_money_of`): what those bring is left alone.
    """
    left = {number: share - promised.gone_by_line[number] for number, share in promised.shares.items()}
    all_goods = sum(left.values())
    of_goods = 0 if of_postage else min(amount_minor, all_goods)
    parts: dict[int, int] = {}
    so_far = given = 0
    for number, worth in left.items():
        so_far += worth
        until_here = of_goods * so_far // all_goods if all_goods else 0
        parts[number] = until_here - given
        given = until_here
    book(order, lines, money, parts, amount_minor - of_goods)
