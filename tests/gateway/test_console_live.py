"""The console's streams of events: what an open page hears, what ends a stream, and how many there may be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from gateway.console import live
from gateway.console.models import Agent
from gateway.console.streams import STREAMS_PER_AGENT, Streams
from gateway.conversations.live_redis import RedisBus
from tests.gateway.desk import LONG, Desk, open_desk
from tests.gateway.test_handover import Colleague, colleague, wants_person
from tests.support.redis import running_redis

pytestmark = pytest.mark.anyio

Event = dict[str, str]


class Stream:
    """One open stream, read event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> Event | None:
        """The next event, by field; None when the stream has ended. Comments are passed over."""
        event: Event = {}
        async with asyncio.timeout(LONG):
            async for line in self._lines:
                field, _, value = line.partition(": ")
                if line and field:
                    event[field] = value
                elif event and not line:
                    return event
        return None

    async def until(self, name: str) -> Event:
        """The next event of this name."""
        while (event := await self.next()) is not None:
            if event.get("event") == name:
                return event
        raise AssertionError(f"ended without {name}")

    async def rest(self) -> list[Event]:
        """All events until the end."""
        events = []
        while (event := await self.next()) is not None:
            events.append(event)
        return events


@asynccontextmanager
async def listening(agent: Colleague, path: str, **options: Any) -> AsyncIterator[Stream]:
    """A stream as a page opens it."""
    async with agent.http.stream("GET", f"/console/events/{path}", timeout=LONG, **options) as response:
        yield Stream(response)


async def test_a_conversations_page_hears_what_is_said_and_who_holds_it(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
    ):
        path = f"conversations/{shopper.conversation_id}"
        async with listening(mia, path) as stream:
            assert stream.response.headers["content-type"].startswith("text/event-stream")
            assert stream.response.headers["x-accel-buffering"] == "no"
            assert stream.response.headers["cache-control"] == "no-cache"
            first = json.loads((await stream.until("desk:standing"))["data"])
            assert (first["state"], first["mine"], first["newest"]) == ("assistant", False, shopper.after)
            known = (await stream.until("desk:changed"))["id"]
        # A page that knows as much already hears only of what comes after.
        async with listening(mia, path, headers={"Last-Event-ID": known}) as stream:
            await shopper.say("where is it?")
            heard = json.loads((await stream.until("desk:standing"))["data"])
            assert heard["newest"] > first["newest"]
            await mia.take(shopper)
            while not heard["mine"]:
                heard = json.loads((await stream.until("desk:standing"))["data"])
            assert (heard["state"], heard["fencing_number"]) == ("agent", mia.fencing_number)
        # After a break it hears at once of what it has missed.
        async with listening(mia, path, headers={"Last-Event-ID": known}) as stream:
            assert json.loads((await stream.until("desk:standing"))["data"])["mine"]


async def test_the_inbox_hears_of_who_begins_to_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "INBOX_PAUSE_SECONDS", 0.05)
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
        listening(mia, "inbox") as stream,
    ):
        before = await stream.until("desk:changed")
        wants_person(desk)
        await shopper.ask("I need a person")
        assert (await stream.until("desk:changed"))["id"] != before["id"]


async def test_the_end_of_a_session_ends_its_streams(sqlite_desk: Desk) -> None:
    async with (
        sqlite_desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "wei") as wei,
    ):
        path = f"conversations/{shopper.conversation_id}"
        async with listening(mia, "inbox") as inbox, listening(mia, path) as page, listening(wei, path) as others:
            await inbox.until("desk:changed")
            await page.until("desk:changed")
            async with gateway.services.database.write() as session:
                await gateway.services.accounts.set_active(session, "mia", active=False)
            for stream in (inbox, page):
                assert (await stream.rest())[-1]["event"] == "desk:signed-out"
            await others.until("desk:changed")
            await shopper.say("hello")
            await others.until("desk:changed")
        async with listening(mia, path) as stream:
            assert stream.response.status_code == 401
        async with listening(wei, "conversations/none") as stream:
            assert stream.response.status_code == 404


async def test_who_finds_no_room_is_told_to_ask_again(sqlite_desk: Desk) -> None:
    async with (
        sqlite_desk.gateway(console_streams=1) as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
        listening(mia, "inbox") as first,
    ):
        await first.until("desk:changed")
        async with listening(mia, f"conversations/{shopper.conversation_id}") as second:
            told = await second.rest()
            assert [one["event"] for one in told] == ["desk:standing", "desk:changed", "desk:changed"]
            assert told[-1]["retry"] == str(live.FULL_RETRY_MS)


async def test_a_page_that_is_left_gives_its_place_back(sqlite_desk: Desk) -> None:
    async with (
        sqlite_desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
    ):
        for path in ("inbox", f"conversations/{shopper.conversation_id}"):
            async with listening(mia, path) as stream:
                await stream.until("desk:changed")
                assert gateway.services.console_streams.open == 1
            async with asyncio.timeout(LONG):
                while gateway.services.console_streams.open:  # noqa: ASYNC110 - nothing tells of the end
                    await asyncio.sleep(0.01)


def test_one_agent_does_not_take_every_place() -> None:
    streams = Streams(limit=100)
    places = [streams.place(1) for _ in range(STREAMS_PER_AGENT + 1)]
    assert [place.__enter__() for place in places] == [True] * STREAMS_PER_AGENT + [False]
    with streams.place(2) as admitted:
        assert admitted
    for place in places:
        place.__exit__(None, None, None)
    assert streams.open == 0


async def test_a_stopping_gateway_ends_streams_at_once(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway:
        shopper = await gateway.shopper(language="en")
        async with colleague(gateway, "mia") as mia:
            pages = [listening(mia, "inbox"), listening(mia, f"conversations/{shopper.conversation_id}")]
            streams = [await page.__aenter__() for page in pages]
            for stream in streams:
                await stream.until("desk:changed")
            # As the server does on a signal; it then waits for connections to end.
            gateway.services.live.close()
            for stream, page in zip(streams, pages, strict=True):
                assert await stream.rest() == []
                await page.__aexit__(None, None, None)
        await shopper.close()


async def test_a_page_at_another_gateway_hears_it_and_a_session_ends_everywhere(
    postgres_gateway_url: str, tmp_path: object
) -> None:
    with running_redis() as url:
        async with open_desk(postgres_gateway_url, tmp_path) as desk:  # type: ignore[arg-type]
            redis = {"redis_url": SecretStr(url)}
            async with desk.gateway(**redis) as one, desk.gateway(**redis) as two:
                for gateway in (one, two):
                    assert isinstance(gateway.services.live, RedisBus)
                    await gateway.services.live.listening.wait()
                async with (
                    await one.shopper(language="en") as shopper,
                    colleague(two, "mia") as mia,
                    listening(mia, f"conversations/{shopper.conversation_id}") as stream,
                ):
                    before = await stream.until("desk:changed")
                    await shopper.say("hello")
                    assert (await stream.until("desk:changed"))["id"] != before["id"]
                    async with one.services.database.write() as session:
                        agent = await session.get_one(Agent, 1)
                        await one.services.accounts.sign_out_everywhere(session, agent)
                    await stream.until("desk:signed-out")
