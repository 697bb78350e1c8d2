"""Several gateways send for one shop together no faster than its platform takes it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from gateway.channels import worker
from gateway.channels.port import Rate
from gateway.channels.telegram import Telegram
from gateway.conversations.models import OutboxEntry
from tests.channels.platforms import TelegramPlatform
from tests.channels.test_channels import Channel, ok, until
from tests.gateway.desk import open_desk
from tests.gateway.doubles import plain_server, served

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("careful", [True, False], ids=["with the limit known", "without"])
async def test_two_gateways_keep_the_platforms_limits_together(
    postgres_gateway_url: str, tmp_path: Path, careful: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Telegram, "overall", Rate(2, 1.0) if careful else None)
    monkeypatch.setattr(Telegram, "per_chat", None)
    # One at a time, so that what the first gateway has no hand free for is left to the second.
    monkeypatch.setattr(worker, "_OUT_AT_ONCE", 1)
    platform = TelegramPlatform()
    platform.events = 5000
    people: list[str] = []
    # Twice as much, so that a machine that stands still for a moment is no trouble.
    platform.overall = 4
    senders: Counter[int] = Counter()

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path", "").endswith("sendMessage"):
            senders[scope["server"][1]] += 1
        await platform.app(scope, receive, send)

    async with (
        served(plain_server(noted)) as one_url,
        served(plain_server(noted)) as two_url,
        open_desk(postgres_gateway_url, tmp_path) as desk,
        desk.gateway(**platform.settings(one_url)) as one,
        desk.gateway(**platform.settings(two_url)) as two,
        one.browser() as one_http,
        two.browser() as two_http,
    ):
        channels = [Channel(one, platform, one_http), Channel(two, platform, two_http)]

        async def six_more_are_answered() -> None:
            new = [str(platform.events + len(people) + number) for number in range(6)]
            people.extend(new)
            platform.people.update(new)
            for number, person in enumerate(new):
                platform.person = person
                assert ok(await channels[number % 2].deliver(platform.says("hello")))

            async def all_have_it() -> bool:
                return all(len(platform.screens[person]) >= 2 for person in new)

            await until(all_have_it)

        # A gateway that is slow to look may still find nothing left once.
        for _ in range(8):
            await six_more_are_answered()
            if len(senders) == 2:
                break
        for person in people:
            assert [seen.words for seen in platform.screens[person]][1:] == ["You said: hello"], "once, and in order"
        assert len(senders) == 2, "both gateways sent"
        assert bool(platform.limited) is not careful

        async def nothing_waits() -> bool:
            return all(entry.state == "sent" for entry in await channels[0].rows(OutboxEntry))

        await until(nothing_waits)
