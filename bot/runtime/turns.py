"""One turn from request to response: once per message id, one at a time per tracker, wholly or not at all."""

from __future__ import annotations

import itertools
import json
import logging
import re
import time
from dataclasses import dataclass, field
from typing import Any, Counter, Dict, List, Optional

import sqlalchemy.exc
from channels.language import choose_language
from channels.problems import InvalidTurn, NotReady, TurnFailed, TurnProblem, TurnTimedOut
from channels.turn_request import ButtonInput, ImageInput, PageHint, PickInput, TurnRequest
from channels.turn_response import HANDOFF_SLOT, QUEUE_SLOT, turn_events, turn_response
from components.action_endpoint import ActionCallFailed, ActionCalls, ActionTimedOut, recorded_calls
from components.identifier_extractor import identifier_entities
from components.intent_classifier import REQUESTS, order_numbers
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockError, LockStore
from rasa.shared.core.constants import USER_INTENT_BACK, USER_INTENT_RESTART, USER_INTENT_SESSION_START
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from runtime.fragments import EMERGENCY, is_alarm, rejoined, same_wish, without_false_alarm
from runtime.processor import LANGUAGE_SLOT, TurnProcessor
from runtime.tidy import tidied
from runtime.tracker_store import EventTrackerStore
from runtime.wording import worded

CHANNEL = "gateway"
REQUESTS_PER_TURN = 6
"""How many requests of one message, or out of the queue, are answered in one turn."""
_TIMES_IN_A_TURN = 2
"""How often the same words may be answered in one turn: once as what was said, once more as what they were then."""
FOCUS_SLOT = "focus"
IMAGE_INTENT = "send_image"
IMAGES_SLOT = "images"
IMAGES_KEPT = 20
IMAGE_TEXT = "[image]"
"""How a tracker names a picture that came without a word."""
NEXT_REQUEST = "utter_next_request"
NOTED_REQUEST = "utter_request_noted"
_FORBIDDEN_INTENTS = (USER_INTENT_RESTART, USER_INTENT_BACK, USER_INTENT_SESSION_START)
"""Rasa's own intents that rewrite the tracker: no button of ours has them, so no payload may."""

_log = logging.getLogger(__name__)


