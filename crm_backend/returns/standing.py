"""Where an order stands when goods of it may come back: facts for the rules, and the ledger for the prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from crm_backend.database.engine import ReadSession
from crm_backend.orders import repository as orders
from crm_backend.orders.models import Order, OrderLine
from crm_backend.orders.repository import CataloguedLine
from crm_backend.payments.ledger import OrderMoney
from crm_backend.payments.repository import GOODS, awaited, money_of, promised_money_of
from crm_backend.policies.policy import Policies
from crm_backend.returns import repository
from crm_backend.returns.deliveries import arrived
from crm_backend.returns.models import OPEN_STATES, Return
from crm_backend.returns.rules import LineFacts, category_names


@dataclass(frozen=True)
class Standing:
    """`ledger` is the order's money as it is, `money` as it will be with all open returns settled as promised.

    Both are None where the records lack prices.
    """

    order: Order
    lines: Mapping[int, CataloguedLine]
    """Goods only, by line number."""
    facts: Mapping[int, LineFacts]
    ledger: OrderMoney | None
    money: OrderMoney | None
    others_open: bool
    """Whether goods of it are on their way back already, for money or for others."""

    def line(self, number: int) -> OrderLine:
        """One of the order's lines of goods."""
        return self.lines[number].line


def standing(session: ReadSession, policies: Policies, order: Order, *, without: Return | None = None) -> Standing:
    """The present standing of an order that the caller may see; as if `without` were not there, where it is given."""
    catalogued = orders.lines(session, [order.id])
    lines = [one.line for one in catalogued]
    returns = [one for one in repository.of_order(session, order.id) if without is None or one.id != without.id]
    open_returns = [one for one in returns if one.state in OPEN_STATES and one.settled_at is None]
    of_return = repository.lines_of(session, [one.id for one in returns])
    coming: dict[int, int] = {}
    for one in open_returns:
        for line in of_return[one.id]:
            coming[line.line_number] = coming.get(line.line_number, 0) + line.quantity
    later: dict[int, datetime] = {
        line.new_line_number: one.requested_at
        for one in returns
        for line in of_return[one.id]
        if line.new_line_number is not None
    }
    here = arrived(session, order, lines, later)
    ledger = money_of(session, order, lines)
    money = promised_money_of(session, order, lines, without=without)
    if money is not None and policies.returns.refund_when != "approved":
        # Goods come back first: by then what was asked for has come, or `settle` keeps it back.
        money = replace(money, awaited_minor=awaited(session, order.id))
    zone = ZoneInfo(order.timezone)
    goods = {one.line.line_number: one for one in catalogued if one.line.kind in GOODS}
    facts = {
        number: LineFacts(
            line_number=number,
            ordered=one.line.quantity,
            cancelled=one.line.cancelled_quantity,
            returned=one.line.returned_quantity,
            coming_back=coming.get(number, 0),
            arrived=here[number].quantity,
            delivered_at=here[number].delivered_at,
            handed_over_at=here[number].handed_over_at,
            placed_at=order.placed_at,
            zone=zone,
            market=order.country or policies.shop.country,
            categories=category_names(one.product),
        )
        for number, one in goods.items()
    }
    return Standing(order, goods, facts, ledger, money, any(one.kind != "repair" for one in open_returns))
