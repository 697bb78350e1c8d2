"""From a message at which a rule was not right to the rule changed, with the CRM itself behind the console."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest
from playwright.async_api import async_playwright, expect
from sqlalchemy import select

from crm_backend.policies.overlay import SECTIONS, rules
from gateway import locales
from gateway.audit.models import AuditEntry
from gateway.console.policies import group, label
from shopdesk_schemas.turn import TurnRequest
from tests.gateway.desk import Desk, newest_turn
from tests.gateway.doubles import Answer, answer, text_reply
from tests.gateway.test_console_crm import AXE, Shop, agent, post, shop
from tests.support.browser import launch_browser_async

__all__ = ["shop"]

pytestmark = pytest.mark.anyio

PATH = "/console/policies/returns"
DAYS = "returns.terms.window_days"


def told_thirty_days(_request: TurnRequest) -> Answer:
    return answer(
        text_reply("You have 30 days."),
        understanding={"intent": {"name": "ask_return_policy", "confidence": 0.9}, "ranking": [], "entities": []},
        actions=[{"name": "action_ask_policy"}],
    )


async def save(lead: httpx.AsyncClient, **draft: Any) -> httpx.Response:
    """What a lead does: looks at what it changes, and saves just that."""
    looked = (await post(lead, PATH, act="preview", **draft)).text
    previewed = re.findall(r'name="previewed" value="(\w+)"', looked)[0]
    return await post(lead, PATH, act="save", previewed=previewed, **draft)


def offers(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


async def test_a_wrong_rule_is_changed_by_a_lead(sqlite_desk: Desk, shop: Shop) -> None:
    sqlite_desk.bot.brain = told_thirty_days
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway, "lead") as lead,
        agent(gateway) as mia,
        await gateway.shopper(language="en") as shopper,
    ):
        await shopper.ask("how long can I send it back?")
        turn = await newest_turn(mia, shopper.conversation_id)
        assert (await post(mia, f"/console/review/turns/{turn}", cause="policy", subject=DAYS)).status_code == 303
        assert f'href="/console/policies?turn={turn}"' in (await mia.get(f"/console/review/turns/{turn}")).text
        assert f'href="{PATH}?turn={turn}"' in (await mia.get(f"/console/policies?turn={turn}")).text

        seen = (await mia.get(f"{PATH}?turn={turn}")).text
        assert f'name="{DAYS}" value="30"' in seen
        assert "readonly" in seen
        assert "See what it changes" not in seen
        draft = {"version": 0, "turn": turn, "remark": "Long summer", DAYS: "45"}
        assert (await post(mia, PATH, act="preview", **draft)).status_code == 403

        for text, why in (("-1", "At least 0."), ("many", "A whole number."), ("", "A whole number.")):
            wrong = await post(lead, PATH, act="preview", **{**draft, DAYS: text})
            assert wrong.status_code == 422
            assert f'<a href="#{DAYS}">Days to return</a>: {why}' in wrong.text
            assert f'name="{DAYS}" value="{text}"' in wrong.text
        assert (await post(lead, PATH, act="preview", **{**draft, DAYS: "30"})).status_code == 422
        tried = (await post(lead, PATH, act="preview", **draft)).text
        assert "Days to return: 30 → 45" in offers(tried)
        assert f'name="{DAYS}" value="30"' in (await lead.get(PATH)).text
        unseen = await post(lead, PATH, act="save", **draft)
        assert (unseen.status_code, "What this changes" in unseen.text) == (200, True)
        assert f'name="{DAYS}" value="30"' in (await lead.get(PATH)).text
        saved = await save(lead, **draft)
        assert saved.status_code == 303
        page = (await lead.get(saved.headers["location"])).text
        assert f'name="{DAYS}" value="45"' in page
        assert "policies.yml: 30." in page
        assert (await gateway.services.crm.policies()).returns.terms.window_days == 45
        assert (await save(lead, **{**draft, DAYS: "50"})).status_code == 409
        assert (await post(lead, f"/console/review/turns/{turn}/settle")).status_code == 303

        assert (await save(lead, **{**draft, "version": 1, DAYS: "60"})).status_code == 303
        listed = (await mia.get("/console/policies")).text
        assert "Long summer" in listed
        assert "Days to return: 45 → 60" in offers(listed)
        back = {"version": 2, "to": 1}
        assert (await post(mia, "/console/policies/restore", **back)).status_code == 403
        assert (await post(lead, "/console/policies/restore", **back)).status_code == 303
        assert (await post(lead, "/console/policies/restore", **back)).status_code == 409
        assert (await gateway.services.crm.policies()).returns.terms.window_days == 45
        await lead.get("/console/language/zh")
        assert "退货期限（天）" in (await lead.get(PATH)).text
        assert (await lead.get("/console/policies/verification")).status_code == 404
        async with gateway.services.database.read() as session:
            noted = (await session.execute(select(AuditEntry.action))).scalars().all()
        assert [one for one in noted if one.startswith("policies")] == [
            "policies.save", "policies.save", "policies.restore",
        ]  # fmt: skip


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_every_rule_and_group_has_a_name(language: str) -> None:
    said = locales.texts(language, "policies")
    for path in rules():
        assert label(said, path) != path
        assert group(said, path.rpartition(".")[0]) != path.rpartition(".")[0]
    assert all(f"group_{name}" in said for name in SECTIONS)
    choices = {choice for one in rules().values() for choice in one.choices}
    assert {f"choice_{choice}" for choice in choices} <= set(said)


@pytest.mark.parametrize(("locale", "width", "scheme"), [("en-GB", 1280, "light"), ("zh-CN", 390, "dark")])
async def test_the_pages_are_accessible(sqlite_desk: Desk, shop: Shop, locale: str, width: int, scheme: Any) -> None:
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway, "lead") as lead,
        async_playwright() as playwright,
    ):
        assert (await save(lead, version=0, **{DAYS: "45"})).status_code == 303
        browser = await launch_browser_async(playwright)
        context = await browser.new_context(
            base_url=gateway.url, locale=locale, bypass_csp=True, color_scheme=scheme,
            viewport={"width": width, "height": 860},
        )  # fmt: skip
        token = lead.cookies["shopdesk_console"]
        await context.add_cookies([{"name": "shopdesk_console", "value": token, "url": f"{gateway.url}/console"}])
        page = await context.new_page()
        for path, days in (("/console/policies", None), (PATH, "50"), (PATH, "-1"), ("/console/policies/claims", None)):
            await page.goto(path)
            if days is not None:
                await page.fill(f"[id='{DAYS}']", days)
                await page.click("button[value=preview]")
                told = page.locator("[role=alert]" if days == "-1" else "#preview")
                await expect(told).to_be_visible()
            await page.add_script_tag(path=AXE)
            found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            problems = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]]
            assert problems == [], (path, days)
            wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, (path, days)
        await browser.close()
