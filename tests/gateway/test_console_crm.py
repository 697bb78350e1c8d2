"""The console's pages that show what the CRM knows, with the CRM itself behind them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import async_playwright, expect
from pydantic import SecretStr
from sqlalchemy import select, update

from crm_backend.analytics.runs import Plan, analyse
from crm_backend.analytics.segments.rules import PROBLEMS
from crm_backend.analytics.segments.step import Segments
from crm_backend.analytics.traits.step import Traits
from crm_backend.app import create_app
from crm_backend.cases.models import Case
from crm_backend.collect.schemas import Receipt
from crm_backend.database.engine import Database
from crm_backend.pipeline.cleaning import RULES
from crm_backend.quality import service as quality
from crm_backend.settings import CrmSettings
from gateway import locales
from gateway.audit.models import AuditEntry
from gateway.clients.staff import StaffMember
from gateway.console import charts, figures
from gateway.console.cases import kind_in_words
from gateway.console.models import Agent, Role
from gateway.console.segment_form import EXAMPLES
from gateway.conversations.models import Message
from shopdesk_schemas.cases import CaseChange
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.analytics.shops import NOW, bought
from tests.crm.conftest import policies_with
from tests.gateway.desk import Desk, Gateway
from tests.gateway.doubles import TOKEN, plain_server, served
from tests.gateway.test_availability import there
from tests.gateway.test_console import PASSWORD, form_token, sign_in
from tests.gateway.test_handover import colleague, wants_person
from tests.support.browser import launch_browser_async
from tests.support.stack import ROOT

pytestmark = pytest.mark.anyio

AXE = ROOT / "gateway" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
RULE = '{"trait": "order_days", "is": "at_least", "value": 2}'
OWN = {
    "act": "save", "key": "own_often", "name_en": "Often", "name_zh": "常客", "description_en": "They come back.",
    "greeting_en": "Good to see you again!", "offer_zh": "老客户专享：本月免运费。",
    "rule": RULE, "priority": "40",
}  # fmt: skip


PAGES_OF_THE_CRM = (
    "segments", "segments/champions", "cases", "cases/case_1", "goodwill", "goodwill/new", "data-quality", "deliveries",
    "stock", "recommendations", "recommendations/arms.csv", "recommendations/customer?id=often", "help-pages",
    "help-pages/en/returns", "other-names", "other-names/product?reference=A", "policies", "policies/returns",
)  # fmt: skip


@dataclass
class Shop:
    """A CRM with records, its address, and how to analyse it."""

    database: Database
    url: str

    def analyse(self) -> None:
        analyse(self.database, policies_with(), Clock(NOW), Plan(), steps=(Traits(), Segments()))


@pytest.fixture
async def shop(sqlite_database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Shop]:
    with sqlite_database.write() as session:
        often = records.customer(session, external_id="often", name="Ada Often", email="ada@shop.test", source="web")
        once = records.customer(session, external_id="once", country="DE")
        for days in (50, 30, 10):
            bought(session, often, days, ("A", 1, 500))
        bought(session, once, 20, ("A", 4, 500))
        records.order(session, "ON-THE-WAY", often, placed_at=NOW)
    settings = CrmSettings(
        home=tmp_path,
        crm_database_url=sqlite_database.engine.url.render_as_string(hide_password=False),
        service_token=SecretStr(TOKEN),
        identity_secret=SecretStr("identity-secret-of-the-tests-32-bytes-long"),
        lookup_key=SecretStr("lookup-key-of-the-tests"),
    )
    policies = policies_with(sections={"goodwill": {"most": {"GBP": 5000}, "limits": {"agent": {"GBP": 1000}}}})
    app = create_app(settings, clock=Clock(None, wall=lambda: datetime.now(UTC)), policies=policies)
    async with served(plain_server(app)) as url:
        yield Shop(sqlite_database, url)
    app.state.resources.database.dispose()


@asynccontextmanager
async def agent(gateway: Gateway, role: Role = "agent") -> AsyncIterator[httpx.AsyncClient]:
    async with gateway.services.database.write() as session:
        await gateway.services.accounts.add(
            session, username=f"the_{role}", display_name=role.title(), role=role, password=PASSWORD
        )
    async with gateway.browser() as browser:
        assert (await sign_in(browser, f"the_{role}")).status_code == 303
        yield browser


async def post(browser: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    return await browser.post(path, data={"csrf": form_token(await browser.get("/console")), **fields})


async def test_what_came_in_and_was_cleaned_is_shown_in_both_languages(sqlite_desk: Desk, shop: Shop) -> None:
    with shop.database.write() as session:
        quality.note_call(
            session,
            "till",
            "customers",
            datetime.now(UTC),
            Receipt(inserted=3, updated=1, unchanged=0, rejected=2, cleaned={"phone_e164": 1234}, items=[]),
            {"email: is missing": 2},
        )
    async with sqlite_desk.gateway(crm_url=shop.url) as gateway, agent(gateway, "read_only") as browser:
        page = (await browser.get("/console/data-quality")).text
        assert "Phone number put into international form" in page
        assert "1,234" in page
        assert "email: is missing" in page
        assert "Customers without a name" in page
        await browser.get("/console/language/zh")
        assert "电话统一为国际格式" in (await browser.get("/console/data-quality?days=7")).text
        assert (await browser.get("/console/data-quality?days=0")).status_code == 422
    async with sqlite_desk.gateway(crm_url=shop.url) as gateway, gateway.browser() as stranger:
        assert (await stranger.get("/console/data-quality")).status_code == 303


def test_every_rule_of_cleaning_has_words_for_agents() -> None:
    for language in locales.LANGUAGES:
        assert RULES.keys() <= locales.texts(language, "quality")["rules"].keys()


async def test_segments_before_and_after_the_first_analysis(sqlite_desk: Desk, shop: Shop) -> None:
    async with sqlite_desk.gateway(crm_url=shop.url) as gateway, agent(gateway) as browser:
        assert "shopdesk analyse" in (await browser.get("/console/segments")).text
        shop.analyse()
        listed = (await browser.get("/console/segments")).text
        assert "shopdesk analyse" not in listed
        keys = re.findall(r'href="/console/segments/(rfm_\w+)"', listed)
        assert keys
        one = await browser.get(f"/console/segments/{keys[0]}")
        assert one.status_code == 200
        assert '<svg class="line-chart"' in one.text
        assert "<table>" in one.text
        assert (await browser.get("/console/segments/rfm_nothing")).status_code == 404
        assert (await browser.get("/console/segments/NO!")).status_code == 404


async def test_whatever_is_wrong_with_a_rule_has_words_in_every_language() -> None:
    for language in locales.LANGUAGES:
        keys = {key for key in locales.texts(language, "console") if key.startswith("rule_problem_")}
        assert keys == {f"rule_problem_{code}" for code in PROBLEMS}


async def test_a_lead_defines_previews_changes_and_takes_away_a_segment(sqlite_desk: Desk, shop: Shop) -> None:
    shop.analyse()
    async with sqlite_desk.gateway(crm_url=shop.url) as gateway, agent(gateway, "lead") as lead:
        begun = (await lead.get("/console/segments/new")).text
        examples = [f"/console/segments/new?example={one}" for one in EXAMPLES]
        assert all(f'href="{one}"' in begun for one in examples)
        for one in EXAMPLES.values():
            assert "customers (" in (await post(lead, "/console/segments", act="preview", rule=json.dumps(one))).text
        assert "in_next_days" in (await lead.get("/console/segments/new?example=due_soon")).text
        previewed = await post(lead, "/console/segments", act="preview", rule=RULE)
        assert "1 of 2 customers" in previewed.text
        assert "Days with an order: 2 or more" in previewed.text
        wrong = await post(lead, "/console/segments", **{**OWN, "rule": '{"trait": "shoe_size", "is": "equal"}'})
        assert wrong.status_code == 422
        assert "rule.trait" in wrong.text
        assert "is no trait" in wrong.text
        lead.cookies.set("shopdesk_console_language", "zh")
        wrong = await post(lead, "/console/segments", **{**OWN, "rule": '{"trait": "recency_days", "is": "about"}'})
        assert "<code>rule.is</code> <span>只能是以下之一：" in wrong.text
        lead.cookies.set("shopdesk_console_language", "en")
        broken = await post(lead, "/console/segments", **{**OWN, "rule": "{", "key": "Own", "priority": "101"})
        for problem in ("problem-rule", "problem-key", "problem-priority"):
            assert f'id="{problem}"' in broken.text
        saved = await post(lead, "/console/segments", **OWN)
        assert (saved.status_code, saved.headers["location"]) == (303, "/console/segments/own_often")
        unnamed = await post(lead, "/console/segments", **{**OWN, "key": "", "name_en": "Very often!"})
        assert unnamed.headers["location"] == "/console/segments/own_very_often"
        assert (await post(lead, "/console/segments", act="remove", segment="own_very_often")).status_code == 303
        shown = (await lead.get("/console/segments/own_often")).text
        wanted = ["They come back.", "Days with an order: 2 or more", "Good to see you again!", "本月免运费", "40 min"]
        assert [one for one in wanted if one not in shown] == []
        assert 'id="problem-key"' in (await post(lead, "/console/segments", **OWN)).text
        form = (await lead.get("/console/segments/own_often/edit")).text
        assert 'value="常客"' in form
        assert 'value="40"' in form
        assert 'value="老客户专享：本月免运费。"' in form
        changed = await post(lead, "/console/segments", **{**OWN, "segment": "own_often", "name_en": "Regulars"})
        assert changed.status_code == 303
        assert "Regulars" in (await lead.get("/console/segments")).text
        csv = await lead.get("/console/segments/own_often/members.csv")
        assert csv.headers["content-type"].startswith("text/csv")
        assert csv.content.startswith(b"\xef\xbb\xbfsource,external_id")
        assert b"often" in csv.content
        assert (await post(lead, "/console/segments", act="remove", segment="own_often")).status_code == 303
        assert (await lead.get("/console/segments/own_often")).status_code == 404
        async with gateway.services.database.read() as session:
            actions = (await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars().all()
        done = [action for action in actions if action.startswith("segment.")]
        twice = ["segment.create", "segment.create", "segment.remove"]
        assert done == [*twice, "segment.change", "segment.members_csv", "segment.remove"]


@pytest.mark.parametrize("role", ["agent", "read_only"])
async def test_others_only_look_at_segments(sqlite_desk: Desk, shop: Shop, role: Role) -> None:
    shop.analyse()
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway, "lead") as lead,
        agent(gateway, role) as other,
        gateway.browser() as guest,
    ):
        assert (await post(lead, "/console/segments", **OWN)).status_code == 303
        assert (await other.get("/console/segments/own_often")).status_code == 200
        for path in ("/console/segments/new", "/console/segments/own_often/edit",
                     "/console/segments/own_often/members.csv"):  # fmt: skip
            assert (await lead.get(path)).status_code == 200
            assert (await other.get(path)).status_code == 403
            assert (await guest.get(path)).headers["location"] == "/console/login"
        assert (await post(other, "/console/segments", **{**OWN, "segment": "own_often"})).status_code == 403
        assert (await lead.post("/console/segments", data={**OWN, "csrf": "0" * 64})).status_code == 403


async def test_the_panel_says_who_it_is_and_what_was_asked(sqlite_desk: Desk, shop: Shop) -> None:
    shop.analyse()
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        await gateway.shopper(language="en") as shopper,
        agent(gateway) as browser,
    ):
        path = f"/console/conversations/{shopper.conversation_id}"
        await shopper.ask("where is my parcel?")
        assert "Not verified" in (await browser.get(path)).text
        private = httpx.AsyncClient(base_url=shop.url, headers={"Authorization": f"Bearer {TOKEN}"})
        async with private:
            proof = {"reference": "ON-THE-WAY", "email": "ada@shop.test"}
            verified = await private.post(f"/shopper/{shopper.conversation_id}/verification", json=proof)
            assert verified.status_code == 200, verified.text
            opened = await private.post(
                "/staff/cases",
                json={"kind": "charge_query", "note": "look", "conversation": shopper.conversation_id},
                headers={"X-Shopdesk-Staff": "ann;agent"},
            )
            assert opened.status_code == 201, opened.text
        page = (await browser.get(path)).text
        for shown in ("Ada Often", "ON-THE-WAY", "where is my parcel?", "Question about a charge", "Loyalty state",
                      "(from orders", "/console/segments/rfm_"):  # fmt: skip
            assert shown in page
        assert page.index("ON-THE-WAY</code>") < page.index("Delivered")


async def test_without_the_crm_the_console_goes_on(sqlite_desk: Desk) -> None:
    async with (
        sqlite_desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        agent(gateway) as browser,
    ):
        await shopper.ask("hello?")
        async with (
            sqlite_desk.gateway(crm_url="http://127.0.0.1:9") as alone,
            alone.browser(cookies=browser.cookies) as there,
        ):
            page = await there.get(f"/console/conversations/{shopper.conversation_id}")
            assert page.status_code == 200
            assert "hello?" in page.text
            for path in PAGES_OF_THE_CRM:
                page = await there.get(f"/console/{path}")
                assert (page.status_code, "The customer records cannot be reached" in page.text) == (503, True), path


async def test_an_agent_hands_over_and_closes_a_case(sqlite_desk: Desk, shop: Shop) -> None:
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway) as browser,
        agent(gateway, "read_only") as looker,
    ):
        async with httpx.AsyncClient(base_url=shop.url, headers={"Authorization": f"Bearer {TOKEN}"}) as private:
            opened = await private.post(
                "/staff/cases",
                json={"kind": "charge_query", "note": "Look <b>twice</b>", "order_number": "ON-THE-WAY"},
                headers={"X-Shopdesk-Staff": "ann;agent"},
            )
        case = opened.json()
        listed = (await browser.get("/console/cases")).text
        assert "Question about a charge" in listed
        assert "&lt;b&gt;twice" in listed
        assert case["id"] not in (await browser.get("/console/cases", params={"owner": "me"})).text
        address = f"/console/cases/{case['id']}"
        change = {"version": str(case["version"]), "owner": "the_agent", "state": "closed", "note": "Explained it."}
        assert (await post(looker, address, **change)).status_code == 403
        assert 'role="alert"' in (await post(browser, address, **change)).text
        assert (await post(browser, address, **change, due_at="tomorrow")).status_code == 422
        assert (await post(browser, address, **change, outcome="explained")).status_code == 303
        assert (await post(browser, address, **change, outcome="solved")).status_code == 409
        page = (await browser.get(address)).text
        assert "Explained it." in page
        assert case["id"] not in (await browser.get("/console/cases")).text
        mine = await browser.get("/console/cases", params={"owner": "me", "state": "closed"})
        assert case["id"] in mine.text
        assert (await browser.get("/console/cases/nothing")).status_code == 404


async def test_cases_are_given_by_capacity_and_say_by_when_to_answer(sqlite_desk: Desk, shop: Shop) -> None:
    async with (
        sqlite_desk.gateway(crm_url=shop.url, agent_answer_hours=1) as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "wei") as wei,
        httpx.AsyncClient(base_url=shop.url, headers={"Authorization": f"Bearer {TOKEN}"}) as private,
    ):
        cases = []
        for number in range(4):
            body = {"kind": "charge_query", "note": f"number {number}", "conversation": shopper.conversation_id}
            opened = await private.post("/staff/cases", json=body, headers={"X-Shopdesk-Staff": "ann;agent"})
            cases.append(opened.json())
        desk = StaffMember("desk", "agent")
        for one in cases[1:]:
            nobody = CaseChange(version=one["version"], owner=None)
            await gateway.services.staff.change_case(desk, one["id"], nobody)
        # Nobody is there: they stay nobody's, and the first one ann's.
        assert await gateway.services.cases.check() == 0
        await there(mia)
        await there(wei)
        async with gateway.services.database.write() as session:
            for name, most in (("mia", 1), ("wei", 3)):
                (await session.execute(select(Agent).where(Agent.username == name))).scalar_one().case_capacity = most
        assert await gateway.services.cases.check() == 3
        load = await gateway.services.staff.case_load(desk)
        assert {name: one.count for name, one in load.owners.items()} == {"ann": 1, "mia": 1, "wei": 2}
        assert load.nobody is None
        inbox = (await wei.http.get("/console")).text
        assert "Your cases: 2" in inbox
        assert "Customers of cases" not in inbox
        listed = (await wei.http.get("/console/cases", params={"owner": "me"})).text
        assert "number 0" not in listed

        async with gateway.services.database.write() as session:
            await session.execute(update(Message).values(at=datetime.now(UTC) - timedelta(hours=3)))
        with shop.database.write() as session:
            session.execute(update(Case).values(created_at=datetime.now(UTC) - timedelta(hours=2)))
        await gateway.services.cases.check()
        assert "Customers of cases who wait for an answer too long: 4" in (await wei.http.get("/console")).text
        assert "Overdue" in (await wei.http.get(f"/console/cases/{cases[0]['id']}")).text
        # A person writes, and the timers stop.
        await mia.take(shopper)
        assert (await mia.say(shopper, "We look into it.")).status_code == 201
        await gateway.services.cases.check()
        assert "Customers of cases" not in (await wei.http.get("/console")).text
        assert "Overdue" not in (await wei.http.get(f"/console/cases/{cases[0]['id']}")).text


@pytest.mark.parametrize(
    ("locale", "size", "scheme"),
    [("en-GB", (1280, 860), "light"), ("zh-CN", (390, 844), "dark")],
)
async def test_the_pages_are_accessible(
    sqlite_desk: Desk, shop: Shop, locale: str, size: tuple[int, int], scheme: Any
) -> None:
    shop.analyse()
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        await gateway.shopper(language="en") as shopper,
        agent(gateway, "lead") as lead,
        async_playwright() as playwright,
    ):
        wants_person(sqlite_desk)
        await shopper.ask("I need a person")
        assert (await post(lead, "/console/segments", **OWN)).status_code == 303
        await private_verification(shop, shopper.conversation_id)
        browser = await launch_browser_async(playwright)
        context = await browser.new_context(
            base_url=gateway.url, locale=locale, bypass_csp=True, color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
        )  # fmt: skip
        token = lead.cookies["shopdesk_console"]
        await context.add_cookies([{"name": "shopdesk_console", "value": token, "url": f"{gateway.url}/console"}])
        page = await context.new_page()
        for path in ("/console", "/console/segments", "/console/segments/own_often", "/console/segments/new",
                     "/console/cases", "/console/goodwill", "/console/goodwill/new", "/console/recommendations",
                     "/console/deliveries", "/console/stock", "/console/data-quality",
                     f"/console/conversations/{shopper.conversation_id}"):  # fmt: skip
            await page.goto(path)
            await expect(page.locator("h1")).to_be_visible()
            await page.add_script_tag(path=AXE)
            found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            problems = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]]
            assert problems == [], path
            wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, path
        await browser.close()


async def private_verification(shop: Shop, conversation_id: str) -> None:
    async with httpx.AsyncClient(base_url=shop.url, headers={"Authorization": f"Bearer {TOKEN}"}) as private:
        proof = {"reference": "ON-THE-WAY", "email": "ada@shop.test"}
        assert (await private.post(f"/shopper/{conversation_id}/verification", json=proof)).status_code == 200


def test_names_that_the_crm_does_not_take() -> None:
    assert StaffMember.of(7, "mia@shop", "lead") == StaffMember("mia@shop", "lead")
    assert StaffMember.of(7, "小美", "agent") == StaffMember("agent-7", "agent")


def test_values_of_traits_in_words() -> None:
    assert figures.trait("spend_minor", 123456, "GBP", "en") == "£1,234.56"
    assert figures.trait("spend_minor", 1234, "JPY", "en") == "JP¥1,234"
    assert figures.trait("return_rate", 0.034, None, "en") == "3.4%"
    assert figures.trait("country", "DE", None, "zh") == "德国"
    assert figures.trait("loyalty_state", "at_risk", None, "zh") == "有流失风险"
    assert figures.trait("orders", None, None, "en") == "–"
    assert kind_in_words("something_new", "en") == "something new"


@given(st.lists(st.tuples(st.datetimes(timezones=st.just(UTC)), st.integers(0, 10**9)), min_size=1, max_size=30))
def test_a_line_stays_inside_its_chart(values: list[tuple[datetime, int]]) -> None:
    chart = charts.line(sorted(values))
    assert len(chart.dots) == len(values)
    for dot in chart.dots:
        assert chart.left <= dot.x <= chart.right
        assert 0 <= dot.y <= chart.base
    assert chart.ticks[0].value == 0
    assert chart.ticks[-1].value >= max(value for _at, value in values)


@given(st.lists(st.floats(0, 1e12), max_size=20))
def test_bars_are_at_most_full(values: list[float]) -> None:
    lengths = charts.bars(values)
    assert all(0 <= length <= 100 for length in lengths)
    if max(values, default=0) > 0:
        assert max(lengths) == 100
