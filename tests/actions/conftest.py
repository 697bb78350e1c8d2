"""The actions over the real CRM, in process: nothing between them is a stand-in but the network."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.ahead import next_call
from actions.crm_client import CrmClient
from actions.desk import Desk
from actions.server import build_executor
from crm_backend.app import create_app
from crm_backend.database.engine import Database, make_engine
from crm_backend.migrations import migrate
from crm_backend.settings import CrmSettings
from shopdesk_schemas.clock import Clock
from tests.actions import shop
from tests.support.asgi import AsgiTransport

PROJECT = Path(__file__).resolve().parents[2]
FORM = "track_order_form"
REQUIRED = ("order_reference", "identity_proofs")

type Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def run() -> Iterator[Run]:
    """Runs coroutines on one event loop."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="module")
def crm_settings(tmp_path_factory: pytest.TempPathFactory) -> CrmSettings:
    """A CRM with the shop of `shop.py`."""
    home = tmp_path_factory.mktemp("actions-crm")
    url = f"sqlite:///{home / 'crm.sqlite3'}"
    migrate(url)
    database = Database(make_engine(url))
    shop.fill(database)
    database.dispose()
    return CrmSettings(home=home, crm_database_url=url, shop=PROJECT / "data/demo/shop", now=shop.NOW)


@pytest.fixture
def transport(crm_settings: CrmSettings) -> Iterator[AsgiTransport]:
    """The way to that CRM."""
    app = create_app(crm_settings)
    yield AsgiTransport(app)
    app.state.resources.database.dispose()


@pytest.fixture
def crm(crm_settings: CrmSettings, run: Run, transport: AsgiTransport) -> Iterator[CrmClient]:
    """The actions' client of that CRM."""
    client = CrmClient(
        "http://crm",
        token=crm_settings.service_token.get_secret_value(),
        seconds=10,
        transport=transport,
    )
    yield client
    run(client.close())


class Conversation:
    """A conversation as the bot would hold it with the action server: slots, form and messages.

    What Rasa does with the form's events (run validation, ask for the missing slot, answer when done) is done here,
    so that the actions are tested through the sequence in which they really run.
    """

    _numbers = itertools.count(1)

    def __init__(self, crm: CrmClient, run: Run, language: str = "en") -> None:
        self._executor = build_executor(Desk(crm, Clock(shop.NOW)))
        self._run = run
        self.conversation_id = f"conversation-{next(self._numbers)}"
        self.slots: dict[str, Any] = {"language": language, "requested_slot": None}
        self.form: str | None = None
        self._message: dict[str, Any] = {}
        self._followup: str | None = None
        self._foreseen: dict[str, Any] | None = None

    def act(self, action: str) -> list[dict[str, Any]]:
        """Runs one action, applies its events and returns what it said."""
        call = {
            "next_action": action,
            "sender_id": f"{self.conversation_id}:1",
            "tracker": {
                "sender_id": f"{self.conversation_id}:1",
                "slots": self.slots,
                "latest_message": self._message,
                "events": [],
                "paused": False,
                "followup_action": None,
                "active_loop": {"name": self.form} if self.form else {},
                "latest_action_name": "action_listen",
            },
            "domain": {},
        }
        if self._foreseen is not None:
            assert _essence(self._foreseen) == _essence(call), "a form went on otherwise than it was answered ahead"
        result = self._run(self._executor.run(call))
        self._foreseen = next_call(call, result.events)
        self._followup = None
        for event in result.events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.form = event["name"]
            elif event["event"] == "followup":
                self._followup = event["name"]
        self._changed = [event.get("name") for event in result.events if event["event"] == "slot"]
        return list(result.responses)

    def hear(self, intent: str, *entities: dict[str, Any], **message: Any) -> None:
        """The shopper's next message as the bot understood it."""
        number = str(next(self._numbers))
        self._foreseen = None
        self._message = {
            "intent": {"name": intent, "confidence": 1.0},
            "entities": list(entities),
            "metadata": {"message_id": number, **message.pop("metadata", {})},
            **message,
        }

    def say(self, intent: str, *entities: dict[str, Any], **message: Any) -> list[dict[str, Any]]:
        """One turn with the tracking form; returns what was said. Empty when a rule would answer instead."""
        self.hear(intent, *entities, **message)
        return self._form_turn()

    def _form_turn(self) -> list[dict[str, Any]]:
        was_open, self.form = self.form, FORM if self.form is None else self.form
        if was_open is None:
            self.form = None
            said = self.act(f"validate_{FORM}")
            self.form = FORM if self.slots.get("tracking_step") != "left" else None
        else:
            said = self.act(f"validate_{FORM}")
            if not self._changed:
                return said
        if self.form is None:
            return said
        if self.slots.get("tracking_step") == "answer":
            self.form = None
            self.slots["requested_slot"] = None
            said += self.act("action_track_order")
            if self._followup == FORM:
                self.form = FORM
                said += self._ask()
            return said
        return said + self._ask()

    def _ask(self) -> list[dict[str, Any]]:
        missing = next(slot for slot in REQUIRED if self.slots.get(slot) is None)
        self.slots["requested_slot"] = missing
        return self.act(f"action_ask_{FORM}_{missing}")


@pytest.fixture
def conversation(crm: CrmClient, run: Run) -> Conversation:
    """A new conversation in English."""
    return Conversation(crm, run)


def _essence(call: dict[str, Any]) -> tuple[Any, ...]:
    """What an action reads of a call."""
    tracker = call["tracker"]
    # Which slot is asked for is not yet noted while it is asked for.
    slots = {name: value for name, value in tracker["slots"].items() if name != "requested_slot"}
    return call["next_action"], slots, tracker["latest_message"], tracker["active_loop"]


def responses(said: list[dict[str, Any]]) -> list[str]:
    """The names of the responses said."""
    return [str(each["response"]) for each in said]


def order_number(value: str, **facts: Any) -> dict[str, Any]:
    """An order number as the bot's extractor reports it."""
    return {"entity": "order_number", "value": value, "alternatives": [], "cued": True, "weak": False, **facts}


def proof(kind: str, value: str) -> dict[str, Any]:
    """A proof named by the words beside it."""
    return {"entity": kind, "value": value, "alternatives": [], "cued": True, "weak": False}


def bare(value: str, *alternatives: str) -> dict[str, Any]:
    """A number that could be several things."""
    return {"entity": "order_number", "value": value, "alternatives": list(alternatives), "cued": False, "weak": False}
