"""SQLite without a thread for each statement, for transactions that only touch a few rows by their keys.

`aiosqlite` hands every step of a statement (cursor, execute, fetch, close) to a thread and waits: four hops between
threads of a tenth of a millisecond each for a statement that takes a hundredth. Here statements run where they are
called, on the event loop; only what may have to wait, for the disk (a commit) or for another process (a begin that
finds the file locked), goes to a thread. Long statements belong on an ordinary connection, where they hold up nobody.

To SQLAlchemy this is the ordinary `sqlite3` driver. What waits does so by `await_`, as its asynchronous drivers do: the
first use of a connection and the commit must be called by `AsyncSession`, everything else may be called plainly.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import await_

from gateway.database.kinds import SQLITE_BUSY_SECONDS, sqlite_begin, sqlite_begin_statement, sqlite_pragmas

_BRIEF_WAIT_SECONDS: Final = 0.01
"""How long a statement on the event loop waits for a lock of another process before a thread waits instead."""

CONNECTIONS: Final = 15
"""So many are there; who asks for one more must have waited, for SQLAlchemy would wait where it is called."""


class DirectConnection(sqlite3.Connection):
    """A connection whose commits run in a thread, while the event loop goes on."""

    thread: ThreadPoolExecutor

    def commit(self) -> None:
        """Commits, which waits for the disk; nothing where nothing was begun."""
        if self.in_transaction:
            await_(self._aside(super().commit))

    def begin(self, connection: Connection) -> None:
        """Begins a transaction of SQLAlchemy's `connection`: at once, or in a thread that waits for another process."""
        try:
            self.execute(sqlite_begin_statement(connection))
        except sqlite3.OperationalError:
            await_(self._aside(lambda: self._begin_patiently(connection)))

    def _begin_patiently(self, connection: Connection) -> None:
        self.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000:.0f}")
        try:
            sqlite_begin(connection)
        finally:
            self.execute(f"PRAGMA busy_timeout = {_BRIEF_WAIT_SECONDS * 1000:.0f}")

    async def _aside(self, step: Callable[[], Any]) -> None:
        """Does `step` in the thread, wholly, also when the caller is cancelled: else two would use the connection."""
        doing = asyncio.get_running_loop().run_in_executor(self.thread, step)
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            await asyncio.wait([doing])
            if not doing.cancelled():
                doing.exception()
            raise


def direct_engine(url: URL, thread: ThreadPoolExecutor) -> Engine:
    """An engine for the SQLite file at `url` whose statements run on the event loop and its commits in `thread`."""

    def connect() -> DirectConnection:
        made = sqlite3.connect(
            url.database or "", timeout=_BRIEF_WAIT_SECONDS, check_same_thread=False, factory=DirectConnection
        )
        made.thread = thread
        return made

    engine = create_engine(
        url.set(drivername="sqlite"), creator=connect, poolclass=QueuePool, pool_size=CONNECTIONS, max_overflow=0
    )
    event.listen(engine, "connect", sqlite_pragmas)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.begin(connection)

    return engine
