"""From a message whose product was not recognised to the name that finds it, with the CRM itself behind the console."""

from __future__ import annotations

import html
from typing import Any

import httpx
import pytest
from playwright.async_api import async_playwright, expect
from sqlalchemy import select

from gateway.audit.models import AuditEntry
from shopdesk_schemas.turn import TurnRequest
from tests.crm import records
from tests.gateway.desk import Desk, newest_turn
from tests.gateway.doubles import Answer, answer
from tests.gateway.test_console_crm import AXE, Shop, agent, post, shop
from tests.support.browser import launch_browser_async

__all__ = ["shop"]

pytestmark = pytest.mark.anyio

QUESTION = "do you still have the swan neck in galaxy?"
EDIT = "/console/other-names/edit"
KETTLE = {"kind": "product", "source": "web", "name": "kettle", "value": ""}
NAVY = {"kind": "option", "source": "", "name": "colour", "value": "navy"}


def stock(shop: Shop) -> None:
    with shop.database.write() as session:
        for external_id, name, chinese in (("kettle", "Gooseneck kettle", "细嘴水壶"), ("pen", "Pen", "钢笔")):
            product = records.product(
                session, name, external_id=external_id, translations={"zh": {"name": chinese}}
            )  # fmt: skip
            for colour in ("navy", "red"):
                records.variant(
                    session, product, f"{external_id}-{colour}", options={"colour": colour}, price_minor=1900,
                    currency="GBP", availability="in_stock",
                )  # fmt: skip


def took_the_pen(_request: TurnRequest) -> Answer:
    reply = {
        "kind": "product_cards", "text": "We have this:", "buttons": [],
        "products": [{"sku": "pen", "title": "Pen", "price": None, "availability_text": "In stock",
                      "image_url": None, "url": None}],
    }  # fmt: skip
    return answer(
        reply,
        understanding={"intent": {"name": "ask_availability", "confidence": 0.9}, "ranking": [], "entities": []},
        actions=[{"name": "action_ask_availability"}],
    )


async def marked(desk: Desk, gateway: Any, shopper: Any, mia: httpx.AsyncClient) -> str:
    await shopper.ask(QUESTION)
    turn = await newest_turn(mia, shopper.conversation_id)
    assert (await post(mia, f"/console/review/turns/{turn}", cause="wrong_item", subject="kettle")).status_code == 303
    return turn


async def test_a_wrongly_taken_item_is_mended_by_other_names(sqlite_desk: Desk, shop: Shop) -> None:
    stock(shop)
    sqlite_desk.bot.brain = took_the_pen
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway, "lead") as lead,
        agent(gateway) as mia,
        agent(gateway, "read_only") as guest,
        await gateway.shopper(language="en") as shopper,
    ):
        turn = await marked(sqlite_desk, gateway, shopper, mia)
        assert f'href="/console/other-names?turn={turn}"' in (await mia.get(f"/console/review/turns/{turn}")).text
        listed = html.unescape((await mia.get(f"/console/other-names?turn={turn}")).text)
        assert QUESTION in listed
        assert f'<a href="/console/other-names/product?reference=pen&turn={turn}">Pen</a>' in listed
        assert "Nothing is found." in listed
        product = html.unescape((await guest.get("/console/other-names/product?reference=kettle-red")).text)
        assert f"{EDIT}?kind=option&name=colour&value=navy" in product
        assert (await guest.get("/console/other-names/product?reference=spoon")).status_code == 404

        draft = {**KETTLE, "version": 0, "en": "swan neck\r\n", "zh": "天鹅壶", "question": QUESTION, "turn": turn}
        tried = (await post(mia, EDIT, act="try", **draft)).text
        now, _, then = tried.partition("<h3>With these names</h3>")
        assert "Nothing is found." in now
        assert ">Gooseneck kettle</a>" in then
        assert "Nothing is found." in (await mia.get(f"/console/other-names?turn={turn}")).text
        for person, act in ((mia, "save"), (guest, "try")):
            assert (await post(person, EDIT, act=act, **draft)).status_code == 403
        saved = await post(lead, EDIT, act="save", **draft)
        assert saved.status_code == 303
        page = (await lead.get(saved.headers["location"])).text
        assert "It holds from the next message on." in page
        assert ">Gooseneck kettle</a>" in page
        assert (await post(lead, EDIT, act="save", **draft)).status_code == 409
        assert (await post(lead, EDIT, act="try", **{**draft, "en": "!?"})).status_code == 422

        navy = {**NAVY, "version": 0, "en": "galaxy", "zh": "", "question": QUESTION, "turn": turn}
        both = (await post(lead, EDIT, act="try", **navy)).text.partition("<h3>With these names</h3>")[2]
        assert '>Gooseneck kettle</a> <span class="hint">colour: navy</span>' in both
        assert (await post(lead, EDIT, act="save", **navy)).status_code == 303
        assert (await post(lead, f"/console/review/turns/{turn}/settle")).status_code == 303
        assert turn not in (await lead.get("/console/review?state=to_mend")).text

        await lead.get("/console/language/zh")
        assert "swan neck、天鹅壶" in (await lead.get("/console/other-names")).text
        assert (await post(lead, EDIT, act="withdraw", **{**KETTLE, "version": 1})).status_code == 303
        assert "swan neck" not in (await lead.get("/console/other-names")).text
        first = await lead.get(EDIT, params={**KETTLE, "version": 1})
        assert "swan neck</textarea>" in first.text
        assert 'name="version" value="2"' in first.text
        async with gateway.services.database.read() as session:
            noted = (await session.execute(select(AuditEntry.action))).scalars().all()
        assert [one for one in noted if one.startswith("other_names")] == [
            "other_names.save", "other_names.save", "other_names.withdraw",
        ]  # fmt: skip


@pytest.mark.parametrize(("locale", "width", "scheme"), [("en-GB", 1280, "light"), ("zh-CN", 390, "dark")])
async def test_the_pages_are_accessible(sqlite_desk: Desk, shop: Shop, locale: str, width: int, scheme: Any) -> None:
    stock(shop)
    sqlite_desk.bot.brain = took_the_pen
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway, "lead") as lead,
        await gateway.shopper(language="en") as shopper,
        async_playwright() as playwright,
    ):
        turn = await marked(sqlite_desk, gateway, shopper, lead)
        assert (await post(lead, EDIT, act="save", **KETTLE, version=0, en="swan", zh="天鹅壶")).status_code == 303
        browser = await launch_browser_async(playwright)
        context = await browser.new_context(
            base_url=gateway.url, locale=locale, bypass_csp=True, color_scheme=scheme,
            viewport={"width": width, "height": 860},
        )  # fmt: skip
        token = lead.cookies["shopdesk_console"]
        await context.add_cookies([{"name": "shopdesk_console", "value": token, "url": f"{gateway.url}/console"}])
        page = await context.new_page()
        named = f"{EDIT}?kind=product&source=web&name=kettle&turn={turn}"
        for path in (
            f"/console/other-names?turn={turn}", "/console/other-names/product?reference=spoon",
            "/console/other-names/product?reference=kettle", named,
        ):  # fmt: skip
            await page.goto(path)
            if path == named:
                await page.fill("#names-en", "swan\nswan neck")
                await page.click("button[value=try]")
                await expect(page.locator("ol").last).to_contain_text("Gooseneck kettle")
            await page.add_script_tag(path=AXE)
            found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            problems = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]]
            assert problems == [], path
            wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, path
        await browser.close()
