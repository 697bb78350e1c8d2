"""Asynchronous sessions for SQLite (the embedded default) and PostgreSQL.

Nobody calls commit but the edge: `Database.read()` gives one snapshot that cannot be written, `Database.write()` one
transaction, committed when the block ends and rolled back when it raises. What must happen only once the change is
visible (waking a worker, telling listeners) is handed to `WriteSession.after_commit`, and dropped by a rollback.

On SQLite a writing transaction begins with BEGIN IMMEDIATE: a deferred one that read first may fail to become a writer
(SQLITE_BUSY) without ever waiting. See https://www.sqlite.org/lang_transaction.html. Within the process, writers queue
on a lock of ours, because SQLite's own wait polls with growing sleeps and lets later writers overtake.

A transaction that only touches a few rows by their keys is asked for as `brief`: on SQLite it then runs on the event
loop (`direct.py`), where it is done before a thread would have begun; on PostgreSQL there is no difference.

What somebody outside waits for, and is no more than an insert, goes by `Database.insert_at_once`: before all others, on
a connection of its own. For a moment after one, more are expected, and transactions queue on PostgreSQL too: many at
once would not be done earlier, but each would keep the event loop from the next call.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

import psycopg
from sqlalchemy import Connection, Result, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable

from gateway.database.direct import Direct
from gateway.database.express import ExpressLane
from gateway.database.kinds import POSTGRES_OPTIONS, SQLITE_BUSY_SECONDS, sqlite_begin, sqlite_pragmas
from gateway.database.plain import PlainRows
from gateway.database.turnstile import Turnstile

_PRESSED_SECONDS = 0.1
"""For how long after an urgent insert more are expected."""


_RESTED_SECONDS = 1.0
"""A connection to PostgreSQL that was not used for so long is asked whether it is still there."""

_USED = "shopdesk_used"


class _ReadOnlySession(Session):
    """Refuses to flush."""


class _WritingSession(Session):
    """Stores, with each flush, also what is stored without the unit of work."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.plain = PlainRows()
        self.unstored: list[Callable[[Connection], None]] = []

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what changed; then, on what is there now, what was handed to `WriteSession.store`."""
        self.plain.update(self)
        super().flush(objects)
        self.plain.insert(self)
        if self.unstored:
            storing, self.unstored = self.unstored, []
            connection = self.connection()
            for store in storing:
                store(connection)


class ReadSession(AsyncSession):
    """A session for reading one snapshot. Flushing changes through it is a programming error."""

    sync_session_class = _ReadOnlySession


class WriteSession(AsyncSession):
    """A session for one unit of work."""

    sync_session_class = _WritingSession
    sync_session: _WritingSession

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.committed: list[Callable[[], None]] = []
        self._once: set[str] = set()
        self.held: dict[str, Any] = {}
        """What this transaction has locked, by its key: nobody else changes it before the end, so it is read once."""

    @property
    def plain(self) -> PlainRows:
        """Rows written without the unit of work."""
        return self.sync_session.plain

    def store(self, store: Callable[[Connection], None]) -> None:
        """Have `store` write rows with the next flush (before the next query at the latest), after the objects' own.

        For rows that nothing in the transaction changes any more: without the unit of work an insert takes a tenth of
        the time.
        """
        self.sync_session.unstored.append(store)

    def after_commit(self, call: Callable[[], None], *, first: bool = False, once: str | None = None) -> None:
        """Have `call` run once the transaction is committed, `first` before the others; a rollback drops it.

        Of several calls with the same `once` the first is made alone.
        """
        if once is not None:
            if once in self._once:
                return
            self._once.add(once)
        self.committed.insert(0 if first else len(self.committed), call)


AnySession = ReadSession | WriteSession


class Rows(Protocol):
    """What rows are asked of: a session, or less."""

    async def execute(self, statement: Executable, params: Mapping[str, Any] | None = None, /) -> Result[Any]:
        """The statement's result."""


class _DirectRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def execute(self, statement: Executable, params: Mapping[str, Any] | None = None, /) -> Result[Any]:
        return self._connection.execute(statement, params)


class _OnTheLoop:
    """On a direct engine no statement waits: what would be made ready to wait is called plainly."""

    sync_session: Session

    async def execute(self, *args: Any, **options: Any) -> Any:
        return self.sync_session.execute(*args, **options)

    async def flush(self, objects: Sequence[Any] | None = None) -> None:
        self.sync_session.flush(objects)


class _DirectReadSession(_OnTheLoop, ReadSession):
    pass


class _DirectWriteSession(_OnTheLoop, WriteSession):  # type: ignore[misc]
    pass


