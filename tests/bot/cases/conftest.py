"""A trained small assistant, an action server double and a bot served over HTTP, for the tests of the bot's runtime."""

import environment  # isort: skip # noqa: F401 - before Rasa

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sanic import Sanic
from settings import BotSettings
from train_model import train

ASSISTANT = Path(__file__).resolve().parent.parent / "assistant"
TOKEN = "a-token-of-the-tests"

Sanic.test_mode = True


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    return train(ASSISTANT / "config.yml", tmp_path_factory.mktemp("models"), "small-assistant")


class ActionServer:
    """Speaks rasa-sdk's protocol over HTTP and fails in the ways an action server can.

    `failure` is None, "error" (500), "odd status" (449), "nonsense" (no JSON), "bad shape" (events that are none)
    or "slow" (no answer before `release` is set). `ahead` goes along with a form's validation.
    """

    def __init__(self):
        self.failure = None
        self.fails_only = None
        self.ahead = None
        self.calls = []
        self.requests = []
        self.release = asyncio.Event()
        self.called = asyncio.Event()
        self.port = None
        self._runner = None

    async def start(self, port=0):
        app = web.Application()
        app.router.add_post("/webhook", self._webhook)
        app.router.add_get("/healthz", self._healthz)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self.port or 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def stop(self):
        self.release.set()
        await self._runner.cleanup()

    async def _healthz(self, _request):
        return web.json_response({"status": "ok"})

    async def _webhook(self, request):
        body = await request.json()
        action = body["next_action"]
        self.calls.append(action)
        self.requests.append((request.headers, body))
        self.called.set()
        if self.failure and self.fails_only in (None, action):
            answer = await self._fail()
            if answer is not None:
                return answer
        answer = self._answer(action, body["tracker"])
        if self.ahead is not None and action.startswith("validate_"):
            answer["ahead"] = self.ahead
        return web.json_response(answer, headers={"Server-Timing": "crm;dur=1.5"})

    async def _fail(self):
        if self.failure == "slow":
            await self.release.wait()
            return None
        return {
            "error": web.json_response({"error": "no"}, status=500),
            "odd status": web.json_response({}, status=449),
            "nonsense": web.Response(text="<html>", content_type="text/html"),
            "bad shape": web.json_response({"events": [{"event": "no such event"}], "responses": []}),
        }[self.failure]

    @staticmethod
    def _answer(action, tracker):
        slots = tracker["slots"]
        number = slots.get("order_number")
        if action == "validate_track_form":
            return {"events": [{"event": "slot", "name": "order_number", "value": number}], "responses": []}
        if action == "action_silent":
            return {"events": [], "responses": []}
        return {
            "events": [{"event": "slot", "name": "order_number", "value": None}],
            "responses": [
                {
                    "response": "utter_state",
                    "number": number,
                    "state": "shipped",
                    "custom": {"kind": "order_card", "order_number": number, "lines": []},
                }
            ],
        }


class Bot:
    """A running bot as the gateway meets it."""

    def __init__(self, app, url, session, actions):
        self.app = app
        self.url = url
        self.actions = actions
        self._session = session

    async def post(self, body, token=TOKEN):
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        async with self._session.post(f"{self.url}/turns", data=data, headers=headers) as response:
            return response.status, await response.json(content_type=None), response.headers

    async def get(self, path, known=False):
        headers = {"Authorization": f"Bearer {TOKEN}"} if known else {}
        async with self._session.get(self.url + path, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def turn(self, message_id, text=None, *, sender="chat:1", language=None, **given):
        content = given or {"kind": "text", "text": text}
        return await self.post(
            {"sender_id": sender, "message_id": message_id, "input": content, "language": language, "page": None}
        )

    async def say(self, message_id, text=None, **given):
        """A turn that must succeed: its response."""
        status, body, _ = await self.turn(message_id, text, **given)
        assert status == 200, body
        return body

    async def tracker(self, sender="chat:1"):
        return await self.app.ctx.current.runner.trackers.retrieve(sender)


@pytest.fixture
def run_with_bot(model, tmp_path):
    """Runs `scenario(bot)` with a bot on a fresh tracker store."""

    def run(scenario, **settings):
        async def main():
            async with running_bot(model, tmp_path, **settings) as bot:
                return await scenario(bot)

        return asyncio.run(main())

    return run


@asynccontextmanager
async def running_bot(model, home, **settings):
    from runtime.server import create_app

    actions = ActionServer()
    await actions.start()
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(
        BotSettings(
            home=home,
            service_token=TOKEN,
            actions_url=f"http://127.0.0.1:{actions.port}",
            **{"action_seconds": 5, **settings},
        ),
        model,
        ASSISTANT / "responses",
    )
    server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    await server.startup()
    try:
        async with aiohttp.ClientSession() as session:
            yield Bot(app, f"http://127.0.0.1:{listener.getsockname()[1]}", session, actions)
    finally:
        server.close()
        await server.wait_closed()
        await server.after_stop()
        await actions.stop()
