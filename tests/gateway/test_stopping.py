"""Stopping: nothing goes on afterwards, and no connection is left that nobody closes."""

from __future__ import annotations

import asyncio
import gc
import warnings

import pytest
from sqlalchemy import text

from gateway import tasks
from gateway.database.engine import Database, make_engine

pytestmark = pytest.mark.anyio


async def _stubborn() -> None:
    lost = False
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            if lost:
                raise
            lost = True


async def test_who_loses_a_cancellation_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_AGAIN_SECONDS", 0.01)
    stubborn = asyncio.create_task(_stubborn())
    finished = asyncio.create_task(asyncio.sleep(0))
    await asyncio.sleep(0)
    await tasks.end([stubborn, finished])
    assert stubborn.cancelled()


async def test_who_comes_after_the_end_is_refused(gateway_url: str) -> None:
    database = Database(make_engine(gateway_url))
    async with database.read() as session:
        await session.execute(text("SELECT 1"))
    await database.dispose()
    with pytest.raises(RuntimeError, match="closed already"):
        async with database.read():
            pass
    with pytest.raises(RuntimeError, match="closed already"):
        async with database.write():
            pass


async def test_a_cancelled_session_leaves_no_connection_open(gateway_url: str) -> None:
    async def work(database: Database) -> None:
        async with database.write() as session:
            await session.execute(text("SELECT 1"))
        async with database.read() as session:
            await session.execute(text("SELECT 1"))

    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always", ResourceWarning)
        for steps in range(0, 40, 4):
            database = Database(make_engine(gateway_url))
            task = asyncio.create_task(work(database))
            for _ in range(steps):
                await asyncio.sleep(0.0002)
            task.cancel()
            await asyncio.wait([task])
            await database.dispose()
        gc.collect()
    assert [str(each.message) for each in left] == []
