"""What every action works with: the CRM, the clock, and one turn of a conversation as it reads from the tracker."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.interfaces import Action, Tracker

from actions.crm_client import CrmClient
from actions.details import called_order, without_passing
from actions.topics import request_words
from actions.wording import LANGUAGES, Language, Wording
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.crm import OrderProof, OrderView, ProvenOrder, Verification, VerificationRequest

Event = dict[str, Any]


_VERIFICATION_SECONDS: Final = 5.0
"""How long a message's actions take the conversation's verification as unchanged; what is allowed the CRM decides."""
_REMEMBERED: Final = 256


@dataclass(frozen=True)
class Desk:
    """The means of an action."""

    crm: CrmClient
    clock: Clock
    public_url: str = "http://127.0.0.1:8080"
    """The gateway's address as shoppers see it, without a slash at its end."""
    _verified: OrderedDict[tuple[str, str], tuple[float, Verification]] = field(default_factory=OrderedDict)
    """By conversation and message: when it was heard, and how the conversation is verified."""
    _proven: OrderedDict[tuple[str, str], tuple[float, OrderView]] = field(default_factory=OrderedDict)
    """The same of orders that came with their proof, until the answer shows them."""

    async def verification(self, turn: Turn) -> Verification:
        """How the conversation is verified, asked of the CRM once for the actions that answer a message."""
        heard = self._verified.get((turn.conversation_id, turn.message_id))
        if heard is not None and time.monotonic() - heard[0] < _VERIFICATION_SECONDS:
            return heard[1]
        return self._heard(turn, await self.crm.verification(turn.conversation_id))

    async def verify(self, turn: Turn, request: VerificationRequest) -> Verification:
        """Tries a proof. Raises `CrmNotFound` and `CrmTooManyRequests` as the client does."""
        self._verified.pop((turn.conversation_id, turn.message_id), None)
        return self._heard(turn, await self.crm.verify(turn.conversation_id, request))

    async def forget_verification(self, turn: Turn) -> Verification:
        """Ends the conversation's verification, and says how it is verified then."""
        self._verified.pop((turn.conversation_id, turn.message_id), None)
        await self.crm.forget_verification(turn.conversation_id)
        return self._heard(turn, await self.crm.verification(turn.conversation_id))

    async def prove(self, turn: Turn, request: OrderProof) -> ProvenOrder:
        """Tries a proof unless what it is for is open, and keeps the order for `order`. Raises as `verify`."""
        key = turn.conversation_id, turn.message_id
        self._verified.pop(key, None)
        now = time.monotonic()
        # Nobody came for these: an order stays here no longer than its message is answered.
        while self._proven and now - next(iter(self._proven.values()))[0] > _VERIFICATION_SECONDS:
            self._proven.popitem(last=False)
        proven = await self.crm.prove(turn.conversation_id, request)
        if proven.order is not None:
            self._proven[key] = time.monotonic(), proven.order
            self._proven.move_to_end(key)
        self._heard(turn, proven.verification)
        return proven

    async def order(self, turn: Turn, number: str) -> OrderView:
        """One of the shopper's orders, in the turn's language. Raises `CrmNotFound`."""
        heard, order = self._proven.pop((turn.conversation_id, turn.message_id), (0.0, None))
        if order is not None and order.number == number and time.monotonic() - heard < _VERIFICATION_SECONDS:
            return order
        return await self.crm.order(turn.conversation_id, number, turn.language)

    def _heard(self, turn: Turn, verification: Verification) -> Verification:
        if turn.message_id:
            self._verified[turn.conversation_id, turn.message_id] = time.monotonic(), verification
            if len(self._verified) > _REMEMBERED:
                self._verified.popitem(last=False)
        return verification

    def wording(self, language: Language) -> Wording:
        """The words of a language, today."""
        return Wording(language, self.clock.now())

    def address(self, path: str) -> str:
        """The address of a page or document on the gateway."""
        return f"{self.public_url}{path}"


class DeskAction(Action):
    """An action with a desk. Subclasses have a `name` and a `run` that returns events."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def name(self) -> str:
        """The action's name in the domain."""
        raise NotImplementedError