class _SilentChannel(OutputChannel):
    """Sends nothing: replies are read off the tracker, where a repeated turn finds them too."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        pass


@dataclass
class TurnRunner:
    """Runs turns on one model."""

    processor: TurnProcessor
    trackers: EventTrackerStore
    locks: LockStore
    model: str
    _output: OutputChannel = field(default_factory=_SilentChannel)

    async def run(self, request: TurnRequest) -> Dict[str, Any]:
        """The TurnResponse for `request`. Raises `TurnProblem`; the stored tracker is then as before."""
        started = time.perf_counter()
        try:
            async with self.locks.lock(request.sender_id):
                with recorded_calls() as calls, worded(request.wordings):
                    response = await self._run_locked(request, calls)
        except LockError:
            raise NotReady("The tracker's lock could not be had.") from None
        except sqlalchemy.exc.SQLAlchemyError as error:
            _log.error("the tracker store failed: %s", type(error).__name__)
            raise NotReady("The tracker store does not answer.") from None
        total = (time.perf_counter() - started) * 1000
        response["timings_ms"] = {"total": total, "actions": 0.0, "crm": 0.0, **calls.timings_ms}
        return response

    async def _run_locked(self, request: TurnRequest, calls: ActionCalls) -> Dict[str, Any]:
        tracker = await self.processor.get_tracker(request.sender_id)
        events = turn_events(tracker.events, request.message_id)
        if events is None and await self.trackers.is_before_checkpoint(tracker, request.message_id):
            tracker = await self.trackers.retrieve_full_tracker(request.sender_id) or tracker
            events = turn_events(tracker.events, request.message_id)
        if events is None:
            events = await self._run_fresh(request, tracker, calls)
        return turn_response(tracker, events, self.model)

    async def _run_fresh(self, request: TurnRequest, tracker: DialogueStateTracker, calls: ActionCalls) -> List[Any]:
        language = self._language(request, tracker)
        images = getattr(request.input, "images", [])
        if images:
            await self.processor.begin(tracker, self._output)
            kept = [*(tracker.get_slot(IMAGES_SLOT) or []), *images][-IMAGES_KEPT:]
            tracker.update(SlotSet(IMAGES_SLOT, kept), self.processor.domain)
        try:
            await self._run_requests(self._message(request, language), tracker, language)
        except TurnProblem:
            raise
        except Exception as error:
            raise _failure(calls, error) from error
        if calls.failures:
            # Somewhere in Rasa it was swallowed; half an answer is none.
            raise _failure(calls, calls.failures[0])
        events = turn_events(tracker.events, request.message_id) or []
        if not any(isinstance(event, BotUttered) for event in events):
            raise TurnFailed("No rule had anything to say.")
        await self.trackers.save(tracker)
        return events

    async def _run_requests(self, message: UserMessage, tracker: DialogueStateTracker, language: str) -> None:
        """Runs each request of a message as a message of its own, then those that waited, until a form is open."""
        texts = await self._split(message, tracker)
        ahead = bool(texts and texts.pop(0).get("ahead"))
        started = len(tracker.events)
        spoken_of = tracker.get_slot(FOCUS_SLOT)
        done: Counter[str] = Counter()
        for number in range(1, REQUESTS_PER_TURN + 1):
            await self.processor.run_turn(message, tracker, language)
            if tracker.active_loop_name or _handed_over(tracker, started):
                break
            if ahead:
                # It was said last: what the others are about is what was spoken of before the message.
                tracker.update(SlotSet(FOCUS_SLOT, spoken_of), self.processor.domain)
            waiting = list(tracker.get_slot(QUEUE_SLOT) or [])
            begun = ahead = False
            noted: Optional[Dict[str, Any]] = None
            request: Dict[str, Any] = {}
            done[message.text or ""] += 1
            # Words that lead to themselves once more would be answered again and again.
            waiting = [each for each in waiting if done[each["text"]] < _TIMES_IN_A_TURN]
            if texts:
                request = texts.pop(0)
                text, ahead = request["text"], bool(request.get("ahead"))
            elif waiting:
                first, *waiting = waiting
                request = first
                text, begun = first["text"], bool(first.get("begun"))
                noted = None if first.get("said_now") else first
                tracker.update(SlotSet(QUEUE_SLOT, waiting), self.processor.domain)
                if noted is not None and not begun:
                    tracker.update(SlotSet(FOCUS_SLOT, _as_noted(tracker, noted)), self.processor.domain)
                if not first.get("said_now"):
                    tracker.update(await self.processor.say(NEXT_REQUEST, tracker, self._output, request=text))
            else:
                if tracker.get_slot(QUEUE_SLOT):
                    tracker.update(SlotSet(QUEUE_SLOT, []), self.processor.domain)
                return
            message = _further(message, text, number + 1, begun=begun, noted=noted)
            await self._understand(message, request, tracker)
        await self._queue([{**each, "begun": True} for each in texts] if ahead else texts, tracker, started)

    async def _split(self, message: UserMessage, tracker: DialogueStateTracker) -> List[Dict[str, Any]]:
        """What the message asks for where it is several things; `message` is made to hold the first alone."""
        if message.parse_data is not None:
            return []
        parsed = await self.processor.parse_message(message, tracker)
        if tracker.active_loop_name:
            parsed = without_false_alarm(message.text, parsed)
        requests = [] if _takes_any_words(tracker) else list(parsed.get(REQUESTS) or [])
        if _is_about_its_goods(tracker, requests):
            requests = []
        if tracker.active_loop_name:
            # What is said to the open question counts first: a yes or a no may stand before a question.
            requests.sort(key=lambda each: message.text.find(each["text"]))
            requests = [{**each, "ahead": False} for each in requests]
        requests = await self._of_their_own(message, tracker, requests)
        if requests:
            # Who asks may be said in another part than what is asked.
            whole = {"text": message.text, "entities": identifier_entities(message.text)}
            message.metadata = {**(message.metadata or {}), "whole": whole}
            message.text = requests[0]["text"]
            await self._understand(message, requests[0], tracker)
        else:
            message.parse_data = parsed
        return requests

    async def _understand(self, message: UserMessage, request: Dict[str, Any], tracker: DialogueStateTracker) -> None:
        """Has `message`, which says `request`, understood as what the request is, where its words alone mislead."""
        if request.get("meant"):
            parsed = await self.processor.parse_message(_further(message, request["text"], 1), tracker)
            message.parse_data = _meant(parsed, request["intent"])

    async def _of_their_own(
        self, message: UserMessage, tracker: DialogueStateTracker, requests: List[Dict[str, Any]]
    ) -> List[Dict[str, Any]]:
        """`requests` without what asks for nothing of its own, each with what was said `before` it; empty for one."""
        if len(requests) < 2:
            return requests
        own = rejoined(message.text, requests)
        in_danger = [each for each in own if each.get("intent") == EMERGENCY and is_alarm(each["text"])]
        if in_danger:
            return in_danger[:1]
        own = [each for place, each in enumerate(own) if not place or each.get("intent") != EMERGENCY]
        if len(own) == 1 and own[0].get("meant") and not tracker.active_loop_name:
            return own
        if len(own) == 1 and (tracker.active_loop_name or "alone" not in own[0]):
            # Said to an open question it is read as a whole.
            return [] if tracker.active_loop_name or own[0]["text"] == message.text else own
        before: List[str] = []
        for each in own:
            if each.pop("alone", None) is not None and not each.get("meant"):
                parsed = await self.processor.parse_message(_further(message, each["text"], 1), tracker)
                # What is added is not lost where it resembles something else: the wish is the one it adds to.
                each["meant"] = not same_wish((parsed.get("intent") or {}).get("name"), each["intent"])
            each["before"] = " ".join(before)
            before.append(each["text"])
        return own

    async def _queue(self, requests: List[Dict[str, Any]], tracker: DialogueStateTracker, started: int) -> None:
        """Keeps what the message asks for besides until the open form is done, and says so before its question."""
        if not requests or _handed_over(tracker, started):
            return
        waiting = list(tracker.get_slot(QUEUE_SLOT) or [])
        known = {each["text"] for each in waiting}
        requests = [each for each in requests if each["text"] not in known]
        spoken_of = tracker.get_slot(FOCUS_SLOT)
        noted = [{**each, "focus": spoken_of} for each in requests]
        tracker.update(SlotSet(QUEUE_SLOT, [*waiting, *noted]), self.processor.domain)
        for request in requests:
            said = await self.processor.say(NOTED_REQUEST, tracker, self._output, request=request["text"])
            last = max(index for index, event in enumerate(tracker.events) if isinstance(event, BotUttered))
            tracker.events.insert(max(last, started), said)

    def _language(self, request: TurnRequest, tracker: DialogueStateTracker) -> str:
        conversation = request.language or tracker.get_slot(LANGUAGE_SLOT)
        # A button's label and a picked thing's number are not the shopper's words.
        words = request.input.text if request.input.kind == "text" else ""
        return choose_language(words, conversation)

    def _message(self, request: TurnRequest, language: str) -> UserMessage:
        given = request.input
        page = request.page
        parsed: Optional[Dict[str, Any]] = None
        if isinstance(given, ButtonInput):
            text = given.label
            parsed = parse_payload(given.payload, self.processor.domain)
            parsed["text"] = text
        elif isinstance(given, PickInput):
            # What was picked is said by its number, and understood as if it had been typed.
            page = given.pick
            text = given.pick.order or given.pick.sku or ""
        elif isinstance(given, ImageInput):
            # Nobody looks at it here: it is kept for whoever can, and asked what it is about.
            text = IMAGE_TEXT
            parsed = {**parse_payload(f"/{IMAGE_INTENT}", self.processor.domain), "text": text}
        else:
            text = tidied(given.text)
        return UserMessage(
            text=text,
            output_channel=self._output,
            sender_id=request.sender_id,
            parse_data=parsed,
            input_channel=CHANNEL,
            message_id=request.message_id,
            metadata={
                "message_id": request.message_id,
                "language": language,
                "page": _page(page),
                "images": getattr(given, "images", []),
            },
        )


_OF_GOODS = frozenset({"cancel_order", "change_items", "exchange_items"})
_CHANGES_OF_GOODS = frozenset({"change_items", "cancel", "exchange"})
_WHAT_ABOUT = re.compile(r"\b(?:what|how) about (?:the|my|those|these)\b", re.IGNORECASE)
"""Words that only turn to another thing, whose wish follows."""
_ABOUT_GOODS = frozenset({"target", "lines", "confirmation", "revision", "payment_method"})


def _is_about_its_goods(tracker: DialogueStateTracker, requests: List[Dict[str, Any]]) -> bool:
    """Whether all that a message asks for concerns goods that an open change of an order is about.

    What is called off, changed and left of one order is one change to the shop: the form reads it whole.
    """
    change = tracker.get_slot("change") or {}
    return bool(
        tracker.active_loop_name
        and change.get("kind") in _CHANGES_OF_GOODS
        and (change.get("question") or {}).get("slot") in _ABOUT_GOODS
        and not any(order_numbers(each["text"]) for each in requests)
        and all(each.get("intent") in _OF_GOODS or _WHAT_ABOUT.search(each["text"]) for each in requests)
    )


def _takes_any_words(tracker: DialogueStateTracker) -> bool:
    """Whether the open form's question takes whatever is said, a review say: that is never several requests."""
    change = tracker.get_slot("change") or {}
    return bool(tracker.active_loop_name and (change.get("question") or {}).get("any_words"))


