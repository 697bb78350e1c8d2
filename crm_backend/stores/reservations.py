"""Keeping goods in a store: taking them from what can be had, handing them out, giving them back.

What can be had of a stock row is `quantity - reserved`. Every step changes it by one statement that checks what it
takes, so that of many at once none takes what another has; it is never less than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import CursorResult, and_, case, func, select, update

from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.identity.access import Access
from crm_backend.normalise import sku_key
from crm_backend.products.models import Product, Variant
from crm_backend.stores.models import HELD, Reservation, Stock, Store

AT_ONCE = 200
"""Reservations that one call lets expire."""


def take(session: WriteSession, stock_id: int, quantity: int) -> bool:
    """Keep so many of a stock row for somebody; False, and nothing done, when there are not that many."""
    taken = session.execute(
        update(Stock)
        .where(Stock.id == stock_id, Stock.quantity - Stock.reserved >= quantity)
        .values(reserved=Stock.reserved + quantity)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", taken).rowcount == 1


def settle(
    session: WriteSession,
    reservation: Reservation,
    state: Literal["collected", "expired", "cancelled"],
    now: datetime,
) -> None:
    """End a reservation that is held: the goods leave with the shopper, or can be had again.

    The caller holds its row. Where an import has changed the shelf meanwhile, what is left of it goes down no further
    than to none.
    """
    give_back(session, reservation.store_id, reservation.sku, reservation.quantity, left_the_shelf=state == "collected")
    reservation.state = state
    reservation.settled_at = now
    reservation.version += 1


def give_back(session: WriteSession, store_id: int, sku: str, quantity: int, *, left_the_shelf: bool = False) -> None:
    """Keep so many of a SKU no longer: of the row that has it so spelled, or another spelling where that has not kept
    as many.
    """
    stock = (
        select(Stock.id)
        .where(Stock.store_id == store_id, Stock.sku_key == sku_key(sku))
        .order_by(
            case((and_(Stock.sku == sku, Stock.reserved >= quantity), 0), else_=1), Stock.reserved.desc(), Stock.id
        )
        .limit(1)
        .scalar_subquery()
    )
    values: dict[str, Any] = {"reserved": _less(Stock.reserved, quantity)}
    if left_the_shelf:
        values["quantity"] = _less(Stock.quantity, quantity)
    session.execute(update(Stock).where(Stock.id == stock).values(values).execution_options(synchronize_session=False))


def _less(column: Any, quantity: int) -> Any:
    return case((column >= quantity, column - quantity), else_=0)


def expire(session: WriteSession, now: datetime, *, store_id: int | None = None, sku: str | None = None) -> int:
    """Give back what nobody fetched in time, leaving what another transaction is at; how many reservations."""
    query = select(Reservation).where(Reservation.state.in_(HELD), Reservation.hold_until <= now)
    if store_id is not None:
        query = query.where(Reservation.store_id == store_id)
    if sku is not None:
        query = query.where(func.upper(Reservation.sku) == sku_key(sku))
    rows = session.scalars(
        query.order_by(Reservation.hold_until, Reservation.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    ).all()
    for reservation in rows:
        settle(session, reservation, "expired", now)
    session.flush()
    return len(rows)


def overdue(session: ReadSession, store_id: int, sku: str, now: datetime) -> int:
    """How many of a SKU are still kept in a store whose time is up: they can be had."""
    return (
        session.scalar(
            select(func.coalesce(func.sum(Reservation.quantity), 0)).where(
                Reservation.store_id == store_id,
                func.upper(Reservation.sku) == sku_key(sku),
                Reservation.state.in_(HELD),
                Reservation.hold_until <= now,
            )
        )
        or 0
    )


def open_of(session: ReadSession, customer_id: int, now: datetime) -> int:
    """How many reservations a customer has open."""
    return (
        session.scalar(
            select(func.count()).where(
                Reservation.customer_id == customer_id, Reservation.state.in_(HELD), Reservation.hold_until > now
            )
        )
        or 0
    )


Listed = tuple[Reservation, Store, Variant | None, Product | None]


def of_customer(session: ReadSession, access: Access, limit: int) -> Sequence[Listed]:
    """The shopper's reservations, newest first; none for somebody who is not verified as a customer."""
    if access.customer_id is None:
        return []
    return _listed(session, Reservation.customer_id == access.customer_id, limit)


def in_store(session: ReadSession, store: Store, state: str | None, limit: int) -> Sequence[Listed]:
    """The reservations of a store, newest first."""
    condition = Reservation.store_id == store.id
    return _listed(session, condition if state is None else condition & (Reservation.state == state), limit)


def with_names(session: ReadSession, reservation: Reservation) -> Listed:
    """One reservation with its store and what it is of."""
    return _listed(session, Reservation.id == reservation.id, 1)[0]


def _listed(session: ReadSession, condition: Any, limit: int) -> Sequence[Listed]:
    rows = session.execute(
        select(Reservation, Store, Variant, Product)
        .join(Store, Store.id == Reservation.store_id)
        .outerjoin(Variant, Variant.id == Reservation.variant_id)
        .outerjoin(Product, Product.id == Variant.product_id)
        .where(condition)
        .order_by(Reservation.created_at.desc(), Reservation.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def find(session: WriteSession, public_id: str, *, customer_id: int | None = None) -> Reservation | None:
    """The reservation, held against other writers; only the customer's where one is given."""
    query = select(Reservation).where(Reservation.public_id == public_id)
    if customer_id is not None:
        query = query.where(Reservation.customer_id == customer_id)
    return session.scalars(query.with_for_update()).first()
