"""Putting rows into a database: first beside what is there, then instead of it, in one step.

SQLite gets a new file, which takes the place of the old one; PostgreSQL one transaction. Until `switch` nothing can be
seen of what was put there, and `abandon` leaves no trace.
"""

from __future__ import annotations

import base64
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, make_url

from shopdesk.backup import schemas
from shopdesk.backup.archive import Kind, Row, StoreHead, TableHead
from shopdesk.backup.errors import BackupError
from shopdesk.backup.snapshots import REVISIONS, search_indexes
from shopdesk.databases import Store

KEYS = "encryption_keys"
"""Has a row in every database of the CRM, used or not: which key it writes with."""

_AT_ONCE = 2000


class Target(ABC):
    """A database that is being restored. One call of `open`, of `load` for each table, of `complete`, of `switch`."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @abstractmethod
    def open(self, head: StoreHead) -> None:
        """Begin: an empty schema of the backup's revision."""

    @abstractmethod
    def load(self, table: TableHead, rows: Sequence[Row]) -> None:
        """Put rows into a table."""

    @abstractmethod
    def complete(self) -> None:
        """Everything was loaded: check it, and bring the schema to this version's."""

    @abstractmethod
    def look(self, at: Callable[[Connection], None]) -> None:
        """Look at what was loaded, before it is the database."""

    @abstractmethod
    def switch(self) -> None:
        """From now on this is the database."""

    @abstractmethod
    def undo(self) -> None:
        """Take `switch` back, where that is still possible."""

    @abstractmethod
    def close(self) -> None:
        """Leave nothing lying about. Before `switch` this gives everything up."""


def target(store: Store) -> Target:
    """The target for a store."""
    return SqliteTarget(store) if store.is_sqlite else PostgresTarget(store)


def is_empty(store: Store) -> bool:
    """Whether no table of the store has a row. A store that does not exist is empty."""
    if not store.exists():
        return True
    with store.engine().connect() as connection:
        names = set(sa.inspect(connection).get_table_names()) - {REVISIONS, KEYS} - search_indexes(connection)
        return all(
            connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first() is None
            for name in names
        )


def _columns_of(connection: Connection, table: str) -> set[str]:
    inspector = sa.inspect(connection)
    if not inspector.has_table(table):
        return set()
    return {column["name"] for column in inspector.get_columns(table) if "computed" not in column}


def _check_fits(present: set[str], table: TableHead, store: Store) -> None:
    if present != {name for name, _kind in table.columns}:
        raise BackupError(
            f"The backup's table {table.name} is not one that {schemas.NAMES[store.name]} database has in that "
            "revision. Nothing was changed."
        )


# --- SQLite -----------------------------------------------------------------------------------------------------


class SqliteTarget(Target):
    """A new file beside the old one."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._new = store.path.with_name(f".{store.path.name}.restoring")
        self._old = store.path.with_name(f".{store.path.name}.replaced")
        self._connection: sqlite3.Connection | None = None
        self._fitting: set[str] = set()
        self._switched = False

    def open(self, head: StoreHead) -> None:
        """An empty file with the schema."""
        self.store.path.parent.mkdir(parents=True, exist_ok=True)
        _remove(self._new)
        self._new.touch(0o600)
        self._in_schema(lambda connection: schemas.build(self.store.name, connection, head.revision))
        self._connection = sqlite3.connect(self._new, isolation_level=None)
        # In the order of the backup, rows may come before those that they point at; `complete` checks them all.
        for pragma in ("foreign_keys=OFF", "journal_mode=OFF", "synchronous=OFF"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("BEGIN")

    def load(self, table: TableHead, rows: Sequence[Row]) -> None:
        """By the driver alone, which is the quickest way."""
        assert self._connection is not None  # noqa: S101  open was called
        if table.name not in self._fitting:
            present = self._connection.execute("SELECT name FROM pragma_table_info(?)", (table.name,))
            _check_fits({name for (name,) in present}, table, self.store)
            self._fitting.add(table.name)
        change = [_TO_SQLITE.get(kind) for _name, kind in table.columns]
        names = ", ".join(f'"{name}"' for name, _kind in table.columns)
        marks = ", ".join("?" * len(change))
        self._connection.executemany(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',  # noqa: S608  checked against the schema
            [[v if v is None or how is None else how(v) for v, how in zip(row, change, strict=True)] for row in rows],
        )

    def complete(self) -> None:
        """Foreign keys and the file itself are checked."""
        assert self._connection is not None  # noqa: S101
        self._connection.execute("COMMIT")
        stray = self._connection.execute("PRAGMA foreign_key_check").fetchone()
        if stray is not None:
            raise BackupError(f"The backup's table {stray[0]} points at rows that are not there. Nothing was changed.")
        self._connection.close()
        self._connection = None
        self._in_schema(lambda connection: schemas.build(self.store.name, connection))
        with self._new.open("rb") as file:
            os.fsync(file.fileno())

    def look(self, at: Callable[[Connection], None]) -> None:
        """In a connection of its own."""
        self._in_schema(at)

    def switch(self) -> None:
        """By renaming; the old file stays beside until `close`."""
        if self.store.path.exists():
            self._let_nobody_hold_it()
            self.store.path.replace(self._old)
        self._new.replace(self.store.path)
        self._switched = True

    def undo(self) -> None:
        """The old file gets its name back."""
        if not self._switched:
            return
        self.store.path.unlink(missing_ok=True)
        if self._old.exists():
            self._old.replace(self.store.path)
        self._switched = False

    def close(self) -> None:
        """Remove what is beside the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        _remove(self._new)
        if self._switched:
            _remove(self._old)

    def _let_nobody_hold_it(self) -> None:
        """Fold the write-ahead log into the old file, so that no log of it is left for the new one to trip over."""
        try:
            with sqlite3.connect(self.store.path, timeout=2, isolation_level=None) as connection:
                mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
            connection.close()
        except sqlite3.OperationalError as error:
            raise BackupError(_in_use(self.store)) from error
        if mode != "delete":
            raise BackupError(_in_use(self.store))

    def _engine(self) -> sa.Engine:
        return sa.create_engine(make_url(f"sqlite:///{self._new}"), poolclass=sa.NullPool)

    def _in_schema(self, work: Callable[[Connection], None]) -> None:
        engine = self._engine()
        with engine.begin() as connection:
            work(connection)
        engine.dispose()


