"""Erasing a person everywhere: the CRM first, which knows the conversations, then the gateway, then the bot's trackers.

What the others still have to do is kept with the CRM's erasure. Cut off anywhere, the same command, or `--finish`,
goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from gateway.conversations import erasing as gateway_erasing
from shopdesk.databases import Store
from shopdesk.trackers import EVENTS, of_conversation
from shopdesk_schemas.privacy import Counts, ErasureReceipt

if TYPE_CHECKING:
    from crm_backend.changes.kind import Actor
    from crm_backend.database.engine import Database
    from shopdesk_schemas.clock import Clock


def finish(
    database: Database, stores: Sequence[Store], receipt: ErasureReceipt, clock: Clock, actor: Actor
) -> ErasureReceipt:
    """Erase in the other stores what an erasure still has there; the complete receipt. Again changes nothing."""
    from crm_backend.privacy import service

    if receipt.id is None or receipt.completed_at is not None:
        return receipt
    counts: Counts = {}
    for store in stores:
        if store.name == "crm" or not store.exists():
            continue
        with erasing_from(store) as connection:
            removed = (
                gateway_erasing.erase(connection, receipt.conversations)
                if store.name == "gateway"
                else erase_trackers(connection, receipt.conversations)
            )
        counts[store.name] = {table: {"deleted": count} for table, count in removed.items()}
    with database.write() as session:
        return service.complete(session, receipt.id, counts, clock, actor)


def erase_trackers(connection: Connection, conversations: Iterable[str]) -> dict[str, int]:
    """Remove Rasa's trackers of these conversations."""
    from sqlalchemy import inspect

    if not inspect(connection).has_table(EVENTS.name):
        return {}
    removed = sum(connection.execute(EVENTS.delete().where(of_conversation(one))).rowcount for one in conversations)
    return {EVENTS.name: removed} if removed else {}


def tell_trackers(connection: Connection, conversations: Iterable[str]) -> list[dict[str, Any]]:
    """What Rasa's trackers have of these conversations, in order."""
    from sqlalchemy import inspect, select

    if not inspect(connection).has_table(EVENTS.name):
        return []
    shown = [column for column in EVENTS.c if column.name != "id"]
    return [
        {name: value for name, value in row.items() if value is not None}
        for one in conversations
        for row in connection.execute(select(*shown).where(of_conversation(one)).order_by(EVENTS.c.id)).mappings()
    ]


@contextmanager
def erasing_from(store: Store) -> Iterator[Connection]:
    """A transaction in which what is deleted leaves no bytes in an SQLite file; nor, once it ends, in its log."""
    engine = store.engine()
    with engine.connect() as connection:
        if store.is_sqlite:
            for pragma in ("foreign_keys=ON", "secure_delete=ON", "busy_timeout=15000"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
            connection.commit()
        with connection.begin():
            yield connection
        if store.is_sqlite:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
