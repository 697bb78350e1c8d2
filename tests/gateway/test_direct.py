"""SQLite on the event loop: as safe as in threads, and few statements a message on either store."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, func, insert, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from gateway.console.models import Agent
from gateway.conversations import repository
from gateway.conversations.erasing import erase
from gateway.database.base import table_of
from gateway.database.direct import CONNECTIONS
from gateway.database.engine import Database, WriteSession, make_engine
from tests.gateway.desk import Desk

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)


@pytest.fixture
async def database(gateway_url: str) -> AsyncIterator[Database]:
    opened = Database(make_engine(gateway_url))
    yield opened
    await opened.dispose()


def hire(session: WriteSession, name: str) -> None:
    session.add(
        Agent(
            username=name, display_name=name, password_hash="", role="agent", active=True, created_at=NOW,
            password_changed_at=NOW,
        )
    )  # fmt: skip


async def hired(database: Database, *, brief: bool) -> int:
    async with database.read(brief=brief) as session:
        return (await session.execute(select(func.count()).select_from(Agent))).scalar_one()


async def test_brief_and_long_transactions_see_each_other(database: Database) -> None:
    async with database.write(brief=True) as session:
        hire(session, "mia")
    async with database.write() as session:
        hire(session, "wei")
    assert await hired(database, brief=True) == await hired(database, brief=False) == 2


async def test_one_snapshot_a_read_and_nothing_of_what_failed(database: Database) -> None:
    async with database.read(brief=True) as reading:
        query = select(func.count()).select_from(Agent)
        assert (await reading.execute(query)).scalar_one() == 0
        async with database.write(brief=True) as session:
            hire(session, "mia")
        assert (await reading.execute(query)).scalar_one() == 0

    async def hire_again() -> None:
        async with database.write(brief=True) as session:
            hire(session, "wei")
            await session.flush()
            hire(session, "mia")

    with pytest.raises(IntegrityError):
        await hire_again()
    assert await hired(database, brief=True) == 1


async def test_whoever_is_cancelled_leaves_the_connections_to_others(database: Database) -> None:
    async def write(name: str) -> None:
        async with database.write(brief=True) as session:
            hire(session, name)

    for steps in range(25):
        writing = asyncio.create_task(write(f"agent {steps}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
    before = await hired(database, brief=True)
    await write("mia")
    assert await hired(database, brief=True) == before + 1


async def test_who_finds_no_connection_free_waits_for_one(sqlite_desk: Desk) -> None:
    database = Database(make_engine(sqlite_desk.database_url))
    full, enough, reading = asyncio.Event(), asyncio.Event(), 0

    async def read() -> None:
        nonlocal reading
        async with database.read(brief=True) as session:
            await session.execute(select(func.count()).select_from(Agent))
            reading += 1
            if reading == CONNECTIONS:
                full.set()
            await enough.wait()

    readers = [asyncio.create_task(read()) for _ in range(CONNECTIONS + 5)]
    await full.wait()
    # The event loop goes on, and who was cancelled while waiting takes no connection away.
    readers.pop().cancel()
    await asyncio.sleep(0)
    assert reading == CONNECTIONS
    enough.set()
    await asyncio.gather(*readers)
    assert reading == len(readers)
    await database.dispose()


async def test_rows_without_objects_are_there_for_the_next_query_and_go_with_the_transaction(
    database: Database,
) -> None:
    async def hired_without_object(session: WriteSession, name: str) -> int:
        values = {
            "username": name, "display_name": name, "password_hash": "", "role": "agent", "active": True,
            "created_at": NOW, "password_changed_at": NOW,
        }  # fmt: skip

        def store(connection: Connection) -> None:
            connection.execute(insert(table_of(Agent)), values)

        session.store(store)
        return (await session.execute(select(func.count(Agent.id)))).scalar_one()

    async with database.write(brief=True) as session:
        hire(session, "mia")
        assert await hired_without_object(session, "wei") == 2

    async def fail() -> None:
        async with database.write(brief=True) as session:
            assert await hired_without_object(session, "lin") == 3
            raise ValueError

    with pytest.raises(ValueError):
        await fail()

    async with database.write(brief=True) as session:
        # Nothing else happens in the transaction: committed all the same.
        session.store(
            lambda connection: connection.execute(update(table_of(Agent)).values(display_name="Wei")) and None
        )
    async with database.read(brief=True) as reading:
        names = (await reading.execute(select(Agent.username, Agent.display_name).order_by(Agent.id))).all()
    assert [tuple(each) for each in names] == [("mia", "Wei"), ("wei", "Wei")]


async def test_connections_that_were_lost_while_they_rested_are_replaced(
    postgres_gateway_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.database.engine._RESTED_SECONDS", 0)
    database = Database(make_engine(postgres_gateway_url))
    assert await hired(database, brief=True) == 0
    other = create_engine(postgres_gateway_url)
    with other.begin() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        connection.execute(text(f"{others} WHERE pid <> pg_backend_pid() AND datname = current_database()"))
    other.dispose()
    assert await hired(database, brief=True) == 0
    await database.dispose()


async def test_a_writer_of_another_process_is_waited_for(sqlite_desk: Desk) -> None:
    file = Path(sqlite_desk.database_url.removeprefix("sqlite+aiosqlite:///"))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        other.execute("BEGIN IMMEDIATE")
        saying = asyncio.create_task(shopper.say("hello"))
        # Reading goes on meanwhile: nobody holds up the event loop.
        assert [message["seq"] for message in (await shopper.read(after=0))["messages"]] == [1]
        assert not saying.done()
        other.execute("ROLLBACK")
        assert await saying == 2
    other.close()


@contextmanager
def noted() -> Iterator[tuple[list[str], list[str]]]:
    """Statements carried out, and transactions committed, while the block runs."""
    statements: list[str] = []
    commits: list[str] = []

    def note_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    def note_commit(_connection: Any) -> None:
        commits.append("")

    event.listen(Engine, "before_cursor_execute", note_statement)
    event.listen(Engine, "commit", note_commit)
    try:
        yield statements, commits
    finally:
        event.remove(Engine, "before_cursor_execute", note_statement)
        event.remove(Engine, "commit", note_commit)


async def test_a_message_and_its_reply_take_two_transactions_and_few_statements(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        # The first message makes the token known.
        assert await shopper.ask("hello")
        with noted() as (statements, commits):
            assert await shopper.ask("where is my order?")
    # The marks of what was delivered are written once in a while, and what is due is looked for.
    assert len(commits) <= 3, "one to accept, one to answer"
    written = [each for each in statements if each.startswith(("INSERT", "UPDATE"))]
    assert len(written) <= 11, written
    assert len(statements) <= 26, statements


async def test_nothing_asked_for_each_message_grows_with_what_is_finished(sqlite_desk: Desk) -> None:
    """A plan that goes through all turns of a conversation, or of all, would be slower each day."""
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        with noted() as (statements, _):
            assert await shopper.ask("hello")
            await gateway.services.deliveries.flush()
            async with gateway.services.database.read(brief=True) as session:
                await repository.conversations_with_work(session, NOW, 10)
        plans = set()
        async with gateway.services.database.engine.connect() as connection:
            for statement in statements:
                if " turns" in statement and not statement.startswith("INSERT"):
                    plan = await connection.exec_driver_sql(
                        f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?")
                    )
                    plans |= {step.detail for step in plan if "turns" in step.detail}
    assert plans
    by_key = re.compile(r"(SEARCH|SCAN) turns USING INDEX ix_turns_open|SEARCH turns USING INDEX \w+turns_1 \(id=")
    assert [plan for plan in plans if not by_key.match(plan)] == []


async def test_the_token_of_an_erased_conversation_opens_nothing(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        assert await shopper.ask("hello")
        assert (await shopper.post(text="again")).status_code == 202
        await shopper.replies()
        engine = create_engine(desk.database_url.replace("sqlite+aiosqlite:", "sqlite:"))
        with engine.begin() as connection:
            erase(connection, [shopper.conversation_id])
        engine.dispose()
        assert (await shopper.post(text="and now?")).status_code == 401


async def test_plain_rows_are_written_like_any_object_of_the_session(database: Database) -> None:
    async def stored() -> list[tuple[Any, ...]]:
        async with database.read_rows() as rows:
            query = select(Agent.username, Agent.display_name, Agent.active).order_by(Agent.username)
            return [tuple(row) for row in (await rows.execute(query)).all()]

    async def failing() -> None:
        async with database.write(brief=True) as session:
            agent = (await session.execute(select(Agent))).scalar_one()
            session.plain.watch(agent)
            agent.display_name = "Nobody"
            assert (await session.execute(select(Agent.display_name))).scalar_one() == "Nobody"
            raise ValueError

    async with database.write(brief=True) as session:
        agent = Agent(
            id=7, username="mia", display_name="Mia", password_hash="", role="agent", active=True, created_at=NOW,
            password_changed_at=NOW,
        )  # fmt: skip
        session.plain.add(agent)
        agent.display_name = "Mia M."
        # There for whoever asks, as the very object; what changes after that is written too.
        assert (await session.execute(select(Agent))).scalar_one() is agent
        agent.active = False
    assert await stored() == [("mia", "Mia M.", False)]
    with pytest.raises(ValueError):
        await failing()
    assert await stored() == [("mia", "Mia M.", False)]
    async with database.write(brief=True) as session:
        agent = (await session.execute(select(Agent))).scalar_one()
        session.plain.watch(agent)
        agent.active, agent.display_name = True, "Mia"
        assert await session.get(Agent, 7) is agent
        await session.flush()
        agent.display_name = "Mia M."
        await session.flush()
        agent.display_name = "Mia"
        hire(session, "wei")
    assert await stored() == [("mia", "Mia", True), ("wei", "wei", True)]
    async with database.write(brief=True) as session:
        agent = await session.get_one(Agent, 7)
        session.plain.watch(agent)
        agent.display_name = "gone"
        await session.delete(agent)
    assert await stored() == [("wei", "wei", True)]
