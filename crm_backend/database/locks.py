"""Making transactions wait for each other on something that is not a row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import text

from crm_backend.database.engine import WriteSession

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


def take_turns(session: WriteSession, names: Iterable[str]) -> None:
    """Until this transaction ends, no other that names one of `names` passes this call.

    SQLite has one writer at a time anyway: beginning the transaction is the lock. On PostgreSQL each name is an
    advisory lock, taken in one order by everybody, so that two transactions never wait for each other.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection()
        return
    keys = sorted({int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True) for name in names})
    for key in keys:
        session.execute(_LOCK, {"key": key})
