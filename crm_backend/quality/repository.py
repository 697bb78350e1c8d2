"""Queries about deliveries, and counts of what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from crm_backend.account.models import Customer
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.database.upsert import insert_unless_there
from crm_backend.orders.models import Order, OrderLine
from crm_backend.pipeline.models import HeldBackOrder
from crm_backend.quality.models import Delivery

_NOTHING = {"calls": 0, "received": 0, "inserted": 0, "updated": 0, "unchanged": 0, "rejected": 0}


def delivery_of_the_day(session: WriteSession, source: str, kind: str, at: datetime) -> Delivery:
    """The day's delivery of calls, locked; made when there is none."""
    key = {"channel": "backoffice", "source": source, "kind": kind, "day": at.astimezone(UTC).date(), "part": 0}
    insert_unless_there(session, Delivery, **key, **_NOTHING, first_at=at, last_at=at, cleaned={}, reasons={})
    return session.scalars(select(Delivery).filter_by(**key).with_for_update()).one()


def add_import(session: WriteSession, source: str, shape: str, at: datetime, **counts: Any) -> None:
    """Keep one import of files as the day's next."""
    take_turns(session, ["deliveries:files"])
    day = at.astimezone(UTC).date()
    key = {"channel": "files", "source": source, "kind": shape, "day": day}
    last = session.scalar(select(func.max(Delivery.part)).filter_by(**key)) or 0
    session.add(Delivery(**key, part=last + 1, first_at=at, last_at=at, calls=1, **counts))


def deliveries_since(session: ReadSession, since: datetime) -> Sequence[Delivery]:
    """Deliveries of that time, the newest first."""
    return session.scalars(
        select(Delivery).where(Delivery.last_at >= since).order_by(Delivery.last_at.desc(), Delivery.id.desc())
    ).all()


def stored_counts(session: ReadSession) -> Iterator[tuple[str, str, int]]:
    """By source: how many records there are, and how many lack what one would want to know."""
    customers: dict[str, ColumnElement[bool]] = {
        "customers_without_name": Customer.name.is_(None),
        "customers_without_contact": and_(Customer.email_key.is_(None), Customer.phone_key.is_(None)),
        # The hash of a number that could be read begins like the number.
        "customers_with_unreadable_phone": func.substr(Customer.phone_key, 1, 1) != "+",
    }
    yield from _counts(session, Customer, "customers", customers)
    orders: dict[str, ColumnElement[bool]] = {
        "orders_of_guests": Order.customer_id.is_(None),
        "orders_without_lines": ~exists().where(OrderLine.order_id == Order.id),
        "orders_held_back": exists().where(HeldBackOrder.order_id == Order.id),
    }
    yield from _counts(session, Order, "orders", orders)


def _counts(
    session: ReadSession, model: type[Customer] | type[Order], name: str, conditions: dict[str, ColumnElement[bool]]
) -> Iterator[tuple[str, str, int]]:
    query = select(model.source, func.count(), *(func.count().filter(condition) for condition in conditions.values()))
    for source, total, *counts in session.execute(query.group_by(model.source).order_by(model.source)):
        yield source, name, total
        yield from ((source, what, count) for what, count in zip(conditions, counts, strict=True))
