"""What an import said of an order while a change of ours was open: kept, and applied once the change is settled.

A file that was written before the other systems knew of the change would undo it. So when something was carried out,
what a change may touch (`_OURS`, lines, a cancellation) stays as it is now and the file says the rest; when all was
refused, the file counts as it stands. A later import that speaks of the order takes the place of what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, insert, select

from crm_backend.audit.service import note
from crm_backend.changes.kind import Actor
from crm_backend.collect.progress import ORDER_COURSE
from crm_backend.database.engine import Database, WriteSession
from crm_backend.effects.models import BESIDE_THE_ORDER, OPEN_STATES, Effect
from crm_backend.encryption.columns import bind_row
from crm_backend.identity.keys import LookupKeys
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import DEFAULT_SOURCE, Record
from crm_backend.pipeline.canonical.orders import ORDERS
from crm_backend.pipeline.canonical.records import parse_record
from crm_backend.pipeline.canonical.types import BY_NAME, children_of
from crm_backend.pipeline.canonical.values import format_value
from crm_backend.pipeline.models import HeldBackOrder
from crm_backend.pipeline.stored import OF_SHIPMENTS, child_key, chunks, load_stored

_OURS = (
    "recipient", "contact_phone", "line1", "line2", "district", "city", "region", "postcode", "country",
    "delivery_note", "cancelled_at", "subtotal_minor", "shipping_minor", "discount_minor", "tax_minor", "total_minor",
)  # fmt: skip
"""Columns of an order that changes of ours set, or that follow from its lines."""

_ROWS = cast(Table, HeldBackOrder.__table__)
_EFFECTS = cast(Table, Effect.__table__)


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of one order, ready to be loaded."""

    aggregate: Aggregate
    unsaid: frozenset[str]


def open_effects(connection: Connection, order_ids: Sequence[int]) -> Mapping[int, int]:
    """Those of these orders of which a change waits for another system, with the oldest effect that it waits for."""
    query = (
        select(_EFFECTS.c.order_id, _EFFECTS.c.id)
        .where(
            _EFFECTS.c.order_id.in_(order_ids),
            _EFFECTS.c.state.in_(OPEN_STATES),
            _EFFECTS.c.kind.not_in(BESIDE_THE_ORDER),
        )
        .order_by(_EFFECTS.c.id.desc())
    )
    return {row.order_id: row.id for row in connection.execute(query)}


def snapshot(aggregate: Aggregate) -> dict[str, Any]:
    """An order as JSON; `restored` makes it again."""
    return {
        "record": _plain(aggregate.record),
        "children": {name: [_plain(row) for row in rows] for name, rows in aggregate.children.items()},
    }


def restored(stored: Mapping[str, Any]) -> Aggregate:
    """The order of a snapshot."""
    children = {
        name: [parse_record(BY_NAME[name], row, source=DEFAULT_SOURCE) for row in rows]
        for name, rows in stored["children"].items()
    }
    return Aggregate(ORDERS, parse_record(ORDERS, stored["record"]), children)


def keep(
    connection: Connection, order_id: int, said: Mapping[str, Any], unsaid: Iterable[str], effect_id: int, now: datetime
) -> None:
    """Keep what a file says of an order, in the place of what an earlier one said. The order is locked."""
    forget(connection, [order_id])
    connection.execute(
        insert(_ROWS).values(
            bind_row(
                _ROWS,
                {
                    "order_id": order_id,
                    "said": {**said, "unsaid": sorted(unsaid)},
                    "first_effect_id": effect_id,
                    "held_at": now,
                },
            )
        )
    )


def forget(connection: Connection, order_ids: Iterable[int]) -> None:
    """Drop what is kept of these orders: something newer was said."""
    for chunk in chunks(order_ids):
        connection.execute(delete(_ROWS).where(_ROWS.c.order_id.in_(chunk)))


