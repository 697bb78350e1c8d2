"""Engines and sessions for SQLite (the embedded default) and PostgreSQL.

Nobody calls commit but the edge: `Database.read()` gives a session that cannot write, `Database.write()` one whose
transaction is committed when the block ends and rolled back when it raises.

On SQLite a writing transaction begins with BEGIN IMMEDIATE: a deferred one that read first may fail to become a
writer (SQLITE_BUSY) without ever waiting. See https://www.sqlite.org/lang_transaction.html.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable, Select

IDLE_SECONDS = 1.0
"""A connection to PostgreSQL that rested so long is asked whether it is still there before it is used."""

_USED = "shopdesk_used"

SQLITE_BUSY_SECONDS = 15.0
"""How long a SQLite connection waits for another writer."""


class ReadSession(Session):
    """A session for reading. Flushing changes through it is a programming error."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kept: dict[Hashable, Any] = {}
        """What `memo.read_once` read, forgotten with the first statement that is no plain reading."""

    if not TYPE_CHECKING:  # Their types are SQLAlchemy's.
        # Not by its event `do_orm_execute`: for the sake of a listener every statement is made ready twice.
        def execute(self, statement, *arguments, **options):
            """As ever."""
            self._look_at(statement)
            return super().execute(statement, *arguments, **options)

        def scalar(self, statement, *arguments, **options):
            """As ever."""
            self._look_at(statement)
            return super().scalar(statement, *arguments, **options)

        def scalars(self, statement, *arguments, **options):
            """As ever."""
            self._look_at(statement)
            return super().scalars(statement, *arguments, **options)

    def _look_at(self, statement: Executable) -> None:
        # A statement in plain words may do anything.
        if not isinstance(statement, Select) or statement._for_update_arg is not None:
            self.kept.clear()


class WriteSession(ReadSession):
    """A session for one unit of work."""


@event.listens_for(ReadSession, "before_flush")
def _refuse_writes(session: Session, _context: Any, _instances: Any) -> None:
    if not isinstance(session, WriteSession) and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a read session cannot write; ask for a WriteSession")


def make_engine(url: str, *, pool_size: int = 10, page_cache_mib: int = 64) -> Engine:
    """An engine for `url` (SQLAlchemy form) with this project's pragmas and time-outs.

    It opens at most twice `pool_size` connections. `page_cache_mib` is what each may keep of a SQLite file in memory.
    """
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            hide_parameters=True,
            connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", partial(_sqlite_pragmas, page_cache_kib=1024 * page_cache_mib))
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        # Errors quote a statement's parameters otherwise, and those are names and addresses.
        hide_parameters=True,
        connect_args={"options": "-c timezone=utc -c lock_timeout=10s"},
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ping_the_idle)
    return engine


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED] = time.monotonic()


def _ping_the_idle(connection: Any, record: Any, _proxy: Any) -> None:
    """What `pool_pre_ping` does, but only for a connection that has rested: one that just answered is there."""
    used = record.info.get(_USED)
    if used is None or time.monotonic() - used < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        # The pool throws it away with all that are as old, and opens another.
        raise DisconnectionError from error


def _sqlite_pragmas(connection: Any, _record: Any, *, page_cache_kib: int) -> None:
    # The driver must not begin transactions by itself; `_sqlite_begin` does, with the right kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute(f"PRAGMA cache_size=-{page_cache_kib}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    reading = bool(connection.get_execution_options().get("shopdesk_read"))
    driver: Any = connection.connection.driver_connection
    # By the driver itself: it waits for nobody, so it cannot fail as what follows can.
    driver.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")


class Database:
    """One database: its engine and the two kinds of session."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # All reads of one request see one state; a single statement's snapshot, PostgreSQL's default, would not do.
        snapshot = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = engine.execution_options(shopdesk_read=True, **snapshot)

    @property
    def is_sqlite(self) -> bool:
        """True on the embedded default."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A snapshot to read from; nothing is written. A connection is taken at the first statement, not before."""
        with ReadSession(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        It begins, and on SQLite locks out other writers, at the first statement.
        """
        with WriteSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()
