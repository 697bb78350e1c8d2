"""Goodwill in the console, with the CRM itself behind it: given, asked for, allowed by a lead, told to the shopper."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from crm_backend.app import create_app
from crm_backend.database.engine import Database
from crm_backend.identity import api_keys
from crm_backend.settings import CrmSettings
from gateway import locales
from gateway.console.goodwill import REASONS, minor_units
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.conftest import policies_with
from tests.gateway.desk import Desk
from tests.gateway.doubles import TOKEN, plain_server, served
from tests.gateway.test_console_crm import Shop, agent, post

pytestmark = pytest.mark.anyio

RULES = {"most": {"GBP": 5000}, "limits": {"agent": {"GBP": 1000}}, "point_minor": {"GBP": 1}}
ASKED = {"order": "SD-9", "form": "refund", "amount": "12.50", "currency": "GBP", "reason": "late"}


@pytest.fixture
async def shop(sqlite_database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Shop]:
    """Order SD-9 of a guest, 40.00 paid by card."""
    with sqlite_database.write() as session:
        placed = records.order(session, "SD-9", None, state="delivered", total_minor=4000, contact_email="g@shop.test")
        records.line(session, placed, 1, sku="A", title="Mug", quantity=1, unit_price_minor=4000, total_minor=4000)
        records.payment(session, placed, 4000, external_id="pay-9", brand="Visa", last4="4242")
    settings = CrmSettings(
        home=tmp_path,
        crm_database_url=sqlite_database.engine.url.render_as_string(hide_password=False),
        service_token=SecretStr(TOKEN),
        identity_secret=SecretStr("identity-secret-of-the-tests-32-bytes-long"),
        lookup_key=SecretStr("lookup-key-of-the-tests"),
    )
    policies = policies_with(sections={"goodwill": RULES})
    app = create_app(settings, clock=Clock(None, wall=lambda: datetime.now(UTC)), policies=policies)
    async with served(plain_server(app)) as url:
        yield Shop(sqlite_database, url)
    app.state.resources.database.dispose()


async def _carried_out(shop: Shop) -> None:
    """The shop's systems do what they are asked."""
    with shop.database.write() as session:
        key = api_keys.create(session, "till", ["effects:read", "effects:answer"], now=datetime.now(UTC))
    async with httpx.AsyncClient(base_url=shop.url, headers={"Authorization": f"Bearer {key}"}) as system:
        for effect in (await system.get("/backoffice/effects")).json()["effects"]:
            done = await system.post(f"/backoffice/effects/{effect['id']}/answers", json={"answer": "done"})
            assert done.status_code == 200, done.text


async def test_an_agent_asks_a_lead_allows_and_the_shopper_is_told(sqlite_desk: Desk, shop: Shop) -> None:
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        await gateway.shopper(language="en") as shopper,
        agent(gateway) as browser,
        agent(gateway, "lead") as lead,
        agent(gateway, "read_only") as looker,
    ):
        async with httpx.AsyncClient(base_url=shop.url, headers={"Authorization": f"Bearer {TOKEN}"}) as private:
            await shopper.ask("my mug came late")
            proof = {"reference": "SD-9", "email": "g@shop.test"}
            await private.post(f"/shopper/{shopper.conversation_id}/verification", json=proof)
        there = f"/console/conversations/{shopper.conversation_id}"
        address = re.search(r'href="(/console/goodwill/new[^"]*)"', (await browser.get(there)).text)
        assert address is not None
        assert 'value="SD-9"' in (await browser.get(address[1].replace("&amp;", "&"))).text
        assert 'href="/console/goodwill/new' not in (await looker.get(there)).text
        assert (await looker.get("/console/goodwill/new")).status_code == 403
        asked = {**ASKED, "conversation": shopper.conversation_id}
        assert (await post(looker, "/console/goodwill/new", **asked)).status_code == 403
        too_much = await post(browser, "/console/goodwill/new", **{**asked, "amount": "41"})
        assert (too_much.status_code, "£40.00 at most" in too_much.text) == (409, True)
        assert (await post(browser, "/console/goodwill/new", **{**asked, "amount": "1.234"})).status_code == 422
        assert (await post(browser, "/console/goodwill/new", **{**asked, "order": "SD-8"})).status_code == 404
        offer = await post(browser, "/console/goodwill/new", **asked)
        assert "£12.50 of order SD-9 is paid back" in offer.text
        assert "a lead decides" in offer.text
        proposal = re.search(r'name="proposal" value="([a-z0-9_]+)"', offer.text)
        assert proposal is not None
        confirmed = {"proposal": proposal[1], "conversation": shopper.conversation_id}
        for _ in range(2):
            done = await post(browser, "/console/goodwill/confirm", **confirmed)
            assert (done.status_code, done.headers["location"]) == (303, there)
        assert "waits for a lead" in (await browser.get(there)).text
        listed = (await lead.get("/console/goodwill")).text
        given = re.search(r'action="/console/goodwill/(goodwill_[a-z0-9]+)"', listed)
        assert given is not None
        assert given[0] not in (await browser.get("/console/goodwill")).text
        yes = {"decision": "approve", "note": "fine"}
        assert (await post(browser, f"/console/goodwill/{given[1]}", **yes)).status_code == 403
        for _ in range(2):
            assert (await post(lead, f"/console/goodwill/{given[1]}", **yes)).status_code == 303
        assert (await post(lead, f"/console/goodwill/{given[1]}", decision="decline")).status_code == 409
        for _ in range(2):
            await gateway.services.notices.bring()
        await _carried_out(shop)
        for _ in range(2):
            await gateway.services.notices.bring()
        allowed, paid = await shopper.replies()
        assert (allowed["author"], paid["author"]) == ("system", "system")
        assert "giving you £12.50 back" in allowed["content"]["text"]
        assert "£12.50 that we promised you has been paid" in paid["content"]["text"]
        assert "done" in (await browser.get("/console/goodwill?state=done")).text


async def test_a_lead_does_not_decide_what_they_asked_for(sqlite_desk: Desk, shop: Shop) -> None:
    async with sqlite_desk.gateway(crm_url=shop.url) as gateway, agent(gateway, "lead") as lead:
        offer = await post(lead, "/console/goodwill/new", **ASKED)
        proposal = re.search(r'name="proposal" value="([a-z0-9_]+)"', offer.text)
        assert proposal is not None
        assert (await post(lead, "/console/goodwill/confirm", proposal=proposal[1])).status_code == 303
        page = (await lead.get("/console/goodwill")).text
        assert "another lead decides" in page
        given = re.search(r'id="(goodwill_[a-z0-9]+)"', page)
        assert given is not None
        assert (await post(lead, f"/console/goodwill/{given[1]}", decision="approve")).status_code == 403


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.50", "GBP", 1250), ("12,5", "GBP", 1250), ("7", "JPY", 7), ("0.1", "CNY", 10)],
)
def test_amounts_as_agents_type_them(amount: str, currency: str, minor: int) -> None:
    assert minor_units(amount, currency) == minor
    for wrong in ("", "0", "1.2345", "-1", "1e3", "٣"):
        with pytest.raises(ValueError, match="problem_amount"):
            minor_units(wrong, currency)
    with pytest.raises(ValueError, match="problem_amount"):
        minor_units("1.5", "JPY")


def test_every_reason_has_words() -> None:
    for language in locales.LANGUAGES:
        assert set(REASONS) == set(locales.texts(language, "goodwill")["reasons"])
