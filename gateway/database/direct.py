"""SQLite without a thread for each statement, for transactions that only touch a few rows by their keys.

`aiosqlite` hands every step of a statement (cursor, execute, fetch, close) to a thread and waits: four hops between
threads of a tenth of a millisecond each for a statement that takes a hundredth. Here statements run where they are
called, on the event loop; only what may have to wait, for the disk (a commit) or for another process (a begin that
finds the file locked), goes to a thread. Long statements belong on an ordinary connection, where they hold up nobody.

What is here looks to SQLAlchemy like `aiosqlite`'s connection and cursor (`async_creator_fn` of its dialect).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from gateway.database.kinds import SQLITE_BUSY_SECONDS

_BRIEF_WAIT_SECONDS = 0.01
"""How long a statement on the event loop waits for a lock of another process before a thread waits instead."""


class DirectCursor:
    """A cursor whose coroutines never wait, but for a begin that another process holds up."""

    def __init__(self, connection: DirectConnection) -> None:
        self._connection = connection
        self._cursor = connection.driver.cursor()

    async def __aenter__(self) -> Self:
        """The cursor itself."""
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Self:
        """Carries out a statement. Raises as `sqlite3` does."""
        if operation.startswith("BEGIN IMMEDIATE"):
            await self._connection.begin_immediate(self._cursor, operation)
        else:
            self._cursor.execute(operation, parameters)
        return self

    async def executemany(self, operation: str, rows: Sequence[Sequence[Any]]) -> Self:
        """Carries out a statement once for each row. Raises as `sqlite3` does."""
        self._cursor.executemany(operation, rows)
        return self

    async def fetchall(self) -> list[Any]:
        """The rows that are left."""
        rows: list[Any] = self._cursor.fetchall()
        return rows

    async def close(self) -> None:
        """Closes the cursor; its description stays."""
        self._cursor.close()

    @property
    def description(self) -> Any:
        """The columns of the last statement's rows, None when it has none."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed; -1 when that is not known."""
        return int(self._cursor.rowcount)

    @property
    def lastrowid(self) -> Any:
        """The key of the row inserted last, None when there is none."""
        return self._cursor.lastrowid


class DirectConnection:
    """A connection to the SQLite file `path`; commits run in `thread`."""

    def __init__(self, path: str, thread: ThreadPoolExecutor, **options: Any) -> None:
        options.update(timeout=_BRIEF_WAIT_SECONDS, check_same_thread=False, isolation_level=None)
        self.driver = sqlite3.connect(path, **options)
        self._connection = self.driver
        """By this name SQLAlchemy asks whether it is open."""
        self._thread = thread

    def cursor(self) -> DirectCursor:
        """A new cursor."""
        return DirectCursor(self)

    async def create_function(self, *args: Any, **options: Any) -> None:
        """Gives SQL a function; SQLAlchemy adds one for regular expressions."""
        self.driver.create_function(*args, **options)

    async def begin_immediate(self, cursor: sqlite3.Cursor, statement: str) -> None:
        """Begins to write: at once, or in a thread that waits when another process writes. Raises as `sqlite3` does."""
        try:
            cursor.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            await self._aside(lambda: _patiently(cursor, statement))

    async def commit(self) -> None:
        """Commits, which waits for the disk; nothing where nothing was begun."""
        if self.driver.in_transaction:
            await self._aside(self.driver.commit)

    async def rollback(self) -> None:
        """Takes back what was begun."""
        self.driver.rollback()

    async def close(self) -> None:
        """Closes the connection."""
        self.driver.close()

    def stop(self) -> None:
        """Closes the connection where nobody can wait for it."""
        self.driver.close()

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


def _patiently(cursor: sqlite3.Cursor, statement: str) -> None:
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000:.0f}")
    try:
        cursor.execute(statement)
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {_BRIEF_WAIT_SECONDS * 1000:.0f}")
