"""A gateway under test: the real application on a real port, between a bot and a CRM double, and its shoppers."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import httpx
from pydantic import SecretStr

from gateway.__main__ import server
from gateway.services import Services
from gateway.settings import GatewaySettings
from gateway.tls import trusted
from tests.gateway.doubles import TOKEN, BotDouble, CrmDouble, plain_server, served

LONG = 30.0
"""A limit against hanging, in seconds; nothing is measured by it."""

Json = dict[str, Any]


class Gateway:
    """A running gateway."""

    def __init__(self, url: str, services: Services) -> None:
        self.url = url
        self.services = services

    async def shopper(self, **body: Any) -> Shopper:
        """A shopper with a conversation just opened."""
        shopper = Shopper(self.url)
        await shopper.open(**body)
        return shopper

    def browser(self, **options: Any) -> httpx.AsyncClient:
        """Somebody's browser, with cookies."""
        return httpx.AsyncClient(base_url=self.url, timeout=LONG, verify=trusted(), **options)


class Desk:
    """The doubles, and gateways started between them one after the other on one database."""

    def __init__(
        self, database_url: str, home: Path, bot: BotDouble, bot_url: str, crm: CrmDouble, crm_url: str
    ) -> None:
        self.database_url = database_url
        self.home = home
        self.bot = bot
        self.bot_url = bot_url
        self.crm = crm
        self.crm_url = crm_url

    def settings(self, **changes: Any) -> GatewaySettings:
        """Settings of a gateway between the doubles. Retries come quickly; nothing else is hurried."""
        return GatewaySettings(
            **{
                "home": self.home,
                "gateway_port": 0,
                "gateway_database_url": self.database_url,
                "bot_url": self.bot_url,
                "crm_url": self.crm_url,
                "service_token": SecretStr(TOKEN),
                "session_secret": SecretStr("session-secret-of-the-tests"),
                "retry_seconds": 0.05,
                "retry_max_seconds": 0.1,
                "turn_seconds": LONG,
                **changes,
            }
        )

    @asynccontextmanager
    async def gateway(self, **changes: Any) -> AsyncIterator[Gateway]:
        """A gateway, until the block ends."""
        running = server(self.settings(**changes))
        async with served(running) as url:
            yield Gateway(url, running.services)


class Shopper:
    """One shopper at the public API."""

    def __init__(self, url: str, token: str = "", conversation_id: str = "") -> None:
        self.url = url
        self.token = token
        self.conversation_id = conversation_id
        self.after = 0
        self.greeting: list[Json] = []
        self._http = httpx.AsyncClient(base_url=url, timeout=LONG, verify=trusted())
        if token:
            self._http.headers["Authorization"] = f"Bearer {token}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def close(self) -> None:
        """End the connection."""
        await self._http.aclose()

    async def open(self, **body: Any) -> None:
        """Open a conversation; expects it to succeed."""
        response = await self._http.post("/api/chat/sessions", json=body)
        assert response.status_code == 201, response.text
        session = response.json()
        self.token, self.conversation_id = session["token"], session["conversation_id"]
        self.greeting = session["messages"]
        self.after = self.greeting[-1]["seq"]
        self._http.headers["Authorization"] = f"Bearer {self.token}"

    def elsewhere(self, url: str) -> Shopper:
        """The same shopper at another gateway."""
        moved = Shopper(url, self.token, self.conversation_id)
        moved.after = self.after
        return moved

    async def post(self, **body: Any) -> httpx.Response:
        """Send a message body; adds a client id unless given one."""
        return await self._http.post("/api/chat/messages", json={"client_id": str(uuid.uuid4()), **body})

    async def say(self, words: str) -> int:
        """Send words, expecting them to be taken; returns their seq."""
        response = await self.post(text=words)
        assert response.status_code == 202, response.text
        seq: int = response.json()["seq"]
        return seq

    async def read(self, after: int | None = None, wait: float = 0) -> Json:
        """One GET."""
        position = self.after if after is None else after
        response = await self._http.get("/api/chat/messages", params={"after": position, "wait": wait})
        assert response.status_code == 200, response.text
        snapshot: Json = response.json()
        return snapshot

    async def replies(self) -> list[Json]:
        """Read until nobody is typing; what is new and not the shopper's own."""
        new: list[Json] = []
        while True:
            snapshot = await self.read(wait=20)
            new += snapshot["messages"]
            self.after = max([self.after, *(message["seq"] for message in snapshot["messages"])])
            if not snapshot["typing"]:
                return [message for message in new if message["author"] != "shopper"]

    async def ask(self, words: str) -> list[Json]:
        """Say something and read the replies."""
        await self.say(words)
        return await self.replies()

    async def next_reply(self) -> Json:
        """The next message that is not the shopper's own, whether or not anybody is typing."""
        while True:
            for message in (await self.read())["messages"]:
                self.after = message["seq"]
                if message["author"] != "shopper":
                    found: Json = message
                    return found


@asynccontextmanager
async def open_desk(database_url: str, home: Path) -> AsyncIterator[Desk]:
    """The doubles, served, and nothing between them yet."""
    bot, crm = BotDouble(), CrmDouble()
    async with served(plain_server(bot.app)) as bot_url, served(plain_server(crm.app)) as crm_url:
        yield Desk(database_url, home, bot, bot_url, crm, crm_url)


def text_of(messages: list[Json]) -> list[str]:
    """What messages say."""
    return [message["content"]["text"] for message in messages]


async def newest_turn(agent: httpx.AsyncClient, conversation_id: str) -> str:
    """The id of the conversation's last turn, as the transcript of a signed-in agent has it."""
    lines = (await agent.get(f"/console/api/conversations/{conversation_id}/lines")).json()["lines"]
    turn: str = [line["turn"]["id"] for line in lines if line["turn"]][-1]
    return turn
