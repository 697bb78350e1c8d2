"""Accounts in the console: sessions, second factors, administration, the audit log, the identity provider."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from sqlalchemy import select

from gateway.audit.models import AuditEntry
from gateway.console.models import Agent
from tests.gateway.desk import Desk, Gateway
from tests.gateway.doubles import plain_server, served
from tests.gateway.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.gateway.test_console import PASSWORD, add_agent, agent_at, form_token, sign_in
from tests.gateway.test_handover import colleague

pytestmark = pytest.mark.anyio


async def post(browser: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    csrf = form_token(await browser.get(path))
    return await browser.post(path, data={"csrf": csrf, **fields})


async def actions(gateway: Gateway) -> list[str]:
    async with gateway.services.database.read() as session:
        return list((await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars())


async def test_sessions_are_seen_and_revoked(desk: Desk) -> None:
    async with desk.gateway() as gateway, agent_at(gateway) as browser, gateway.browser() as other:
        assert (await sign_in(other)).status_code == 303
        page = (await browser.get("/console/account")).text
        assert "this browser" in page
        (reference,) = re.findall(r'name="reference" value="(\w+)"', page)
        assert (await post(browser, "/console/account", act="revoke", reference="0" * 16)).status_code == 404
        assert (await other.get("/console")).status_code == 200
        assert (await post(browser, "/console/account", act="revoke", reference=reference)).status_code == 303
        assert (await other.get("/console")).status_code == 303
        assert (await browser.get("/console")).status_code == 200
        assert (
            await post(browser, "/console/account", act="password", password=PASSWORD, new="short")
        ).status_code == 422
        changed = await post(browser, "/console/account", act="password", password=PASSWORD, new="a longer password")
        assert changed.status_code == 303
        assert (await browser.get("/console")).status_code == 303
        assert (await sign_in(browser, password="a longer password")).status_code == 303


async def test_a_second_step_with_codes_that_work_once(desk: Desk) -> None:
    async with desk.gateway() as gateway, agent_at(gateway) as browser:
        assert (await post(browser, "/console/account", act="totp_begin", password="not mine")).status_code == 422
        assert (await post(browser, "/console/account", act="totp_begin", password=PASSWORD)).status_code == 303
        page = (await browser.get("/console/account")).text
        assert "<svg" in page
        assert "style=" not in page
        found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
        assert found
        totp = pyotp.TOTP(found[1])
        assert (await post(browser, "/console/account", act="totp_confirm", code="000000x")).status_code == 422
        used = totp.at(time.time())
        page = (await post(browser, "/console/account", act="totp_confirm", code=used)).text
        codes = re.findall(r"<code>([0-9a-f]{8}-[0-9a-f]{8})</code>", page)
        assert len(codes) == 10
        async with gateway.services.database.read() as session:
            agent = (await session.execute(select(Agent))).scalar_one()
            assert found[1] not in str(agent.totp_secret)
            assert codes[0] not in str(agent.recovery_codes)

        async def second(code: str) -> int:
            async with gateway.browser() as fresh:
                first = await sign_in(fresh)
                assert first.headers["location"] == "/console/login/code"
                assert (await fresh.get("/console")).status_code == 303, "the password alone opens nothing"
                csrf = form_token(await fresh.get("/console/login/code"))
                answer = await fresh.post("/console/login/code", data={"code": code, "csrf": csrf})
                assert ((await fresh.get("/console")).status_code == 200) is (answer.status_code == 303)
                return answer.status_code

        assert await second(used) == 401, "a code is not good twice"
        assert await second(totp.at(time.time() + 30)) == 303
        assert await second(codes[0]) == 303
        assert await second(codes[0]) == 401
        async with gateway.browser() as stranger:
            csrf = form_token(await stranger.get("/console/login"))
            refused = await stranger.post(
                "/console/login/code",
                data={"code": totp.at(time.time() + 60), "csrf": csrf},
                headers={"Cookie": f"shopdesk_console_form={stranger.cookies['shopdesk_console_form']}; "
                                   "shopdesk_console_second=1.9999999999.00"},
            )  # fmt: skip
            assert refused.status_code == 401
        assert (await post(browser, "/console/account", act="totp_remove", password=PASSWORD)).status_code == 303
        async with gateway.browser() as fresh:
            assert (await sign_in(fresh)).headers["location"] == "/console"
        assert {"account.totp_begin", "account.totp_confirm", "account.totp_remove"} <= set(await actions(gateway))


async def test_guessing_codes_is_limited(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway(login_attempts=3) as gateway, gateway.browser() as browser:
        await add_agent(gateway)
        async with gateway.services.database.write() as session:
            agent = (await session.execute(select(Agent))).scalar_one()
            gateway.services.second_factor.begin(agent)
            agent.totp_since = agent.created_at - timedelta(days=1)
        await sign_in(browser)
        statuses = []
        for _ in range(4):
            csrf = form_token(await browser.get("/console/login/code"))
            statuses.append((await browser.post("/console/login/code", data={"code": "1", "csrf": csrf})).status_code)
        assert statuses == [401, 401, 401, 429]


async def test_an_administrator_makes_changes_and_ends_accounts(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "root", "admin") as root,
        colleague(gateway, "mia", "lead") as mia,
    ):

        async def change(**fields: Any) -> httpx.Response:
            return await root.http.post("/console/agents", data={"csrf": root.form, **fields})

        page = await change(act="add", username="Wei", display_name="王伟", role="agent", capacity="3")
        password = re.search(r"<code>([a-z0-9]{5}(?:-[a-z0-9]{5}){3})</code>", page.text)
        assert password
        async with gateway.browser() as browser:
            assert (await sign_in(browser, "wei", password[1])).status_code == 303
            assert (await change(act="sign_out", username="wei")).status_code == 303
            assert (await browser.get("/console")).status_code == 303
        assert (await change(act="add", username="wei", display_name="x", role="agent")).status_code == 422
        assert (await change(act="change", username="wei", role="read_only", capacity="0")).status_code == 303
        assert (await change(act="disable", username="root")).status_code == 422, "nobody locks themselves out"
        assert (await change(act="change", username="root", role="agent")).status_code == 422
        assert (await change(act="disable", username="wei")).status_code == 303
        assert (await change(act="disable", username="nobody")).status_code == 404
        assert password[1] not in (await root.http.get("/console/agents")).text

        for refused in (
            await mia.http.get("/console/agents"),
            await mia.http.post("/console/agents", data={"csrf": mia.form, "act": "disable", "username": "root"}),
            await root.http.post("/console/agents", data={"csrf": mia.form, "act": "disable", "username": "mia"}),
        ):
            assert refused.status_code == 403
        log = (await mia.http.get("/console/audit", params={"action": "agent.disable"})).text
        assert log.count("<code>agent.disable</code>") == 1
        assert "agent.add" not in log
        assert (await actions(gateway)).count("agent.disable") == 1


async def test_agents_do_not_read_the_audit_log(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, agent_at(gateway) as browser:
        assert (await browser.get("/console/audit")).status_code == 403
        assert "session.open" in await actions(gateway)


@asynccontextmanager
async def provided(desk: Desk, provider: IdentityProvider) -> AsyncIterator[Gateway]:
    async with served(plain_server(provider.app)) as issuer:
        provider.issuer = issuer
        async with desk.gateway(
            oidc_issuer=issuer, oidc_client_id=CLIENT_ID, oidc_client_secret=SecretStr(CLIENT_SECRET)
        ) as gateway:
            yield gateway


async def through_the_provider(browser: httpx.AsyncClient, **changes: str) -> httpx.Response:
    started = await browser.get("/console/oidc/start")
    assert started.status_code == 303, started.text
    back = await browser.get(started.headers["location"])
    query = {name: values[0] for name, values in parse_qs(urlsplit(back.headers["location"]).query).items()}
    return await browser.get("/console/oidc/callback", params={**query, **changes})


async def test_signing_in_at_the_identity_provider(desk: Desk) -> None:
    provider = IdentityProvider()
    async with provided(desk, provider) as gateway:
        await add_agent(gateway)
        await add_agent(gateway, username="bob")
        async with gateway.browser() as browser:
            assert "/console/oidc/start" in (await browser.get("/console/login")).text
            assert (await through_the_provider(browser)).status_code == 200
            assert "Ann" in (await browser.get("/console")).text
        async with gateway.browser() as browser:
            provider.person = {"sub": "person-1", "preferred_username": "renamed"}
            assert (await through_the_provider(browser)).status_code == 200, "found by subject"
        async with gateway.browser() as browser:
            provider.person = {"sub": "person-2", "preferred_username": "ann"}
            assert (await through_the_provider(browser)).status_code == 403, "her account is another subject's"
            provider.person = {"sub": "person-3", "preferred_username": "nobody"}
            assert (await through_the_provider(browser)).status_code == 403
            assert (await browser.get("/console")).status_code == 303


@pytest.mark.parametrize(
    "claims", [{"nonce": "another"}, {"aud": "another"}, {"iss": "https://elsewhere.test"}, {"exp": 1}, {"azp": "x"}]
)
async def test_tokens_that_are_not_ours_are_refused(sqlite_desk: Desk, claims: dict[str, Any]) -> None:
    provider = IdentityProvider()
    async with provided(sqlite_desk, provider) as gateway:
        await add_agent(gateway)
        async with gateway.browser() as browser:
            provider.claims = claims
            assert (await through_the_provider(browser)).status_code == 401
            provider.claims = {}
            assert (await through_the_provider(browser, state="another")).status_code == 401
            assert (await through_the_provider(browser, code="another")).status_code == 401
            provider.signing = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
            assert (await through_the_provider(browser)).status_code == 401
            assert (await browser.get("/console")).status_code == 303
            provider.key = provider.signing
            assert (await through_the_provider(browser)).status_code == 200, "new keys are looked up"
