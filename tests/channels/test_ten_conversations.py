"""Ten conversations on every platform, in both languages: on the trained model, with the real CRM, the same outcome.

The people of a platform write at the same time, each in a chat of their own; what one says must not reach another.
The simulators refuse what is over the platforms' limits; then a message is not sent, and the test fails.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from gateway.console.access import FORM_HEADER
from tests.channels.every import PLATFORMS
from tests.channels.mail_servers import MailPlatform
from tests.channels.platforms import Platform, Seen
from tests.conversations.runner import Became, filled
from tests.conversations.shoppers import Bought, Shopper, facts_of, stack_now, write_shoppers
from tests.conversations.test_conversations import check_order
from tests.gateway.doubles import plain_server, served
from tests.gateway.test_console import form_token
from tests.support.stack import DEMO_NOW, Stack, free_ports

pytestmark = pytest.mark.anyio

SECONDS = 240.0
"""A limit against hanging, for all conversations of a platform."""


class Act(BaseModel):
    """What a person, or the agent, does; and what the person then sees."""

    model_config = ConfigDict(extra="forbid")

    say: str | None = None
    touch: str | None = None
    do: Literal["picture", "other", "sign_in"] | None = None
    agent: str | None = None
    words: list[str] = []


class End(BaseModel):
    """What is true at the end."""

    model_config = ConfigDict(extra="forbid")

    level: str
    orders: dict[str, Became] = {}
    person: bool = False
    pictures: int = 0


class Talk(BaseModel):
    """A conversation in both languages."""

    model_config = ConfigDict(extra="forbid")

    name: str
    orders: list[Bought] = []
    en: list[Act]
    zh: list[Act]
    end: End


TALKS = [
    Talk.model_validate(each)
    for each in yaml.safe_load((Path(__file__).parent / "ten_conversations.yml").read_text(encoding="utf-8"))
]
LIMITS = httpx.Limits(max_keepalive_connections=0)
"""Each call on a connection of its own: httpcore 1.0.9 may close an idle one that another call has just been given
(its issue 1110), and twenty people who write in bursts meet that moment."""
LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")


def identifier(platform: str, talk: Talk, language: str) -> str:
    return f"channels/{platform}/{language}/{talk.name}"


@dataclass(frozen=True)
class Shop:
    """The stack with every channel switched on, and where it expects the platforms."""

    stack: Stack
    ports: dict[str, int]

    def ask(self, query: str, *values: Any) -> list[Any]:
        """Rows of the gateway's database."""
        with sqlite3.connect(self.stack.home / "gateway.sqlite3", timeout=30) as connection:
            return connection.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, start_stack: Callable[..., Stack]) -> Iterator[Shop]:
    names = [kind.name for kind in PLATFORMS]
    *ports, MailPlatform.smtp_port_wanted = free_ports(len(names) + 1)
    settings: dict[str, Any] = {}
    at = dict(zip(names, ports, strict=True))
    # Meta's three have one address, where the one stands whose turn it is.
    at["messenger"] = at["instagram"] = at["whatsapp"]
    for kind in PLATFORMS:
        for name, value in kind().settings(f"http://127.0.0.1:{at[kind.name]}").items():
            settings[f"SHOPDESK_{name.upper()}"] = str(value)
    folder = tmp_path_factory.mktemp("people")
    people = {
        identifier(name, talk, language): Shopper(orders=talk.orders)
        for name in names
        for talk in TALKS
        for language in LANGUAGES
        if talk.orders
    }
    write_shoppers(folder, people, stack_now(DEMO_NOW))
    stack = start_stack(SHOPDESK_NOW=DEMO_NOW, **settings)
    done = stack.shopdesk("import", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    yield Shop(stack, at)
    MailPlatform.smtp_port_wanted = 0


@dataclass
class Person:
    """One person on a platform."""

    shop: Shop
    platform: Platform
    name: str
    facts: dict[str, str]
    http: httpx.AsyncClient
    said: int = 0
    read: int = 0
    seen: list[Seen] = field(default_factory=list)
    """What came after the last thing said."""

    async def act(self, act: Act, agent: Agent) -> None:
        if act.do == "sign_in":
            token = self.shop.stack.identity_token(self.facts["customer"])
            await self.crm("POST", f"/shopper/{self.conversation}/identity", json={"identity_token": token})
            return
        if act.agent is not None:
            await agent.answer(self.conversation, act.agent)
        else:
            await self.deliver(act)
        await self.settle()
        screen = self.platform.screens[self.name]
        self.seen, self.read = screen[self.read :], len(screen)
        words = "\n".join([each.words for each in self.seen] + [label for each in self.seen for label in each.choices])
        for pattern in act.words:
            assert re.search(filled(pattern, self.facts, pattern=True), words, re.IGNORECASE), (
                f"{self.name}: {pattern!r} is not in the answer to {act}:\n{words}"
            )

    async def deliver(self, act: Act) -> None:
        self.platform.person = self.name
        if act.say is not None:
            calls = self.platform.says(filled(act.say, self.facts))
        elif act.touch is not None:
            calls = self.touches(act.touch)
        else:
            calls = self.platform.shows() if act.do == "picture" else self.platform.other()
        self.said += len(calls)
        for call in calls:
            answer = await self.http.request(url=f"/channels/{self.platform.name}", **call)
            assert answer.is_success, answer.text

    def touches(self, label: str) -> list[dict[str, Any]]:
        for seen in reversed(self.seen):
            for shown, value in seen.choices.items():
                if re.search(label, shown):
                    return self.platform.touches(value)
            if (numbered := re.search(rf"^(\d+)\. .*{label}", seen.words, re.MULTILINE)) is not None:
                return self.platform.says(numbered[1])
        raise AssertionError(f"{self.name} sees no {label!r}: {self.seen}")

    async def settle(self) -> None:
        """Return when everything that was said is answered and the answers are out."""
        chats = (self.platform.name, self.name, f"{self.name} %")
        events = "SELECT state, error FROM channel_events WHERE channel = ? AND (chat = ? OR chat LIKE ?)"
        open_turns = "SELECT 1 FROM turns WHERE conversation_id = ? AND state IN ('waiting', 'running', 'deferred')"
        outbox = "SELECT state, error FROM outbox WHERE conversation_id = ?"
        while True:
            states = self.shop.ask(events, *chats)
            assert all(state != "failed" for state, _ in states), states
            if len(states) >= self.said and all(state == "done" for state, _ in states):
                # In this order: an answer and the end of its turn are stored together.
                waits = self.shop.ask(open_turns, self.conversation) and not self.with_person
                out = self.shop.ask(outbox, self.conversation)
                assert all(state != "failed" for state, _ in out), f"{self.name}: {out}"
                if not waits and all(state != "pending" for state, _ in out):
                    return
            await asyncio.sleep(0.1)

    @property
    def conversation(self) -> str:
        query = "SELECT conversation_id FROM channel_chats WHERE channel = ? AND (chat = ? OR chat LIKE ?)"
        ((conversation,),) = self.shop.ask(query, self.platform.name, self.name, f"{self.name} %")
        return str(conversation)

    @property
    def with_person(self) -> bool:
        ((state,),) = self.shop.ask("SELECT state FROM conversations WHERE id = ?", self.conversation)
        return bool(state == "agent")

    async def crm(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.shop.stack.secret('SERVICE_TOKEN')}"}
        answer = await self.http.request(method, self.shop.stack.crm_url + path, headers=headers, **more)
        assert answer.is_success, answer.text
        return answer.json()

    async def check(self, end: End) -> None:
        verification = await self.crm("GET", f"/shopper/{self.conversation}/verification")
        assert verification["level"] == end.level, f"{self.name}: {verification}"
        for key, became in end.orders.items():
            await asyncio.to_thread(check_order, self.shop.stack, self.conversation, self.facts[key], became)
        assert self.with_person is end.person
        (pictures,) = self.shop.ask(
            "SELECT count(*) FROM messages WHERE conversation_id = ? AND kind = 'image' AND author = 'shopper'",
            self.conversation,
        )
        assert pictures == (end.pictures,)


class Agent:
    """The demo agent at the console's JSON routes."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.form = ""

    async def sign_in(self, stack: Stack) -> None:
        username, password = stack.agent_login
        csrf = form_token(await self.http.get("/console/login"))
        form = {"username": username, "password": password, "csrf": csrf}
        assert (await self.http.post("/console/login", data=form)).status_code == 303
        self.form = form_token(await self.http.get("/console"))

    async def answer(self, conversation: str, words: str) -> None:
        at = f"/console/api/conversations/{conversation}"
        taken = await self.http.post(f"{at}/take", headers={FORM_HEADER: self.form})
        assert taken.status_code == 200, taken.text
        body = {"fencing_number": taken.json()["fencing_number"], "client_id": str(uuid.uuid4()), "text": words}
        said = await self.http.post(f"{at}/messages", json=body, headers={FORM_HEADER: self.form})
        assert said.status_code == 201, said.text


def name_of(platform: Platform, number: int) -> str:
    """How the platform calls one of many people."""
    return f"person{number}@home.example" if platform.name == "email" else f"{platform.person}{number:03d}"


@pytest.mark.parametrize("kind", PLATFORMS, ids=lambda kind: kind.name)
async def test_the_same_ten_conversations(shop: Shop, kind: type[Platform]) -> None:
    platform = kind()
    platform.settings(f"http://127.0.0.1:{shop.ports[kind.name]}")
    async with (
        platform.running(),
        served(plain_server(platform.app, shop.ports[kind.name])),
        httpx.AsyncClient(base_url=shop.stack.url, timeout=60, limits=LIMITS) as http,
        httpx.AsyncClient(base_url=shop.stack.url, timeout=60, limits=LIMITS) as console,
        asyncio.timeout(SECONDS),
    ):
        agent = Agent(console)
        await agent.sign_in(shop.stack)

        async def talk(number: int, each: Talk, language: Literal["en", "zh"]) -> None:
            facts: dict[str, str] = {}
            if each.orders:
                facts = dict(facts_of(identifier(kind.name, each, language), Shopper(orders=each.orders)))
            person = Person(shop, platform, name_of(kind(), number), facts, http)
            platform.people.add(person.name)
            for act in each.en if language == "en" else each.zh:
                await person.act(act, agent)
            await person.check(each.end)

        talks = [(each, language) for each in TALKS for language in LANGUAGES]
        going = (talk(number, each, language) for number, (each, language) in enumerate(talks))
        outcomes = await asyncio.gather(*going, return_exceptions=True)
    wrong = [
        f"{each.name} [{language}]: {outcome!r}"
        for (each, language), outcome in zip(talks, outcomes, strict=True)
        if isinstance(outcome, BaseException)
    ]
    assert not wrong, "\n".join(wrong)
