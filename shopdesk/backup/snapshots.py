"""Reading a database as it was at one moment, while programs go on writing to it.

Both kinds of database give one transaction one state: SQLite's write-ahead log, and PostgreSQL's REPEATABLE READ. So
SQLite is read the same way, and not by its backup interface: that starts anew whenever another process writes, and
would leave a copy in plain text on the disk.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select
from sqlalchemy.dialects import postgresql

from shopdesk.backup.archive import Kind, StoreHead, TableHead
from shopdesk.backup.errors import BackupError
from shopdesk.databases import Store

REVISIONS = "alembic_version"
_AT_ONCE = 2000
"""Rows that are in memory at one time."""


class Snapshot:
    """A database at one moment."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._connection = connection
        inspector = sa.inspect(connection)
        names = set(inspector.get_table_names()) - search_indexes(connection)
        revision = None
        if REVISIONS in names:
            revision = connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(REVISIONS)))
        self._tables = {
            name: TableHead(
                name,
                [
                    (column["name"], kind_of(column["type"], name))
                    for column in inspector.get_columns(name)
                    # What the database works out itself it works out again.
                    if "computed" not in column
                ],
            )
            for name in sorted(names - {REVISIONS})
        }
        self.head = StoreHead(store.name, revision, {name: self._count(name) for name in self._tables})

    def tables(self) -> Iterator[TableHead]:
        """The tables by name."""
        yield from self._tables.values()

    def rows(self, table: TableHead) -> Iterator[list[Any]]:
        """All rows of a table, their values as an archive has them."""
        said = [_TO_ARCHIVE.get(kind) for _name, kind in table.columns]
        # Not in any order: one that a database has to make would hold a large table in memory or on disk.
        result = self._connection.execution_options(yield_per=_AT_ONCE).execute(_query(table))
        for row in result:
            yield [
                value if value is None or change is None else change(value)
                for value, change in zip(row, said, strict=True)
            ]

    def _count(self, name: str) -> int:
        return self._connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0


@contextmanager
def snapshot(store: Store) -> Iterator[Snapshot | None]:
    """The store at this moment; None when there is none yet. Raises SQLAlchemy's errors when it cannot be reached."""
    if not store.exists():
        yield None
        return
    engine = store.engine()
    with engine.connect() as plain:
        if store.is_sqlite:
            driver: Any = plain.connection.driver_connection
            # The driver begins no transaction for a SELECT.
            driver.isolation_level = None
            # As all programs have it; a file that none has opened since it was restored would keep writers waiting.
            driver.execute("PRAGMA journal_mode=WAL")
            driver.execute("PRAGMA query_only=ON")
            driver.execute("BEGIN")
            connection = plain
        else:
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # The state is that of the first statement.
        connection.execute(sa.text("SELECT 1" if not store.is_sqlite else "SELECT count(*) FROM sqlite_master"))
        yield Snapshot(store, connection)


def search_indexes(connection: Connection) -> set[str]:
    """SQLite's virtual tables and the tables behind them: triggers fill them again."""
    if connection.dialect.name != "sqlite":
        return set()
    made = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    tables = {name: str(sql) for name, sql in made}
    virtual = tuple(name for name, sql in tables.items() if sql.upper().startswith("CREATE VIRTUAL TABLE"))
    return {name for name in tables if name in virtual or any(name.startswith(f"{one}_") for one in virtual)}


def kind_of(column: sa.types.TypeEngine[Any], where: str) -> Kind:
    """How values of a column are written. Raises BackupError for a type that no table of ours has."""
    kinds: tuple[tuple[type[Any], Kind], ...] = (
        (sa.Boolean, "boolean"),
        (sa.Integer, "integer"),
        (sa.Numeric, "number"),
        (sa.Float, "number"),
        (sa.DateTime, "instant"),
        (sa.Date, "day"),
        (sa.JSON, "json"),
        (sa.LargeBinary, "bytes"),
        (sa.String, "text"),
    )
    for type_, kind in kinds:
        if isinstance(column, type_):
            return kind
    raise BackupError(f"The table {where} has a column of type {column}, which a backup cannot hold.")


_ASKED_AS: dict[Kind, sa.types.TypeEngine[Any]] = {
    "integer": sa.BigInteger(),
    "number": sa.Double(),
    "boolean": sa.Boolean(),
    "text": sa.Text(),
    "instant": sa.DateTime(timezone=True),
    "day": sa.Date(),
    "json": sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
    "bytes": sa.LargeBinary(),
}


def _query(table: TableHead) -> Select[Any]:
    columns: list[Any] = []
    for name, kind in table.columns:
        column: sa.ColumnElement[Any] = sa.column(name, _ASKED_AS[kind])
        columns.append(sa.cast(column, sa.Text()) if kind == "json" else column)
    return sa.select(*columns).select_from(sa.table(table.name))


def _instant(value: datetime) -> str:
    # SQLite keeps UTC without saying so.
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def _day(value: date) -> str:
    return value.isoformat()


def _bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


_TO_ARCHIVE: dict[Kind, Callable[[Any], Any]] = {"instant": _instant, "day": _day, "bytes": _bytes}
