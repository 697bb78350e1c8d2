"""One analysis at a time. The lock ends with the process that has it, however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from crm_backend.database.engine import Database
from shopdesk_schemas.problems import Conflict

_KEY = int.from_bytes(b"analyse!")


class AlreadyRunning(Conflict):
    """Another process is at it."""

    def __init__(self) -> None:
        super().__init__("The customers are being analysed by another process.")


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """The only analysis of this database. Raises AlreadyRunning."""
    if database.is_sqlite:
        file = database.engine.url.database
        if file is None or file == ":memory:":
            yield
            return
        # Beside the database: a lock on the file itself would be lost with any connection that SQLite closes.
        with Path(f"{file}.analyse-lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning from None
            yield
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar():
            raise AlreadyRunning
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
