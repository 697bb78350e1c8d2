"""What differs between SQLite and PostgreSQL for each connection, however it is made."""

from __future__ import annotations

from typing import Any, Final

SQLITE_BUSY_SECONDS: Final = 15.0
"""How long a SQLite connection waits for a writer of another process."""

POSTGRES_OPTIONS: Final = "-c timezone=utc -c lock_timeout=10s"


def sqlite_pragmas(connection: Any, _record: Any) -> None:
    """For each new connection to SQLite."""
    # The driver must not begin transactions by itself; `sqlite_begin` does, with the right kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def sqlite_begin_statement(connection: Any) -> str:
    """How a transaction of `connection` begins."""
    return "BEGIN DEFERRED" if connection.get_execution_options().get("shopdesk_read") else "BEGIN IMMEDIATE"


def sqlite_begin(connection: Any) -> None:
    """For each transaction on SQLite."""
    connection.exec_driver_sql(sqlite_begin_statement(connection))
