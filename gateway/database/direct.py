"""SQLite without a thread for each statement, for transactions that only touch a few rows by their keys.

`aiosqlite` hands every step of a statement (cursor, execute, fetch, close) to a thread and waits: four hops between
threads of a tenth of a millisecond each for a statement that takes a hundredth. Here statements run where they are
called, on the event loop, by the plain driver. What may have to wait goes to a thread as a whole: a begin that finds
another process writing, and the commit, which waits for the disk. Long statements belong on an ordinary connection,
where they hold up nobody.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from gateway.database.kinds import SQLITE_BUSY_SECONDS, sqlite_begin_statement, sqlite_pragmas

CONNECTIONS: Final = 15

_BRIEF_WAIT_SECONDS: Final = 0.01
"""How long a statement on the event loop waits for a lock of another process before a thread waits instead."""

_PATIENT: Final = {"shopdesk_patient": True}


class Direct:
    """Connections to the SQLite file at `url` whose statements run on the event loop."""

    def __init__(self, url: URL) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database-commits")
        # SQLAlchemy's pool waits where it is called; so whoever has to wait does so here.
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._engine = create_engine(
            url.set(drivername="sqlite"),
            connect_args={"timeout": _BRIEF_WAIT_SECONDS, "check_same_thread": False},
            poolclass=QueuePool,
            pool_size=CONNECTIONS,
            max_overflow=0,
        )
        event.listen(self._engine, "connect", sqlite_pragmas)
        event.listen(self._engine, "begin", _begin)
        self._reading = self._engine.execution_options(shopdesk_read=True)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A snapshot to read from."""
        async with self._free:
            with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def connected(self, session: Session, *, reading: bool = False) -> AsyncIterator[None]:
        """Have `session` work on a connection of its own, in a transaction that has begun; what is left is undone."""
        session.bind = self._reading if reading else self._engine
        async with self._free:
            try:
                try:
                    session.connection()
                except sqlite3.OperationalError:
                    await self._aside(lambda: session.connection(execution_options=_PATIENT))
                yield
            finally:
                session.close()

    async def commit(self, session: Session) -> None:
        """Commit, to the end also when the caller is cancelled. Nothing may be left to flush."""
        await self._aside(session.commit)

    def dispose(self) -> None:
        """Close all connections, end the thread."""
        self._engine.dispose()
        self._thread.shutdown()

    async def _aside(self, step: Callable[[], Any]) -> None:
        """Does `step` in the thread, wholly, also when the caller is cancelled: else two would use the connection."""
        doing = asyncio.get_running_loop().run_in_executor(self._thread, step)
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            await asyncio.wait([doing])
            if not doing.cancelled():
                doing.exception()
            raise


def _begin(connection: Connection) -> None:
    statement = sqlite_begin_statement(connection)
    if not connection.get_execution_options().get("shopdesk_patient"):
        driver: Any = connection.connection.driver_connection
        driver.execute(statement)
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000:.0f}")
    try:
        connection.exec_driver_sql(statement)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BRIEF_WAIT_SECONDS * 1000:.0f}")