@dataclass(frozen=True)
class Turn:
    """The shopper's message and the conversation's state, out of a tracker."""

    tracker: Tracker

    @property
    def conversation_id(self) -> str:
        """The conversation: the sender id without its epoch."""
        return str(self.tracker.sender_id).rpartition(":")[0] or str(self.tracker.sender_id)

    @property
    def language(self) -> Language:
        """The language to answer in."""
        language = self.tracker.get_slot("language")
        return language if language in LANGUAGES else LANGUAGES[0]

    @property
    def message(self) -> Mapping[str, Any]:
        """The latest message as Rasa understood it."""
        return self.tracker.latest_message or {}

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What the channel sent along."""
        return self.message.get("metadata") or {}

    @property
    def message_id(self) -> str:
        """An id of the message, the same for every action; of its second request `…#2`."""
        message = str(self.metadata.get("message_id") or self.message.get("message_id") or "")
        request = self.metadata.get("request") or 1
        return message if request == 1 else f"{message}#{request}"

    @property
    def intent(self) -> str:
        """The message's intent."""
        return str((self.message.get("intent") or {}).get("name") or "")

    @property
    def confidence(self) -> float:
        """How sure that intent is, 0 to 1; a button's is 1."""
        return float((self.message.get("intent") or {}).get("confidence") or 0.0)

    @property
    def pressed(self) -> bool:
        """Whether a button that names something was pressed: its words are the shop's."""
        return any(each.get("extractor") == "button" for each in self.message.get("entities") or [])

    @property
    def text(self) -> str:
        """The words, with the goods that they are about where those stand just before; of a button those on it."""
        said = str(self.message.get("text") or "")
        if self.pressed:
            return said
        whole, noted = self.metadata.get("whole") or {}, self.metadata.get("noted") or {}
        return request_words(said, str(whole.get("text") or ""), str(noted.get("before") or ""))

    def entities(self, kind: str) -> list[Any]:
        """The values of all entities of a kind."""
        return [each.get("value") for each in self.message.get("entities") or [] if each.get("entity") == kind]

    @property
    def order_numbers(self) -> list[str]:
        """The order and tracking numbers that it names; the CRM knows whether they are the shopper's."""
        text = str(self.message.get("text") or "")
        said = without_passing(text, self.message.get("entities") or [])
        return [
            str(each.get("value"))
            for each in said
            if (each.get("entity") == "order_number" and not each.get("weak")) or called_order(text, each)
        ]

    @property
    def also_asked(self) -> list[str]:
        """What else the message clearly asked for."""
        return list(self.message.get("also_asked") or [])

    @property
    def page_order(self) -> str | None:
        """The order on the page the shopper looks at: a hint."""
        return (self.metadata.get("page") or {}).get("order")

    @property
    def form(self) -> str | None:
        """The form that is open."""
        return (self.tracker.active_loop or {}).get("name")

    def count(self, slot: str) -> int:
        """A counting slot."""
        return int(self.tracker.get_slot(slot) or 0)


def last_action(turn: Turn) -> str | None:
    """The last action of the assistant's own that answered before this message."""
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        name = str(event.get("name") or "")
        if before and event.get("event") == "action" and name.startswith("action_") and name != "action_listen":
            return name
    return None


def last_response(turn: Turn) -> str | None:
    """The response of the reply that stood last before this message, whichever action gave it."""
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        if before and event.get("event") == "bot":
            return str((event.get("metadata") or {}).get("utter_action") or "") or None
    return None


def last_words(turn: Turn) -> str:
    """The shopper's message before this one; empty where there was none."""
    said = [str(each.get("text") or "") for each in turn.tracker.events if each.get("event") == "user"]
    return said[-2] if len(said) > 1 else ""


def last_question(turn: Turn) -> list[dict[str, Any]]:
    """The buttons of the reply that stood last before this message; empty where it had none."""
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        if before and event.get("event") == "bot":
            return list((event.get("data") or {}).get("buttons") or [])
    return []


def asked_before(turn: Turn) -> bool:
    """Whether the reply before this message ended as a question."""
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        if before and event.get("event") == "bot":
            return str(event.get("text") or "").rstrip().endswith(("?", "？"))
    return False


def leave_form() -> list[Event]:
    """Ends the tracking form and forgets what was given for it."""
    return [
        ActiveLoop(None),
        SlotSet("requested_slot", None),
        *forget_details(),
        SlotSet("tracking_step", "left"),
        SlotSet("change", None),
    ]


def forget_details() -> list[Event]:
    """Clears what a look-up needed: no proof stays in the tracker longer than it serves."""
    return [
        SlotSet("order_reference", None),
        SlotSet("identity_proofs", None),
        SlotSet("identity_name", None),
        SlotSet("refused_proofs", None),
        SlotSet("question_variant", None),
        SlotSet("questions_in_vain", 0),
        SlotSet("verification_failures", 0),
        SlotSet("another_order", False),
        SlotSet("asked_about", None),
        SlotSet("limited_reference", None),
        SlotSet("further_references", []),
    ]
