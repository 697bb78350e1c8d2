"""From a marked message to better words, in the console, in force with the next message."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import async_playwright, expect
from sqlalchemy import select

from gateway.audit.models import AuditEntry
from gateway.wording.service import problem_of, said_by
from shopdesk_schemas.turn import TurnRequest
from tests.gateway.desk import Desk, newest_turn
from tests.gateway.doubles import Answer, answer, text_reply
from tests.gateway.test_console_crm import AXE, agent, post
from tests.support.browser import launch_browser_async

pytestmark = pytest.mark.anyio

PATH = "/console/wording/en/utter_greet"
BETTER = {"text-0": "Good day {name}!", "text-1": "Welcome, {name}. What can I do for you?"}


def greeting(_request: TurnRequest) -> Answer:
    return answer(text_reply("Hi Ada, how can I help?"))


async def test_words_of_a_marked_message_are_changed(desk: Desk) -> None:
    desk.bot.brain = greeting
    async with (
        desk.gateway() as gateway,
        agent(gateway, "lead") as lead,
        agent(gateway) as mia,
        agent(gateway, "read_only") as guest,
        await gateway.shopper(language="en") as shopper,
    ):
        await shopper.ask("hello")
        assert desk.bot.requests[-1].wordings == {}
        turn = await newest_turn(mia, shopper.conversation_id)
        assert (await post(mia, f"/console/review/turns/{turn}", cause="wording")).status_code == 303
        assert f'href="/console/wording?turn={turn}"' in (await mia.get(f"/console/review/turns/{turn}")).text
        found = (await mia.get(f"/console/wording?turn={turn}")).text
        assert re.findall(r"<code>(utter_\w+)</code>", found) == ["utter_greet"]

        previewed = await post(mia, PATH, act="preview", version=0, turn=turn, **BETTER)
        assert "Good day ‹name›!</blockquote>" in previewed.text
        assert "Filled in by the assistant: <code>{name}</code>" in previewed.text
        for person, act in ((mia, "save"), (guest, "preview")):
            assert (await post(person, PATH, act=act, version=0, **BETTER)).status_code == 403
        for wrong in ("Dear {stranger}", "Hello {name", "  "):
            refused = await post(lead, PATH, act="save", version=0, **{**BETTER, "text-0": wrong})
            assert refused.status_code == 422
            assert 'aria-invalid="true"' in refused.text
        saved = await post(lead, PATH, act="save", version=0, turn=turn, **BETTER)
        assert saved.headers["location"] == f"{PATH}?saved=1&turn={turn}"
        assert "It holds from the next message on" in (await lead.get(saved.headers["location"])).text
        assert (await post(lead, PATH, act="save", version=0, **BETTER)).status_code == 409

        await shopper.ask("hello again")
        assert desk.bot.requests[-1].wordings == {"en": {"utter_greet": list(BETTER.values())}}
        assert "Good day" in (await mia.get("/console/wording?language=en&q=welcome")).text

        await lead.get("/console/language/zh")
        assert (await post(lead, PATH, act="withdraw", version=1)).status_code == 303
        assert "正在使用原来的说法" in (await lead.get(PATH)).text
        assert "Good day {name}!" in (await lead.get(f"{PATH}?version=1")).text
        await shopper.ask("and again")
        assert desk.bot.requests[-1].wordings == {}
        async with gateway.services.database.read() as session:
            noted = (await session.execute(select(AuditEntry.action))).scalars().all()
        assert [one for one in noted if one.startswith("wording")] == ["wording.save", "wording.withdraw"]
        for path in ("/console/wording/en/utter_nothing", "/console/wording/fr/utter_greet"):
            assert (await lead.get(path)).status_code in {404, 422}


@pytest.mark.parametrize(("locale", "width", "scheme"), [("en-GB", 1280, "light"), ("zh-CN", 390, "dark")])
async def test_the_pages_are_accessible(sqlite_desk: Desk, locale: str, width: int, scheme: Any) -> None:
    async with sqlite_desk.gateway() as gateway, agent(gateway, "lead") as lead, async_playwright() as playwright:
        assert (await post(lead, PATH, act="save", version=0, **BETTER)).status_code == 303
        browser = await launch_browser_async(playwright)
        context = await browser.new_context(
            base_url=gateway.url, locale=locale, bypass_csp=True, color_scheme=scheme,
            viewport={"width": width, "height": 860},
        )  # fmt: skip
        token = lead.cookies["shopdesk_console"]
        await context.add_cookies([{"name": "shopdesk_console", "value": token, "url": f"{gateway.url}/console"}])
        page = await context.new_page()
        for path, words in (("/console/wording?language=en", ""), (PATH, "Hello {name}, dear!"), (PATH, "{nobody}")):
            await page.goto(path)
            if words:
                await page.fill("#text-0", words)
                await page.click("button[value=preview]")
                told = page.locator("blockquote, textarea[aria-invalid]").first
                await expect(told).to_be_visible()
            await page.add_script_tag(path=AXE)
            found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            problems = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]]
            assert problems == [], path
            wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, path
        await browser.close()


@given(text=st.text(max_size=40), value=st.text(max_size=10))
def test_a_reply_is_found_by_its_text(text: str, value: str) -> None:
    plain = text.replace("{", "").replace("}", "")
    if plain.strip():
        assert said_by(plain + "{name}", plain + value)
        assert problem_of(plain, plain) is None
        assert problem_of(plain + "{name}", plain) == "variable"
