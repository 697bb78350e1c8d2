"""Keeping those who were erased from coming back with an import.

A customer who was erased is left out; an order that was theirs is loaded without what says whose it was. Both are
recognised by keyed hashes of their ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import Connection, select, text

from crm_backend.database.engine import WriteSession
from crm_backend.identity.keys import LookupKeys
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.types import children_of
from crm_backend.pipeline.errors import PipelineError
from crm_backend.privacy.inventory import BY_TABLE
from crm_backend.privacy.models import Tombstone

_LOCK = int.from_bytes(hashlib.sha256(b"erasure").digest()[:8], signed=True)
_CHUNK = 500

Key = tuple[str, str]
"""Source and external id."""


def hold_off_imports(session: WriteSession) -> None:
    """Wait for batches of imports that are being written; those to come wait until this transaction ends."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def erased(connection: Connection, keys: LookupKeys | None, kind: str, wanted: Collection[Key]) -> set[Key]:
    """Those of these customers or orders that were erased. Until this transaction ends, no more are.

    Raises PipelineError where there are tombstones that cannot be read for want of the key that made them.
    """
    # SQLite has one writer at a time anyway.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _LOCK})
    table = Tombstone.__table__.c
    others = select(table.key_id).limit(1)
    if keys is not None:
        others = others.where(table.key_id != keys.key_id)
    if connection.execute(others).first() is not None:
        raise PipelineError(
            "People were erased here under another SHOPDESK_LOOKUP_KEY: with this one they could not be told, and "
            "would come back. Set the key that was used then."
        )
    if keys is None or connection.execute(select(table.key_id).limit(1)).first() is None:
        return set()
    by_hash = {keys.erased(kind, *key): key for key in wanted}
    hashes = list(by_hash)
    found: set[Key] = set()
    for start in range(0, len(hashes), _CHUNK):
        query = select(table.key_hash).where(table.key_hash.in_(hashes[start : start + _CHUNK]))
        found.update(by_hash[row.key_hash] for row in connection.execute(query))
    return found


def strip(order: Aggregate) -> None:
    """Take from an order, as an import brings it, what an erasure takes from one that is stored."""
    order.record["customer_external_id"] = None
    _clear(order.record, "orders")
    for kind in children_of(order.kind):
        rows = order.children.get(kind.name)
        if not rows:
            continue
        if BY_TABLE[kind.name].erasure == "delete":
            order.children[kind.name] = []
        for row in rows:
            _clear(row, kind.name)


def _clear(record: dict[str, object], table: str) -> None:
    for name, value in BY_TABLE[table].cleared.items():
        if name in record:
            record[name] = value