def any_kept(connection: Connection) -> bool:
    """Whether anything waits: mostly not, and then nothing has to be dropped."""
    return connection.execute(select(_ROWS.c.id).limit(1)).first() is not None


def settled(session: WriteSession, held: HeldBackOrder) -> Held | None:
    """What is to be loaded of it; None while a change of the order is open still. The order is locked."""
    connection = session.connection()
    if open_effects(connection, [held.order_id]):
        return None
    aggregate, unsaid = restored(held.said), frozenset(held.said["unsaid"])
    carried_out = select(_EFFECTS.c.id).where(
        _EFFECTS.c.order_id == held.order_id,
        _EFFECTS.c.id >= held.first_effect_id,
        _EFFECTS.c.state == "done",
        _EFFECTS.c.kind.not_in(BESIDE_THE_ORDER),
    )
    if connection.execute(carried_out.limit(1)).first() is not None:
        (stored,) = load_stored(connection, ORDERS, [held.order_id])
        unsaid = _without_what_is_ours(aggregate, stored.aggregate, unsaid)
    return Held(aggregate, unsaid)


def waiting(database: Database) -> Sequence[int]:
    """Orders with something kept, the longest waiting first."""
    with database.read() as session:
        return session.scalars(select(HeldBackOrder.order_id).order_by(HeldBackOrder.id)).all()


def note_applied(session: WriteSession, order_id: int, at: datetime) -> None:
    """Say in the audit log that what was kept of an order was applied."""
    note(session, Actor("system", "jobs"), at, "order.held_back_import_applied", ("order", str(order_id)))


def _without_what_is_ours(said: Aggregate, now: Aggregate, unsaid: frozenset[str]) -> frozenset[str]:
    """Put what a change may have made of the order into what the file says. Gives the kinds it then says nothing of."""
    for name in _OURS:
        said.record[name] = now.record[name]
    if not _is_ahead(said.record["state"], now.record["state"]):
        said.record["state"] = now.record["state"]
    for kind in children_of(ORDERS):
        if kind.name == "order_lines" or kind.name in unsaid:
            continue
        # Parcels and scans that came since, as events, are newer than the file.
        of_parcels = kind.name == "shipments" or kind.name in OF_SHIPMENTS
        if of_parcels and (before := now.children.get(kind.name)):
            rows = {child_key(kind, row): row for row in (*said.children.get(kind.name, ()), *before)}
            said.children[kind.name] = list(rows.values())
    return unsaid | {"order_lines"}


def _is_ahead(said: str, now: str) -> bool:
    """Whether the file's state is further on the way than ours; one that is off it (cancelled) stays so."""
    return now in ORDER_COURSE and said in ORDER_COURSE and ORDER_COURSE.index(said) > ORDER_COURSE.index(now)


def _plain(record: Record) -> dict[str, Any]:
    return {name: format_value(value) for name, value in record.items()}


def apply_settled(database: Database, now: datetime, keys: LookupKeys) -> int:
    """Load what was kept of orders whose changes are settled, each in a transaction of its own; how many."""
    # The loader keeps what it must hold back here, so it comes in where it is used.
    from crm_backend.orders.models import Order
    from crm_backend.pipeline.loader import Incoming, Loader
    from crm_backend.pipeline.report import ImportReport

    applied = 0
    for order_id in waiting(database):
        with database.write() as session:
            session.execute(select(Order.id).where(Order.id == order_id).with_for_update())
            held = session.scalars(select(HeldBackOrder).where(HeldBackOrder.order_id == order_id)).first()
            found = settled(session, held) if held is not None else None
            if found is None:
                continue
            report = ImportReport("canonical", found.aggregate.source)
            loader = Loader(session.connection(), report, unsaid=found.unsaid, now=now, keys=keys)
            loader.load([Incoming(found.aggregate)])
            loader.finish()
            # Also where the order says all of it by now.
            forget(session.connection(), [order_id])
            note_applied(session, order_id, now)
            applied += 1
    return applied
