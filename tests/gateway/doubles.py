"""The bot and the CRM as the gateway knows them: real HTTP servers on the private interfaces, scripted by tests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import Depends, FastAPI
from pydantic import SecretStr
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from shopdesk_schemas.crm import (
    Catalogue,
    CatalogueProduct,
    ConversationContext,
    IdentityTokenRequest,
    PolicyExplanation,
    SupportHours,
    Verification,
)
from shopdesk_schemas.problems import Unauthenticated, Unavailable
from shopdesk_schemas.turn import TurnRequest
from shopdesk_schemas.web import ServiceToken, install

TOKEN = "service-token-of-the-tests"

Answer = dict[str, Any]
Brain = Callable[[TurnRequest], "Answer | Awaitable[Answer]"]


@asynccontextmanager
async def served(server: uvicorn.Server) -> AsyncIterator[str]:
    """Run a server in this event loop, from its own start-up to its own shutdown; yields its address.

    Without `Server.serve`, whose loop of 0.1 s ticks (it watches for signals) is most of a short test's time.
    """
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    assert server.started
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        await server.shutdown()


class DoubleServer(uvicorn.Server):
    """Does not wait for its callers when it stops."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and cut what is open."""
        for listening in self.servers:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)


def plain_server(app: ASGIApp, port: int = 0) -> uvicorn.Server:
    """A server for a double."""
    return DoubleServer(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off", ws="none",
                       timeout_graceful_shutdown=1)
    )  # fmt: skip


def text_reply(words: str) -> Answer:
    """A reply that only says something."""
    return {"kind": "text", "text": words}


def answer(*replies: Answer, **more: Any) -> Answer:
    """A `TurnResponse` with these replies."""
    return {
        "replies": list(replies),
        "understanding": {
            "intent": {"name": "track_order", "confidence": 0.97},
            "ranking": [{"name": "track_order", "confidence": 0.97}, {"name": "greet", "confidence": 0.02}],
            "entities": [{"entity": "order_number", "value": "A-17", "start": 0, "end": 4}],
        },
        "actions": [{"name": "action_track_order", "policy": "RulePolicy", "confidence": 1.0}],
        "language": "en",
        "model": "model-of-the-tests",
        "timings_ms": {"total": 12.5, "actions": 3.25},
        **more,
    }


def echo(request: TurnRequest) -> Answer:
    """Says what was said."""
    said = getattr(request.input, "text", None) or getattr(request.input, "label", None) or "a pick"
    return answer(text_reply(f"You said: {said}"))


RESPONSES = {
    "en": {"utter_greet": ["Hello {name}!", "Hi {name}, how can I help?"], "utter_bye": ["Goodbye."]},
    "zh": {"utter_greet": ["{name}，您好！", "您好，{name}，请问有什么可以帮您？"], "utter_bye": ["再见。"]},
}


class BotDouble:
    """The bot's private channel: idempotent by message id, as the real one."""

    def __init__(self) -> None:
        self.brain: Brain = echo
        self.failing_with: int | None = None
        self.requests: list[TurnRequest] = []
        self.ran: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()
        self._answers: dict[str, Answer] = {}
        self.app = FastAPI()
        install(self.app)

        @self.app.get("/healthz")
        async def healthz() -> dict[str, str]:
            return {"status": "ok"}

        @self.app.get("/intents", dependencies=[Depends(ServiceToken(SecretStr(TOKEN)))])
        async def intents() -> dict[str, Any]:
            topics = {"return_items": "returns", "track_order": "shipments", "greet": "smalltalk"}
            return {"intents": sorted(topics), "topics": topics}

        @self.app.get("/responses", dependencies=[Depends(ServiceToken(SecretStr(TOKEN)))])
        async def responses() -> dict[str, Any]:
            return {"responses": RESPONSES}

        @self.app.post("/turns", dependencies=[Depends(ServiceToken(SecretStr(TOKEN)))])
        async def turns(request: TurnRequest) -> Response:
            self.requests.append(request)
            self.arrived.set()
            if self.failing_with is not None:
                return JSONResponse({"type": "/problems/turn-failed"}, status_code=self.failing_with)
            if request.message_id not in self._answers:
                self.ran.append(request.message_id)
                await self.gate.wait()
                made = self.brain(request)
                self._answers[request.message_id] = await made if asyncio.iscoroutine(made) else made
            return JSONResponse(self._answers[request.message_id])

    async def asked(self, times: int) -> None:
        """Return once it was asked that often, failures included."""
        while len(self.requests) < times:
            self.arrived.clear()
            await self.arrived.wait()

    def said(self) -> list[str]:
        """The texts of the turns that were asked, in order, repeats included."""
        return [getattr(request.input, "text", "") for request in self.requests]


class CrmDouble:
    """The CRM's routes that the gateway calls."""

    def __init__(self) -> None:
        self.contexts: dict[str, ConversationContext] = {}
        self.signed_in: dict[str, str] = {}
        self.good_tokens = {"good-token": "Ada"}
        self.outcomes: dict[str, Answer] = {}
        self.away = False
        self.support_hours: SupportHours | None = None
        self.app = FastAPI()
        install(self.app)
        private = [Depends(ServiceToken(SecretStr(TOKEN)))]

        @self.app.get("/healthz")
        async def healthz() -> dict[str, str]:
            return {"status": "ok"}

        @self.app.put("/shopper/{conversation_id}", status_code=204, dependencies=private)
        async def put_context(conversation_id: str, context: ConversationContext) -> None:
            self._check()
            self.contexts[conversation_id] = context

        @self.app.post("/shopper/{conversation_id}/identity", dependencies=private)
        async def identity(conversation_id: str, request: IdentityTokenRequest) -> Verification:
            self._check()
            name = self.good_tokens.pop(request.identity_token, None)
            if name is None:
                raise Unauthenticated
            self.signed_in[conversation_id] = name
            return Verification(level="customer", method="token", display_name=name)

        @self.app.get("/policies/explain", dependencies=private)
        async def policies() -> PolicyExplanation:
            self._check()
            return PolicyExplanation.model_validate(
                {
                    "shop": {
                        "name": {"en": "Shop", "zh": "店"}, "languages": ["en", "zh"], "default_language": "en",
                        "country": "GB", "timezone": "Europe/London", "currency": "GBP", "support_email": None,
                        "support_phone": None, "support_hours": self.support_hours,
                    },
                    "verification": {"references": ["order_number"], "proofs": ["postcode"]},
                }
            )  # fmt: skip

        @self.app.get("/catalogue/products", dependencies=private)
        async def products(language: str, limit: int) -> Catalogue:
            self._check()
            kettle = CatalogueProduct(
                external_id="K1", name="Kettle <b>" if language == "en" else "水壶", category="Kitchen",
                price_from_minor=2999, currency="EUR", image_url=None, available=True,
            )  # fmt: skip
            return Catalogue(products=[kettle][:limit])

        @self.app.get("/staff/conversations/{conversation_id}/outcome", dependencies=private)
        async def outcome(conversation_id: str) -> dict[str, Any]:
            self._check()
            return self.outcomes.get(conversation_id, {"unsolved": None, "others": [], "segments": []})

    def _check(self) -> None:
        if self.away:
            raise Unavailable
