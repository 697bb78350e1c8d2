"""From a marked message to a page that answers it, in the console, with the CRM itself behind it."""

from __future__ import annotations

import html
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect
from sqlalchemy import select

from gateway.audit.models import AuditEntry
from shopdesk_schemas.turn import TurnRequest
from tests.gateway.desk import Desk, newest_turn
from tests.gateway.doubles import Answer, answer, text_reply
from tests.gateway.test_console_crm import AXE, Shop, agent, post, shop
from tests.support.browser import launch_browser_async

__all__ = ["shop"]

pytestmark = pytest.mark.anyio

QUESTION = "do you sharpen old knives?"
PAGE = "# Knives\n\n## Sharpening\nWe sharpen old knives for free.\n"
PATH = "/console/help-pages/en/knives"


def unknown(_request: TurnRequest) -> Answer:
    return answer(
        text_reply("We do not know."),
        understanding={"intent": {"name": "ask_policy", "confidence": 0.9}, "ranking": [], "entities": []},
        actions=[{"name": "action_ask_policy"}],
    )


async def test_a_marked_message_is_mended_by_a_page(sqlite_desk: Desk, shop: Shop) -> None:
    sqlite_desk.bot.brain = unknown
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway, "lead") as lead,
        agent(gateway) as mia,
        agent(gateway, "read_only") as guest,
        await gateway.shopper(language="en") as shopper,
    ):
        await shopper.ask(QUESTION)
        turn = await newest_turn(mia, shopper.conversation_id)
        marked = await post(mia, f"/console/review/turns/{turn}", cause="help_page", subject="knives")
        assert marked.status_code == 303
        assert f'href="/console/help-pages?turn={turn}"' in (await mia.get(f"/console/review/turns/{turn}")).text

        listed = (await mia.get(f"/console/help-pages?turn={turn}")).text
        assert QUESTION in html.unescape(listed)
        assert "No page answers this" in listed
        opened = await mia.get(f"/console/help-pages/new?name=Knives&language=en&turn={turn}")
        assert opened.headers["location"] == f"{PATH}?turn={turn}"

        draft = {"version": 0, "markdown": PAGE, "question": QUESTION, "turn": turn}
        tried = await post(mia, PATH, act="try", **draft)
        assert "We sharpen old knives for free.</blockquote>" in tried.text
        assert "No page answers this" in (await mia.get(f"{PATH}?turn={turn}")).text
        for person, act in ((mia, "save"), (guest, "try")):
            assert (await post(person, PATH, act=act, **draft)).status_code == 403
        saved = await post(lead, PATH, act="save", **draft)
        assert saved.status_code == 303
        page = (await lead.get(saved.headers["location"])).text
        assert "We sharpen old knives for free.</blockquote>" in page
        assert (await post(lead, PATH, act="save", **draft)).status_code == 409
        assert (await post(lead, PATH, act="save", **{**draft, "markdown": "# Alone", "version": 1})).status_code == 422
        assert (await post(lead, f"/console/review/turns/{turn}/settle")).status_code == 303
        assert turn not in (await lead.get("/console/review?state=to_mend")).text

        await lead.get("/console/language/zh")
        assert (await post(lead, PATH, act="withdraw", version=1)).status_code == 303
        assert "没有页面能回答" in (await lead.get(f"{PATH}?turn={turn}")).text
        async with gateway.services.database.read() as session:
            noted = (await session.execute(select(AuditEntry.action))).scalars().all()
        assert [one for one in noted if one.startswith("help_page")] == ["help_page.save", "help_page.withdraw"]


@pytest.mark.parametrize(("locale", "width", "scheme"), [("en-GB", 1280, "light"), ("zh-CN", 390, "dark")])
async def test_the_pages_are_accessible(sqlite_desk: Desk, shop: Shop, locale: str, width: int, scheme: Any) -> None:
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway, "lead") as lead,
        async_playwright() as playwright,
    ):
        assert (await post(lead, PATH, act="save", version=0, markdown=PAGE)).status_code == 303
        browser = await launch_browser_async(playwright)
        context = await browser.new_context(
            base_url=gateway.url, locale=locale, bypass_csp=True, color_scheme=scheme,
            viewport={"width": width, "height": 860},
        )  # fmt: skip
        token = lead.cookies["shopdesk_console"]
        await context.add_cookies([{"name": "shopdesk_console", "value": token, "url": f"{gateway.url}/console"}])
        page = await context.new_page()
        for path in ("/console/help-pages", "/console/help-pages/new?name=%C3%9F!", PATH):
            await page.goto(path)
            if path == PATH:
                await page.fill("#question", QUESTION)
                await page.click("button[value=try]")
                await expect(page.locator("blockquote")).to_have_text("We sharpen old knives for free.")
            await page.add_script_tag(path=AXE)
            found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            problems = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]]
            assert problems == [], path
            wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, path
        await browser.close()
