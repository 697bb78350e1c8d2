"""Several gateways on one PostgreSQL: turns are done once, and news reaches who listens elsewhere, over Redis."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from gateway.conversations.live_redis import RedisBus
from gateway.services import Services
from tests.gateway.desk import Desk, open_desk, text_of
from tests.support.redis import running_redis

pytestmark = pytest.mark.anyio


async def heard(services: Services) -> None:
    """Return once the gateway hears the others."""
    assert isinstance(services.live, RedisBus)
    await services.live.listening.wait()


async def test_who_listens_at_another_gateway_is_woken(postgres_gateway_url: str, tmp_path: object) -> None:
    with running_redis() as url:
        async with open_desk(postgres_gateway_url, tmp_path) as desk:  # type: ignore[arg-type]
            redis = {"redis_url": SecretStr(url)}
            async with desk.gateway(**redis) as one, desk.gateway(**redis) as two:
                await heard(one.services)
                await heard(two.services)
                async with await one.shopper(language="en") as shopper:
                    elsewhere = shopper.elsewhere(two.url)
                    desk.bot.gate.clear()
                    seq = await shopper.say("hello")
                    # Only news from the other gateway ends this poll before its time.
                    waiting = asyncio.create_task(elsewhere.read(after=seq, wait=25))
                    await desk.bot.arrived.wait()
                    desk.bot.gate.set()
                    snapshot = await asyncio.wait_for(waiting, 15)
                    assert text_of(snapshot["messages"]) == ["You said: hello"]
                    await elsewhere.close()
                assert len(desk.bot.ran) == 1


async def test_redis_that_is_away_costs_speed_only(sqlite_desk: Desk) -> None:
    async with (
        sqlite_desk.gateway(redis_url=SecretStr("redis://127.0.0.1:9/0")) as gateway,
        await gateway.shopper(language="en") as shopper,
    ):
        assert text_of(await shopper.ask("hello")) == ["You said: hello"]


async def test_many_messages_at_two_gateways_are_each_answered_once(
    postgres_gateway_url: str, tmp_path: object
) -> None:
    async with (
        open_desk(postgres_gateway_url, tmp_path) as desk,  # type: ignore[arg-type]
        desk.gateway() as one,
        desk.gateway() as two,
        await one.shopper(language="en") as shopper,
    ):
        elsewhere = shopper.elsewhere(two.url)
        words = [f"message {number}" for number in range(12)]
        for number, word in enumerate(words):
            await (shopper if number % 2 else elsewhere).say(word)
        answers: list[str] = []
        while len(answers) < len(words):
            answers += text_of(await shopper.replies())
        assert answers == [f"You said: {word}" for word in words]
        assert sorted(desk.bot.said()) == sorted(words)
        await elsewhere.close()