def _further(
    message: UserMessage, text: str, number: int, *, begun: bool = False, noted: Optional[Dict[str, Any]] = None
) -> UserMessage:
    """The message that stands for a further request of the same turn; `number` counts from 1, the first.

    `begun`: it was begun before what was answered just now, so that is not what it is about. `noted`: as what it
    waited since an earlier turn, with what was spoken of when it was said.
    """
    return UserMessage(
        text=text,
        output_channel=message.output_channel,
        sender_id=message.sender_id,
        input_channel=CHANNEL,
        message_id=f"{message.message_id}#{number}",
        metadata={**message.metadata, "request": number, "begun": begun, "noted": noted},
    )


def _meant(parsed: Dict[str, Any], intent: str) -> Dict[str, Any]:
    """What a message was understood as, where its own first words say which `intent` it has."""
    sure = {"name": intent, "confidence": 1.0}
    others = [each for each in parsed.get("intent_ranking") or [] if each.get("name") != intent]
    return {**parsed, "intent": sure, "intent_ranking": [sure, *others]}


def _as_noted(tracker: DialogueStateTracker, noted: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    """What is spoken of once `noted` is taken up: what was, when it was said, before what was since."""
    now, then = dict(tracker.get_slot(FOCUS_SLOT) or {}), dict(noted.get("focus") or {})
    if not then:
        return now or None
    orders = [*(then.get("orders") or []), *(now.get("orders") or [])]
    return {**now, "orders": list(dict.fromkeys(orders)), "lines": then.get("lines") or now.get("lines") or []}


def _handed_over(tracker: DialogueStateTracker, started: int) -> bool:
    """Whether a person was asked for in this turn: what waits is theirs then."""
    events = itertools.islice(tracker.events, started, None)
    return any(isinstance(event, SlotSet) and event.key == HANDOFF_SLOT and event.value for event in events)


def parse_payload(payload: str, domain: Domain) -> Dict[str, Any]:
    """A button's `/intent{json}` as Rasa's understanding of a message, wholly sure.

    Raises `InvalidTurn` when it has another form or names an intent or entity that this model does not know.
    """
    intent, brace, rest = payload.partition("{")
    name = intent[1:].strip()
    if not intent.startswith("/") or name not in domain.intents or name in _FORBIDDEN_INTENTS:
        raise _invalid_payload("is not an intent of this assistant")
    try:
        entities = json.loads(brace + rest) if brace else {}
    except ValueError:
        raise _invalid_payload("has entities that are not JSON") from None
    if not isinstance(entities, dict) or any(entity not in domain.entities for entity in entities):
        raise _invalid_payload("has entities that this assistant does not know")
    guess = {"name": name, "confidence": 1.0}
    return {
        "intent": guess,
        "intent_ranking": [guess],
        "entities": [
            {"entity": entity, "value": one, "extractor": "button"}
            for entity, value in entities.items()
            for one in (value if isinstance(value, list) else [value])
        ],
    }


def _invalid_payload(message: str) -> InvalidTurn:
    return InvalidTurn(errors=[{"field": "body.input.payload", "message": message}])


def _page(page: Optional[PageHint]) -> Optional[Dict[str, str]]:
    return page.dict(exclude_none=True) or None if page else None


def _failure(calls: ActionCalls, error: Exception) -> TurnProblem:
    """The problem for what went wrong: the first failed action call, else `error` itself."""
    cause = calls.failures[0] if calls.failures else error
    if isinstance(cause, ActionTimedOut):
        _log.error("turn timed out: %s", cause)
        return TurnTimedOut(str(cause))
    if isinstance(cause, ActionCallFailed):
        _log.error("turn failed: %s", cause)
        return TurnFailed(str(cause))
    _log.error("turn failed: %s", type(cause).__name__, exc_info=_log.isEnabledFor(logging.DEBUG))
    return TurnFailed(f"{type(cause).__name__} while running the turn")
