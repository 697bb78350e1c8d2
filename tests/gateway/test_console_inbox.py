"""The inbox: who waits, in the queue's order, and what can be filtered for."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from gateway.conversations.models import Conversation
from tests.gateway.desk import Desk
from tests.gateway.doubles import answer, text_reply
from tests.gateway.test_console import agent_at
from tests.gateway.test_handover import colleague, wants_person

pytestmark = pytest.mark.anyio


async def listed(browser: httpx.AsyncClient, **chosen: str) -> list[str]:
    """The conversations of the inbox's table."""
    page = (await browser.get("/console", params=chosen)).text
    return re.findall(r"/console/conversations/(\w+)", page[page.find("<table>") :] if "<table>" in page else "")


async def test_who_waits_stands_in_the_order_of_the_queue(desk: Desk) -> None:
    wants_person(desk)
    async with (
        desk.gateway() as gateway,
        agent_at(gateway) as browser,
        await gateway.shopper(language="en") as first,
        await gateway.shopper(language="en") as second,
    ):
        assert "next first" not in (await browser.get("/console")).text
        await first.ask("a person please")
        await second.ask("a person please")
        page = (await browser.get("/console")).text
        queue = page[page.index("next first") : page.index("<table>")]
        waiting = re.findall(r"/console/conversations/(\w+)", queue)
        assert waiting == [first.conversation_id, second.conversation_id]
        assert "waiting for 0 min" in queue
        assert "a person please" in queue
        async with gateway.services.database.write() as session:
            urgent = await session.get(Conversation, second.conversation_id)
            assert urgent is not None
            assert urgent.queue_key is not None
            urgent.queue_key -= timedelta(hours=1)
        page = (await browser.get("/console")).text
        assert re.findall(r"/console/conversations/(\w+)", page)[0] == second.conversation_id


async def test_filters_by_agent_intent_and_what_is_unresolved(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        agent_at(gateway) as browser,
        colleague(gateway, "mia") as mia,
        await gateway.shopper(language="en") as asked,
        await gateway.shopper(language="en") as helped,
    ):
        desk.bot.brain = lambda _request: answer(text_reply("ok"))
        await helped.ask("where is it?")
        wants_person(desk)
        await asked.ask("a person please")
        await mia.take(asked)
        assert await listed(mia.http, assignee="me") == [asked.conversation_id]
        assert await listed(browser, assignee="me") == []
        assert await listed(browser, attention="unresolved") == [asked.conversation_id]
        assert helped.conversation_id in await listed(browser, intent="track_order")
        assert await listed(browser, intent="no_such_intent") == []
        assert (await mia.post(asked, "hand-back", outcome="resolved", note="done")).status_code == 204
        assert await listed(browser, attention="unresolved") == []
        assert await listed(mia.http, assignee="me") == []
