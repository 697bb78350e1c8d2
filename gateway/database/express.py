"""A way of its own to the database for short inserts that somebody outside waits for.

A session's transaction is a dozen hops between the event loop and the driver, each behind whatever the loop is doing,
and its connection comes from a pool that slow work may have emptied. Here it is one hop to one thread that has a
connection of its own, so that what is written is as safe as ever (the commit is awaited) and waits for little else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable

from gateway.database.kinds import POSTGRES_OPTIONS, SQLITE_BUSY_SECONDS, sqlite_begin, sqlite_pragmas

_CONNECTIONS: Final = 1


class ExpressLane:
    """One thread with one connection to the database at `url`; opened with the first use."""

    def __init__(self, url: URL) -> None:
        self._engine = _engine(url)
        self._thread = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="database-express")

    async def execute(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Carry out `statement` for all rows in one transaction; committed when this returns.

        Where the connection turns out to be lost it is done once more, so it must change nothing the second time.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._execute, statement, rows)

    async def dispose(self) -> None:
        """Finish what is under way, close the connection, end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()

    def _execute(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        for again in (True, False):
            try:
                with self._engine.begin() as connection:
                    connection.execute(statement, rows)
            except DBAPIError as error:
                if not (again and error.connection_invalidated):
                    raise
            else:
                return


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url.set(drivername="sqlite"), connect_args={"timeout": SQLITE_BUSY_SECONDS}, pool_size=_CONNECTIONS
        )
        event.listen(engine, "connect", sqlite_pragmas)
        event.listen(engine, "begin", sqlite_begin)
        return engine
    # Without a ping before each use, which is a way there and back more: a lost connection is noticed and replaced.
    return create_engine(url, pool_size=_CONNECTIONS, max_overflow=0, connect_args={"options": POSTGRES_OPTIONS})
