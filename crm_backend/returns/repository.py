"""Queries about returns. What a shopper may see of them goes through the order's own condition."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select

from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import Access
from crm_backend.normalise import number_key
from crm_backend.orders.access import visible_to
from crm_backend.orders.models import Order
from crm_backend.payments.models import Refund
from crm_backend.payments.repository import returns_of
from crm_backend.returns.models import OPEN_STATES, Return, ReturnLine

LIST_LIMIT = 200


def find_return(session: ReadSession, access: Access, number: str) -> Return | None:
    """The return with this number, if its order is visible."""
    return session.scalars(
        select(Return)
        .join(Order, Order.id == Return.order_id)
        .where(visible_to(access), Return.number == number_key(number))
    ).first()


def list_returns(session: ReadSession, access: Access) -> Sequence[tuple[Return, Order]]:
    """The visible returns with their orders, newest first."""
    rows = session.execute(
        select(Return, Order)
        .join(Order, Order.id == Return.order_id)
        .where(visible_to(access))
        .order_by(Return.requested_at.desc(), Return.id.desc())
        .limit(LIST_LIMIT)
    )
    return [(row[0], row[1]) for row in rows]


def by_state(session: ReadSession, state: str | None, limit: int) -> Sequence[tuple[Return, Order]]:
    """For agents: returns in a state, or all, the oldest first."""
    query = select(Return, Order).join(Order, Order.id == Return.order_id)
    if state is not None:
        query = query.where(Return.state == state)
    rows = session.execute(query.order_by(Return.requested_at, Return.id).limit(limit))
    return [(row[0], row[1]) for row in rows]


def lines_of(session: ReadSession, return_ids: Collection[int]) -> Mapping[int, Sequence[ReturnLine]]:
    """The lines of these returns, by return. The caller got the ids through `find_return` or `list_returns`."""
    found: dict[int, list[ReturnLine]] = {identifier: [] for identifier in return_ids}
    if not found:
        return found
    for line in session.scalars(
        select(ReturnLine).where(ReturnLine.return_id.in_(return_ids)).order_by(ReturnLine.line_number)
    ):
        found[line.return_id].append(line)
    return found


def refunds_of(session: ReadSession, return_ids: Collection[int]) -> Mapping[int, Sequence[Refund]]:
    """The refunds of these returns, by return."""
    found: dict[int, list[Refund]] = {identifier: [] for identifier in return_ids}
    for refund in session.scalars(select(Refund).where(Refund.return_id.in_(return_ids)).order_by(Refund.id)):
        if refund.return_id is not None:
            found[refund.return_id].append(refund)
    return found


def coming_back(session: ReadSession, order_id: int) -> Mapping[int, int]:
    """By line number, how many are in open returns and do not count as returned yet."""
    rows = session.execute(
        select(ReturnLine.line_number, func.sum(ReturnLine.quantity))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(Return.order_id == order_id, Return.state.in_(OPEN_STATES), Return.settled_at.is_(None))
        .group_by(ReturnLine.line_number)
    )
    return {row[0]: int(row[1]) for row in rows}


def of_order(session: ReadSession, order_id: int) -> Sequence[Return]:
    """All returns of an order that the caller may see."""
    return returns_of(session, order_id)
