"""A transcript as the console's island reads it: page by page, what has changed, and who may."""

from __future__ import annotations

import asyncio
import html
import json
import re
from typing import Any

import pytest

from gateway.console import conversations, reading
from tests.gateway.desk import LONG, Desk, Shopper
from tests.gateway.doubles import answer, text_reply
from tests.gateway.test_handover import Colleague, colleague

pytestmark = pytest.mark.anyio


def seqs(page: dict[str, Any]) -> list[int]:
    return [line["seq"] for line in page["lines"]]


def embedded(page: str) -> dict[str, Any]:
    """What the page of a conversation brings for its island."""
    found = re.search(r"data-transcript='([^']*)'", page)
    assert found, page
    transcript: dict[str, Any] = json.loads(html.unescape(found[1]))
    return transcript


async def test_pages_of_a_conversation(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (conversations, reading):
        monkeypatch.setattr(module, "PAGE_LINES", 3)
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
    ):
        for words in ("one", "two", "three"):
            await shopper.ask(words)
        of = shopper.conversation_id
        newest = await mia.lines(of)
        assert (seqs(newest), newest["earlier"], newest["later"]) == ([5, 6, 7], True, False)
        address = f"/console/conversations/{of}"
        assert embedded((await mia.http.get(address)).text) == newest
        earlier = await mia.lines(of, before=5)
        assert (seqs(earlier), earlier["earlier"], earlier["later"]) == ([2, 3, 4], True, False)
        earliest = await mia.lines(of, before=2)
        assert (seqs(earliest), earliest["earlier"]) == ([1], False)
        onwards = await mia.lines(of, first=2)
        assert (seqs(onwards), onwards["earlier"], onwards["later"]) == ([2, 3, 4], False, True)
        assert (await mia.lines(of, first=8)) == {"lines": [], "merged": [], "earlier": False, "later": False}
        # What htmx has read again for the rest of the page does not bring the lines once more.
        assert "data-transcript" not in (await mia.http.get(address, headers={"HX-Request": "true"})).text


async def test_a_line_is_open_until_it_is_answered_and_delivered(desk: Desk) -> None:
    desk.bot.brain = lambda _request: answer(text_reply("Tomorrow."))
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
    ):
        desk.bot.gate.clear()
        asked = await shopper.say("where is A-17?")
        await desk.bot.arrived.wait()
        (line,) = (await mia.lines(shopper.conversation_id, first=asked))["lines"]
        assert (line["settled"], line["turn"]["state"], line["turn"]["understood"]) == (False, "running", False)
        desk.bot.gate.set()
        await shopper.replies()
        await shopper.read()
        reply = await _settled(mia, shopper, asked + 1)
        assert (reply["reply_to"], reply["turn"], reply["delivered"]) == (asked, None, True)
        question = (await mia.lines(shopper.conversation_id, first=asked))["lines"][0]
        turn = question["turn"]
        assert question["settled"]
        assert (turn["intent"], turn["percent"], turn["unsure"]) == ("track_order", "97 %", False)
        assert turn["entities"] == [{"name": "order_number", "value": "A-17"}]
        assert turn["actions"] == [{"name": "action_track_order", "percent": "100 %"}]
        assert [one["name"] for one in turn["ranking"]] == ["track_order", "greet"]
        assert {"name": "total", "value": "12 ms"} in turn["timings"]


async def test_times_are_in_the_consoles_language_and_strangers_read_nothing(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="zh") as shopper,
        colleague(gateway, "eve", "read_only") as eve,
    ):
        await shopper.ask("a secret")
        assert "月" not in await _first_time(eve, shopper)
        eve.http.cookies.set("shopdesk_console_language", "zh")
        assert "月" in await _first_time(eve, shopper)
        address = f"/console/api/conversations/{shopper.conversation_id}/lines"
        async with gateway.browser() as stranger:
            for credentials in ({}, {"Authorization": f"Bearer {shopper.token}"}):
                refused = await stranger.get(address, headers=credentials)
                assert (refused.status_code, "a secret" in refused.text) == (401, False)
        assert (await eve.http.get(address.replace(shopper.conversation_id, "none"))).status_code == 404
        assert (await eve.http.get(address, params={"first": -1})).status_code == 422


async def _settled(agent: Colleague, shopper: Shopper, seq: int) -> dict[str, Any]:
    """The line once nothing of it is awaited: deliveries are written together, a little later."""
    async with asyncio.timeout(LONG):
        while True:
            line: dict[str, Any] = (await agent.lines(shopper.conversation_id, first=seq))["lines"][0]
            if line["settled"]:
                return line
            await asyncio.sleep(0.01)


async def _first_time(agent: Colleague, shopper: Shopper) -> str:
    words: str = (await agent.lines(shopper.conversation_id))["lines"][0]["at_text"]
    return words