@event.listens_for(_ReadOnlySession, "before_flush")
def _refuse_writes(session: Session, _context: Any, _instances: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a read session cannot write; ask for a WriteSession")


def make_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine for `url` (SQLAlchemy form) with this project's pragmas and time-outs."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_async_engine(url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, pool_size=pool_size)
        event.listen(engine.sync_engine, "connect", sqlite_pragmas)
        event.listen(engine.sync_engine, "begin", sqlite_begin)
        return engine
    engine = create_async_engine(
        url, pool_size=pool_size, max_overflow=pool_size, connect_args={"options": POSTGRES_OPTIONS}
    )
    event.listen(engine.sync_engine, "checkin", _note_use)
    event.listen(engine.sync_engine, "checkout", _ping_the_rested)
    return engine


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED] = time.monotonic()


def _ping_the_rested(connection: Any, record: Any, _proxy: Any) -> None:
    """What `pool_pre_ping` does before each use, but only for who rested: whoever just answered is there."""
    used = record.info.get(_USED)
    if used is None or time.monotonic() - used < _RESTED_SECONDS:
        return
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        # The pool throws it away with all that are as old, and opens another.
        raise InvalidatePoolError from error
    finally:
        cursor.close()


async def _to_the_end(step: Coroutine[Any, Any, Any]) -> None:
    """Do the step wholly, also when the caller is cancelled meanwhile; the cancellation is raised afterwards.

    A connect or a close that is cut in the middle leaves a connection that nobody owns and nobody closes.
    """
    doing = asyncio.ensure_future(step)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        if not doing.cancelled():
            doing.exception()
        raise


@asynccontextmanager
async def _connected(session: AsyncSession) -> AsyncIterator[None]:
    try:
        await _to_the_end(session.connection())
        yield
    except BaseException:
        # What went wrong first, or that the caller is to stop, is what must be heard of.
        with suppress(Exception):
            await _to_the_end(session.close())
        raise
    await _to_the_end(session.close())


class Database:
    """One database: its engine and the two kinds of session."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        # REPEATABLE READ makes all reads of one session see one instant, as SQLite's WAL snapshot does.
        self._reading = engine.execution_options(
            shopdesk_read=True,
            **({} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}),
        )
        self._direct: Direct | None = None
        if self.is_sqlite and engine.url.database not in {None, "", ":memory:"}:
            self._direct = Direct(engine.url)
        self._writer = Turnstile()
        self._express = ExpressLane(engine.url)
        self._pressed_until = 0.0
        self._disposed = False

    @asynccontextmanager
    async def read(self, *, brief: bool = False) -> AsyncIterator[ReadSession]:
        """One snapshot to read from; nothing is written. Raises RuntimeError after `dispose`."""
        self._expect_open()
        if brief and self._direct is not None:
            session: ReadSession = _DirectReadSession(expire_on_commit=False)
            async with self._direct.connected(session.sync_session, reading=True):
                yield session
        else:
            session = ReadSession(self._reading, expire_on_commit=False)
            async with _connected(session):
                yield session

    @asynccontextmanager
    async def read_rows(self) -> AsyncIterator[Rows]:
        """As a brief `read`, for rows and not for objects: less is made ready. Raises RuntimeError likewise."""
        self._expect_open()
        if self._direct is not None:
            async with self._direct.reading() as connection:
                yield _DirectRows(connection)
        else:
            async with self.read() as session:
                yield session

    @asynccontextmanager
    async def write(self, *, brief: bool = False) -> AsyncIterator[WriteSession]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        Raises RuntimeError after `dispose`.
        """
        self._expect_open()
        queues = self.is_sqlite or self.is_pressed
        if queues:
            await self._writer.acquire()
        try:
            if brief and self._direct is not None:
                session: WriteSession = _DirectWriteSession(expire_on_commit=False)
                async with self._direct.connected(session.sync_session):
                    yield session
                    await session.flush()
                    await self._direct.commit(session.sync_session)
            else:
                session = WriteSession(self.engine, expire_on_commit=False)
                async with _connected(session):
                    yield session
                    await session.flush()
                    await session.commit()
        finally:
            if queues:
                self._writer.release()
        for call in session.committed:
            call()

    @property
    def is_pressed(self) -> bool:
        """Whether urgent inserts come in just now."""
        return asyncio.get_running_loop().time() < self._pressed_until

    async def insert_at_once(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Carry out one statement for all rows in a transaction of its own, before others; committed on return.

        Raises RuntimeError after `dispose`.
        """
        self._expect_open()
        self._pressed_until = asyncio.get_running_loop().time() + _PRESSED_SECONDS
        if self.is_sqlite:
            await self._writer.acquire(urgent=True)
        try:
            await self._express.execute(statement, rows)
        finally:
            if self.is_sqlite:
                self._writer.release()

    async def dispose(self) -> None:
        """Close all connections, for good: who comes later is refused, not given a connection that nobody closes."""
        if not self._disposed:
            self._disposed = True
            await self._express.dispose()
            if self._direct is not None:
                self._direct.dispose()
        await self.engine.dispose()

    def _expect_open(self) -> None:
        if self._disposed:
            raise RuntimeError("the database was closed already: something was not stopped before it")
