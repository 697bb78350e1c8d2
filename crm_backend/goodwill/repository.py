"""Queries about goodwill."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.goodwill.models import GIVEN, Goodwill
from crm_backend.orders.models import Order

Row = tuple[Goodwill, str]
"""With the order's number."""


def given_minor(session: ReadSession, order: Order, since: datetime) -> int:
    """What the order's customer was given since then, in the order's currency; a guest for this order."""
    theirs: ColumnElement[bool] = Goodwill.order_id == order.id
    if order.customer_id is not None:
        theirs = or_(Goodwill.customer_id == order.customer_id, theirs)
    query = select(func.coalesce(func.sum(Goodwill.worth_minor), 0)).where(
        theirs, Goodwill.currency == order.currency, Goodwill.state.in_(GIVEN), Goodwill.asked_at >= since
    )
    return int(session.scalar(query) or 0)


def of_proposal(session: WriteSession, proposal_id: int) -> Goodwill | None:
    """What came of a proposal, held against other writers."""
    return session.scalars(select(Goodwill).where(Goodwill.proposal_id == proposal_id).with_for_update()).first()


def lock(session: WriteSession, public_id: str) -> Goodwill | None:
    """One of them, held against other writers."""
    query = select(Goodwill).where(Goodwill.public_id == public_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def listed(session: ReadSession, states: Collection[str], conversation_id: str | None, limit: int) -> Sequence[Row]:
    """In these states, the newest first."""
    query = _rows().where(Goodwill.state.in_(states))
    if conversation_id is not None:
        query = query.where(Goodwill.conversation_id == conversation_id)
    return [(row[0], row[1]) for row in session.execute(query.order_by(Goodwill.id.desc()).limit(limit))]


def find(session: ReadSession, public_id: str) -> Row | None:
    """One of them."""
    return next(((row[0], row[1]) for row in session.execute(_rows().where(Goodwill.public_id == public_id))), None)


def untold(session: ReadSession, limit: int) -> Sequence[Row]:
    """What shoppers are to be told: that a lead allowed it, and that it has happened. The oldest first."""
    allowed = (Goodwill.state == "requested") & Goodwill.decided_by.is_not(None) & Goodwill.told_state.is_(None)
    done = (Goodwill.state == "done") & (func.coalesce(Goodwill.told_state, "") != "done")
    query = _rows().where(Goodwill.conversation_id.is_not(None), allowed | done).order_by(Goodwill.id).limit(limit)
    return [(row[0], row[1]) for row in session.execute(query)]


def _rows() -> Select[Goodwill, str]:
    return select(Goodwill, Order.number).join(Order, Order.id == Goodwill.order_id)
