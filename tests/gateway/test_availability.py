"""Agents who are there are given who waits: the freest first, none above capacity, none who shows no sign of life."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from gateway.console.access import FORM_HEADER
from gateway.console.models import Agent
from gateway.conversations.models import Conversation
from gateway.handover.availability import AVAILABLE
from tests.gateway.desk import Desk, Gateway
from tests.gateway.test_handover import Colleague, colleague, wants_person

pytestmark = pytest.mark.anyio


async def there(agent: Colleague, *, available: bool = True) -> Any:
    """A sign of life; whom it brought."""
    body = {"available": available}
    answer = await agent.http.post("/console/api/available", json=body, headers={FORM_HEADER: agent.form})
    assert answer.status_code == 200, answer.text
    return answer.json()["conversation_id"]


async def capacity(gateway: Gateway, name: str, number: int) -> None:
    async with gateway.services.database.write() as session:
        await session.execute(update(Agent).where(Agent.username == name).values(capacity=number))


async def test_the_freest_who_is_there_is_given_who_waits_up_to_their_capacity(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "wei") as wei,
        colleague(gateway, "eve", "read_only") as looker,
        AsyncExitStack() as shoppers,
    ):
        wants_person(desk)
        await capacity(gateway, "mia", 2)
        await capacity(gateway, "wei", 1)
        assert (await there(mia), await there(wei)) == (None, None)
        waiting = []
        for _ in range(4):
            shopper = await shoppers.enter_async_context(await gateway.shopper(language="en"))
            await shopper.ask("a person please")
            waiting.append(shopper.conversation_id)
        refused = await looker.http.post(
            "/console/api/available", json={"available": True}, headers={FORM_HEADER: looker.form}
        )
        assert refused.status_code == 403
        assert await there(mia) == waiting[0]
        # Half full gives way to empty.
        assert await there(mia) is None
        assert await there(wei) == waiting[1]
        assert await there(wei) is None
        assert await there(mia) == waiting[2]
        assert await there(mia) is None
        assert [each["conversation_id"] for each in await mia.queue()] == [waiting[3]]


async def test_who_left_or_is_silent_gets_nothing_and_stands_in_nobodys_way(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="en") as first,
        await gateway.shopper(language="en") as second,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "wei") as wei,
    ):
        wants_person(desk)
        await first.ask("a person please")
        assert await there(mia, available=False) is None
        assert await there(mia) == first.conversation_id
        await second.ask("a person please")
        await there(wei, available=False)
        assert await there(mia) == second.conversation_id
        async with gateway.services.database.write() as session:
            query = update(Agent).where(Agent.username == "mia")
            await session.execute(query.values(available_until=gateway.services.clock.wall() - AVAILABLE))
        page = (await wei.http.get("/console")).text
        assert "Are given conversations now" not in page
        await there(mia)
        assert "Mia 2/5" in (await wei.http.get("/console")).text


async def test_a_sign_of_life_keeps_what_the_agent_holds(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
    ):
        await mia.take(shopper)
        services = gateway.services
        soon = services.clock.wall() + timedelta(seconds=3)
        async with services.database.write() as session:
            held = await session.get_one(Conversation, shopper.conversation_id)
            held.lease_until, number = soon, held.fencing_number
        await there(mia)
        async with services.database.read() as session:
            held = await session.get_one(Conversation, shopper.conversation_id)
            assert held.lease_until is not None
            assert held.lease_until > soon
            assert held.fencing_number == number


async def test_pages_of_one_agent_at_once_bring_no_more_than_fits(desk: Desk) -> None:
    async with desk.gateway() as gateway, colleague(gateway, "mia") as mia, AsyncExitStack() as shoppers:
        wants_person(desk)
        await capacity(gateway, "mia", 2)
        for _ in range(4):
            shopper = await shoppers.enter_async_context(await gateway.shopper(language="en"))
            await shopper.ask("a person please")
        given = await asyncio.gather(*(there(mia) for _ in range(6)))
        assert len({one for one in given if one is not None}) == 2
        assert given.count(None) == 4
