"""What somebody outside waits for goes to the database before what nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from gateway.channels.models import ChannelEvent
from gateway.channels.port import Event
from gateway.channels.repository import event_rows, storing
from gateway.database.engine import Database, make_engine

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)


@pytest.fixture
async def database(gateway_url: str) -> AsyncIterator[Database]:
    database = Database(make_engine(gateway_url))
    yield database
    await database.dispose()


async def stored(database: Database) -> list[str]:
    async with database.read() as session:
        return list((await session.execute(select(ChannelEvent.event_id).order_by(ChannelEvent.id))).scalars())


async def test_urgent_inserts_go_first_are_there_on_return_and_are_made_once(database: Database) -> None:
    events = [Event(id=str(number), kind="message", chat="1", text="hi") for number in range(3)]
    statement = storing(database.engine.dialect.name)
    order: list[str] = []

    async def work(name: str) -> None:
        async with database.write():
            await asyncio.sleep(0.01)
            order.append(name)

    async def call(count: int) -> None:
        await database.insert_at_once(statement, event_rows("telegram", events[:count], NOW))
        assert len(await stored(database)) >= count
        order.append("call")

    # Connecting takes its time, and what follows belongs within the moment in which more calls are expected.
    assert await stored(database) == []
    await call(1)
    working = [asyncio.create_task(work(str(number))) for number in range(20)]
    await asyncio.sleep(0)
    await asyncio.gather(call(2), call(3))
    assert order.index("call", 1) < 20, "it overtakes"
    await asyncio.gather(*working)
    assert await stored(database) == ["0", "1", "2"]


async def test_after_the_end_nothing_is_taken(database: Database) -> None:
    await database.dispose()
    with pytest.raises(RuntimeError, match="closed"):
        await database.insert_at_once(storing(database.engine.dialect.name), [])


async def test_an_id_longer_than_the_column_is_stored_once_too(database: Database) -> None:
    long = Event(id="x" * 1000, kind="message", chat="1")
    for _ in range(2):
        rows = event_rows("email", [long], NOW)
        await database.insert_at_once(storing(database.engine.dialect.name), rows)
    (kept,) = await stored(database)
    assert len(kept) == 64


async def test_a_connection_that_was_lost_is_replaced(postgres_gateway_url: str) -> None:
    database = Database(make_engine(postgres_gateway_url))
    statement = storing(database.engine.dialect.name)

    async def call(*ids: str) -> None:
        events = [Event(id=each, kind="message", chat="1", text="hi") for each in ids]
        await database.insert_at_once(statement, event_rows("telegram", events, NOW))

    try:
        await call("0")
        async with database.engine.begin() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            await connection.execute(text(f"{others} WHERE pid <> pg_backend_pid() AND datname = current_database()"))
        await call("0", "1")
        assert await stored(database) == ["0", "1"]
    finally:
        await database.dispose()
