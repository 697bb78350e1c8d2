"""What Rasa alone costs: turns of the smallest assistant, timed in the bot's environment. turn_latency.py runs this.

    bot/.venv/bin/python benchmarks/bare_rasa_turn.py --turns 200

Prints JSON: milliseconds of each turn that only utters, and of each that runs an empty custom action, with stock Rasa
and with Shopdesk's adjustments and action endpoint. Stock and adjusted turns alternate, so that a busy machine falls
on both alike. Trackers are in memory and the action server answers from this process; nothing else takes part.
"""

from __future__ import annotations

import sys
from pathlib import Path

BOT = Path(__file__).resolve().parent.parent / "bot"
sys.path.insert(0, str(BOT))

import environment  # isort: skip # noqa: F401, E402 - before Rasa

import argparse  # noqa: E402
import asyncio  # noqa: E402
import contextlib  # noqa: E402
import json  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402

import structlog  # noqa: E402
from aiohttp import web  # noqa: E402
from components.action_endpoint import ActionEndpoint  # noqa: E402
from rasa.core.actions.action import RemoteAction  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.model_training import train  # noqa: E402
from rasa.shared.core.events import Event  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402
from runtime import adjustments  # noqa: E402

TURNS_PER_TRACKER = 10
FILES = {
    "config.yml": """
recipe: default.v1
assistant_id: bare
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: LogisticRegressionClassifier
policies:
  - name: RulePolicy
""",
    "domain.yml": """
version: "3.1"
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
intents: [greet, act]
actions: [action_nothing]
responses:
  utter_greet:
    - text: Hello.
""",
    "data/all.yml": """
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
      - good morning
  - intent: act
    examples: |
      - do something
      - act now
rules:
  - rule: greet
    steps:
      - intent: greet
      - action: utter_greet
  - rule: act
    steps:
      - intent: act
      - action: action_nothing
      - action: utter_greet
""",
}
STOCK_VALIDATION = RemoteAction._validate_action_result
STOCK_EVENT_CLASS = Event.resolve_by_type


def build_model(folder: Path) -> str:
    """Trains the assistant and returns the model's path."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content.lstrip(), encoding="utf-8")
    files = (str(folder / name) for name in ("domain.yml", "config.yml", "data"))
    return train(*files, output=str(folder / "models")).model


@contextlib.asynccontextmanager
async def empty_action_server():
    """An action server that does nothing; gives its address."""

    async def nothing(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"events": [], "responses": []})

    app = web.Application(client_max_size=1 << 24)
    app.router.add_post("/webhook", nothing)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/webhook"
    await runner.cleanup()


def use_stock() -> None:
    """Rasa as it comes."""
    RemoteAction._validate_action_result = STOCK_VALIDATION
    Event.resolve_by_type = staticmethod(STOCK_EVENT_CLASS)


async def measure(model: str, turns: int) -> dict:
    """Milliseconds of each turn by kind."""
    async with empty_action_server() as url:
        endpoint = ActionEndpoint(url, token="none", seconds=5)
        agents = {
            "stock": (use_stock, Agent.load(model, action_endpoint=EndpointConfig(url))),
            "adjusted": (adjustments.apply, Agent.load(model, action_endpoint=endpoint)),
        }
        taken: dict = {f"{name}_{text}": [] for name in agents for text in ("utter", "action")}
        for turn in range(-TURNS_PER_TRACKER, turns):
            for name, (prepare, agent) in agents.items():
                prepare()
                for kind, text in (("utter", "hello"), ("action", "act now")):
                    started = time.perf_counter()
                    replies = await agent.handle_text(text, sender_id=f"{kind}-{turn // TURNS_PER_TRACKER}")
                    milliseconds = (time.perf_counter() - started) * 1000
                    assert replies[0]["text"] == "Hello."
                    if turn >= 0:
                        taken[f"{name}_{kind}"].append(milliseconds)
        await endpoint.close()
    return taken


def main() -> None:
    """Trains, measures, prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=200)
    turns = parser.parse_args().turns
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    result = os.dup(1)
    # Rasa's progress goes to standard output; the figures alone belong there.
    os.dup2(2, 1)
    adjustments.apply()
    with tempfile.TemporaryDirectory() as folder:
        taken = asyncio.run(measure(build_model(Path(folder)), turns))
    os.write(result, json.dumps(taken).encode())


if __name__ == "__main__":
    main()