def _in_use(store: Store) -> str:
    return (
        f"{store.path} is in use. Stop whatever uses it (`shopdesk up`, other shopdesk commands) and restore again. "
        "Nothing was changed."
    )


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _sqlite_instant(text: str) -> str:
    return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(" ", timespec="microseconds")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


_TO_SQLITE: dict[Kind, Callable[[Any], Any]] = {"instant": _sqlite_instant, "bytes": _bytes, "boolean": int}


# --- PostgreSQL -------------------------------------------------------------------------------------------------


class PostgresTarget(Target):
    """One transaction, which nobody sees anything of until it is committed."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._engine = store.engine()
        self._connection: Connection | None = None
        self._keys: list[tuple[str, str, str]] = []
        self._fitting: set[str] = set()
        self._switched = False

    def open(self, head: StoreHead) -> None:
        """What is there is taken away, and an empty schema made."""
        self._connection = connection = self._engine.connect()
        connection.begin()
        # Whoever still uses the tables would be waited for without end.
        connection.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
        try:
            self._empty(connection)
            schemas.remove(self.store.name, connection)
        except sa.exc.OperationalError as error:
            raise BackupError(
                f"Somebody uses {schemas.NAMES[self.store.name]} database. Stop them and restore again. "
                "Nothing was changed."
            ) from error
        schemas.build(self.store.name, connection, head.revision)
        # Rows may come before those that they point at; making the keys again checks them all, and at once.
        self._keys = [
            (row.table, row.name, row.definition)
            for row in connection.execute(
                sa.text(
                    "SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name,"
                    " pg_get_constraintdef(oid) AS definition FROM pg_constraint"
                    " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conparentid = 0"
                )
            )
        ]
        for table, name, _definition in self._keys:
            connection.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))

    def load(self, table: TableHead, rows: Sequence[Row]) -> None:
        """By COPY."""
        connection = self._connected()
        if table.name not in self._fitting:
            _check_fits(_columns_of(connection, table.name), table, self.store)
            self._fitting.add(table.name)
        self._make_room(table, rows)
        names = ", ".join(f'"{name}"' for name, _kind in table.columns)
        binary = [position for position, (_name, kind) in enumerate(table.columns) if kind == "bytes"]
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                for position in binary:
                    row[position] = None if row[position] is None else _bytes(row[position])
                copy.write_row(row)

    def complete(self) -> None:
        """Keys are made again, and counters set behind the rows."""
        connection = self._connected()
        for table, name, definition in self._keys:
            connection.execute(sa.text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))
        for table in sorted(self._fitting):
            if "id" not in _columns_of(connection, table):
                continue
            sequence = connection.scalar(sa.text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table})
            highest = connection.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table)))
            if sequence is not None and highest is not None:
                connection.execute(sa.select(sa.func.setval(sequence, highest)))
        schemas.build(self.store.name, connection)

    def look(self, at: Callable[[Connection], None]) -> None:
        """In the transaction."""
        at(self._connected())

    def switch(self) -> None:
        """Commit."""
        self._connected().commit()
        self._switched = True

    def undo(self) -> None:
        """A committed transaction stays."""

    def close(self) -> None:
        """Roll back unless it was committed."""
        if self._connection is not None:
            with suppress(sa.exc.SQLAlchemyError):
                self._connection.close()
            self._connection = None
        self._engine.dispose()

    def _empty(self, connection: Connection) -> None:
        """Rows first: the CRM's migrations refuse to take away what sealed rows lie in."""
        names = sorted(set(sa.inspect(connection).get_table_names()) - {REVISIONS})
        if names:
            quoted = ", ".join(f'"{name}"' for name in names)
            connection.execute(sa.text(f"TRUNCATE {quoted}"))

    def _connected(self) -> Connection:
        assert self._connection is not None  # noqa: S101  open was called
        return self._connection

    def _make_room(self, table: TableHead, rows: Sequence[Row]) -> None:
        """The CRM's events lie in one partition for each month."""
        if self.store.name != "crm" or table.name != "events":
            return
        from crm_backend.collect.months import make_room
        from crm_backend.database.engine import WriteSession

        at = [name for name, _kind in table.columns].index("at")
        with WriteSession(self._connected(), join_transaction_mode="rollback_only") as session:
            make_room(session, [datetime.fromisoformat(row[at]) for row in rows])
