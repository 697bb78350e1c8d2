"""The console: signing in, what is refused, and what an agent reads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from gateway.console.repository import PAGE_SIZE
from tests.gateway.desk import Desk, Gateway
from tests.gateway.doubles import answer, text_reply

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery"


async def add_agent(gateway: Gateway, username: str = "ann", **more: Any) -> None:
    async with gateway.services.database.write() as session:
        await gateway.services.accounts.add(
            session, **{"username": username, "display_name": "Ann", "role": "agent", "password": PASSWORD, **more}
        )


def form_token(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert found, page.text
    return found[1]


async def sign_in(browser: httpx.AsyncClient, username: str = "ann", password: str = PASSWORD) -> httpx.Response:
    csrf = form_token(await browser.get("/console/login"))
    return await browser.post("/console/login", data={"username": username, "password": password, "csrf": csrf})


@asynccontextmanager
async def agent_at(gateway: Gateway, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    """An agent, signed in."""
    await add_agent(gateway)
    async with gateway.browser(**options) as browser:
        response = await sign_in(browser)
        assert (response.status_code, response.headers["location"]) == (303, "/console"), response.text
        yield browser


async def test_an_agent_reads_a_conversation_with_what_was_understood(desk: Desk) -> None:
    card = {
        "kind": "shipment_timeline",
        "text": "On its way.",
        "order_number": "A-17",
        "parcels": [
            {
                "carrier": "DHL",
                "tracking_number": "TRACK-1",
                "state": "in_transit",
                "state_text": "on its way",
                "events": [{"at": None, "at_text": "Monday, 2 March", "label": "Handed over", "place": "Leipzig"}],
            }
        ],
        "buttons": [{"label": "Thanks", "payload": "/secret_payload"}],
    }
    desk.bot.brain = lambda _request: answer(card)
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as shopper, agent_at(gateway) as browser:
        await shopper.ask("where is <script>alert(1)</script> A-17?")
        listed = await browser.get("/console")
        assert "On its way." in listed.text
        page = (await browser.get(f"/console/conversations/{shopper.conversation_id}")).text
        for shown in ("track_order", "97 %", "order_number", "action_track_order", "DHL", "TRACK-1", "Handed over",
                      "Leipzig", "Monday, 2 March", "Thanks", "model-of-the-tests"):  # fmt: skip
            assert shown in page
        assert r"where is \u003cscript\u003e" in page
        assert "<script>alert" not in page
        assert "secret_payload" not in page


async def test_nobody_else_reads_it(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper, agent_at(gateway) as agent:
        await shopper.ask("a secret")
        path = f"/console/conversations/{shopper.conversation_id}"
        assert "a secret" in (await agent.get(path)).text
        async with gateway.browser() as stranger:
            for credentials in (
                {},
                {"Cookie": "shopdesk_console=made-up"},
                {"Authorization": f"Bearer {shopper.token}"},
            ):
                for address in ("/console", path):
                    refused = await stranger.get(address, headers=credentials)
                    assert (refused.status_code, refused.headers["location"]) == (303, "/console/login")
                    assert "a secret" not in refused.text
        assert (await agent.get("/console/conversations/nothing")).status_code == 404
        assert (await agent.get("/console/conversations/nul%00")).status_code == 404


@pytest.mark.parametrize(
    ("username", "password"), [("ann", "wrong password!"), ("nobody", PASSWORD), ("", ""), ("a\0b", "x")]
)
async def test_wrong_credentials_look_the_same(desk: Desk, username: str, password: str) -> None:
    async with desk.gateway() as gateway, gateway.browser() as browser:
        await add_agent(gateway)
        response = await sign_in(browser, username, password)
        assert response.status_code == 401
        assert "shopdesk_console" not in {cookie.name for cookie in browser.cookies.jar}
        assert "The user name or password is not right." in response.text
        assert (await sign_in(browser, " ANN ")).status_code == 303


async def test_a_disabled_agent_is_out_at_once(desk: Desk) -> None:
    async with desk.gateway() as gateway, agent_at(gateway) as browser:
        assert (await browser.get("/console")).status_code == 200
        async with gateway.services.database.write() as session:
            await gateway.services.accounts.set_active(session, "ann", active=False)
        assert (await browser.get("/console")).status_code == 303
        assert (await sign_in(browser)).status_code == 401


async def test_a_new_password_ends_old_sessions(desk: Desk) -> None:
    async with desk.gateway() as gateway, agent_at(gateway) as browser:
        async with gateway.services.database.write() as session:
            await gateway.services.accounts.set_password(session, "ann", "another long password")
        assert (await browser.get("/console")).status_code == 303
        assert (await sign_in(browser)).status_code == 401
        assert (await sign_in(browser, password="another long password")).status_code == 303


async def test_signing_out_revokes_the_session_itself(desk: Desk) -> None:
    async with desk.gateway() as gateway, agent_at(gateway) as browser:
        page = await browser.get("/console")
        stolen = browser.cookies["shopdesk_console"]
        out = await browser.post("/console/logout", data={"csrf": form_token(page)})
        assert (out.status_code, out.headers["location"]) == (303, "/console/login")
        async with gateway.browser() as thief:
            again = await thief.get("/console", headers={"Cookie": f"shopdesk_console={stolen}"})
            assert again.status_code == 303


async def test_sessions_end(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway(console_session_hours=1e-9) as gateway:
        await add_agent(gateway)
        async with gateway.browser() as browser:
            assert (await sign_in(browser)).status_code == 303
            assert (await browser.get("/console")).status_code == 303


async def test_forms_of_other_pages_are_refused(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, agent_at(gateway) as browser:
        for csrf in ("", "0" * 64, "é"):
            assert (await browser.post("/console/logout", data={"csrf": csrf})).status_code == 403
        assert (await browser.get("/console")).status_code == 200
        async with gateway.browser() as other:
            credentials = {"username": "ann", "password": PASSWORD}
            assert (await other.post("/console/login", data=credentials)).status_code == 403
            foreign = form_token(await browser.get("/console"))
            await other.get("/console/login")
            assert (await other.post("/console/login", data={**credentials, "csrf": foreign})).status_code == 403
            assert (await sign_in(other)).status_code == 303


async def test_guessing_is_limited(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway(login_attempts=3) as gateway, gateway.browser() as browser:
        await add_agent(gateway)
        for _ in range(3):
            assert (await sign_in(browser, password="wrong password!")).status_code == 401
        refused = await sign_in(browser)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0


@pytest.mark.parametrize("production", [False, True])
async def test_cookies_are_kept_from_scripts_and_other_sites(sqlite_desk: Desk, production: bool) -> None:
    environment = "production" if production else "development"
    async with sqlite_desk.gateway(environment=environment) as gateway:
        await add_agent(gateway)
        async with gateway.browser() as browser:
            page = await browser.get("/console/login")
            form_cookie = page.headers["set-cookie"]
            value = re.match(r"shopdesk_console_form=([^;]+)", form_cookie)
            assert value
            response = await browser.post(
                "/console/login",
                data={"username": "ann", "password": PASSWORD, "csrf": form_token(page)},
                headers={"Cookie": f"shopdesk_console_form={value[1]}"},
            )
            for cookie in (form_cookie, response.headers.get_list("set-cookie")[0]):
                assert "HttpOnly" in cookie
                assert "samesite=strict" in cookie.lower()
                assert ("Secure" in cookie) is production


async def test_filters_and_paging(desk: Desk) -> None:
    desk.bot.brain = lambda request: answer(
        text_reply("ok"),
        understanding={"intent": {"name": "nlu_fallback", "confidence": 0.2}, "ranking": [], "entities": []},
    )
    async with desk.gateway() as gateway, agent_at(gateway) as browser:
        async with await gateway.shopper(language="en") as unsure:
            await unsure.ask("mumble")
        opened = [unsure.conversation_id]
        async with gateway.browser() as guest:
            for _ in range(PAGE_SIZE + 3):
                response = await guest.post("/api/chat/sessions", json={"language": "zh"})
                opened.append(response.json()["conversation_id"])
        seen: list[str] = []
        address: str | None = "/console"
        while address is not None:
            page = (await browser.get(address)).text
            seen += re.findall(r"/console/conversations/(\w+)", page)
            further = re.search(r'href="([^"]+)" rel="next"', page)
            address = further[1].replace("&amp;", "&") if further else None
        assert seen == opened[::-1]
        filtered = (await browser.get("/console", params={"attention": "low_confidence", "language": ""})).text
        assert re.findall(r"/console/conversations/(\w+)", filtered) == [unsure.conversation_id]
        chinese = (await browser.get("/console", params={"language": "zh"})).text
        assert unsure.conversation_id not in chinese
        assert (await browser.get("/console", params={"before": "!!nonsense"})).status_code == 200


async def test_the_console_speaks_both_languages(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, agent_at(gateway) as browser:
        assert "Conversations" in (await browser.get("/console")).text
        chosen = await browser.get("/console/language/zh", params={"back": "/console?language=zh"})
        assert chosen.headers["location"] == "/console?language=zh"
        page = (await browser.get("/console")).text
        assert "会话列表" in page
        assert "快捷键" in page
        assert '<html lang="zh-Hans">' in page
        for elsewhere in ("https://evil.test/", "//evil.test", "/console\\@evil.test", "/other"):
            assert (await browser.get("/console/language/en", params={"back": elsewhere})).headers[
                "location"
            ] == "/console"


class _Parts(HTMLParser):
    """What a page is made of, for the policy and accessibility checks."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.labelled: set[str | None] = set()
        self.fields: set[str | None] = set()
        self.headings: list[str] = []
        self.elsewhere: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not values.get("src")):
            self.inline.append(tag)
        for name in ("src", "href", "action"):
            if (value := values.get(name)) and not value.startswith(("/", "#")):
                self.elsewhere.append(value)
        if tag == "label":
            self.labelled.add(values.get("for"))
        if tag in {"input", "select", "textarea"} and values.get("type") != "hidden":
            self.fields.add(values.get("id"))
        if tag == "h1":
            self.headings.append(tag)


async def test_every_page_keeps_the_policy(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper, agent_at(gateway) as browser:
        await shopper.ask("hello")
        conversation = f"/console/conversations/{shopper.conversation_id}"
        async with gateway.browser() as guest:
            pages = [await guest.get(path) for path in ("/", "/?lang=zh", "/console/login")]
        pages += [await browser.get(path) for path in ("/console", conversation, "/console/conversations/none")]
        for page in pages:
            policy = page.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert page.headers["x-content-type-options"] == "nosniff"
            assert page.headers["cache-control"] == "no-store"
            parts = _Parts()
            parts.feed(page.text)
            assert (parts.inline, parts.elsewhere) == ([], [])
            assert parts.fields <= parts.labelled
            assert len(parts.headings) == 1
            for address in re.findall(r'(?:src|href)="(/(?:console/static|demo)/[^"]+)"', page.text):
                part = await browser.get(address)
                assert part.status_code == 200
                assert part.headers["content-type"].startswith(("text/css", "text/javascript", "image/svg+xml"))
