"""The answer of `POST /turns`, read off the tracker's events.

A fresh turn and a repeated one are told from the same events by the same function, so that a repetition says exactly
what the first answer said. A turn is what lies between its message (`message_id` in the user event's metadata) and
the next message with another id.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
)
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

HANDOFF_SLOT = "handoff"
"""An action or rule that sets this slot to a reason asks for a person in this turn."""

QUEUE_SLOT = "queue"
"""Requests of the shopper that still wait; non-empty keeps the conversation in its tracker."""

_SILENT_ACTIONS = (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)


def turn_events(events: Sequence[Event], message_id: str) -> Optional[List[Event]]:
    """The events of the turn of `message_id`, its user event first; None when there was no such message."""
    turn: Optional[List[Event]] = None
    for event in events:
        if isinstance(event, UserUttered):
            mine = (event.metadata or {}).get("message_id") == message_id
            if turn is None and mine:
                turn = []
            elif turn is not None and not mine:
                break
        if turn is not None:
            turn.append(event)
    return turn


def turn_response(tracker: DialogueStateTracker, events: Sequence[Event], model: str) -> Dict[str, Any]:
    """The TurnResponse of the turn `events` of `tracker`, without `timings_ms`."""
    message = events[0]
    return {
        "replies": [_content(event) for event in events if isinstance(event, BotUttered)],
        "understanding": _understanding(message),
        "actions": [
            {"name": event.action_name, "policy": event.policy, "confidence": _number(event.confidence)}
            for event in events
            if isinstance(event, ActionExecuted) and event.action_name not in _SILENT_ACTIONS
        ],
        "language": message.metadata["language"],
        "model": model,
        "handoff": _handoff(events),
        "busy": _busy(_as_of(tracker, events[-1])),
    }


def _content(event: BotUttered) -> Dict[str, Any]:
    """One reply: the words of the response file with the structured part that the action gave, and its buttons."""
    custom = event.data.get("custom") or {}
    buttons = [
        {"label": button["title"], "payload": button["payload"]}
        for button in [*(event.data.get("buttons") or []), *(event.data.get("quick_replies") or [])]
    ]
    content: Dict[str, Any] = {"kind": "quick_replies" if buttons else "text", **custom}
    if event.text is not None:
        content["text"] = event.text
    if event.data.get("image") and "kind" not in custom:
        content.update(kind="image", url=event.data["image"])
    content.setdefault("text", "")
    if buttons:
        content["buttons"] = [*content.get("buttons", []), *buttons]
    return content


def _understanding(message: Any) -> Dict[str, Any]:
    parsed = message.parse_data
    return {
        "intent": _guess(message.intent) if message.intent else None,
        "ranking": [_guess(guess) for guess in parsed.get("intent_ranking", [])],
        "entities": [
            {
                "entity": entity["entity"],
                "value": entity.get("value"),
                "start": entity.get("start"),
                "end": entity.get("end"),
                "confidence": _number(entity.get("confidence_entity", entity.get("confidence"))),
            }
            for entity in message.entities
        ],
    }


def _guess(intent: Dict[str, Any]) -> Dict[str, Any]:
    return {"name": intent.get("name"), "confidence": _number(intent.get("confidence")) or 0.0}


def _number(value: Any) -> Optional[float]:
    """A classifier's NumPy number as JSON's."""
    return None if value is None else float(value)


def _handoff(events: Sequence[Event]) -> Optional[str]:
    reasons = [event.value for event in events if isinstance(event, SlotSet) and event.key == HANDOFF_SLOT]
    return str(reasons[-1]) if reasons and reasons[-1] else None


def _as_of(tracker: DialogueStateTracker, last: Event) -> DialogueStateTracker:
    """The tracker as it was after `last`."""
    events = list(tracker.events)
    if events[-1] is last:
        return tracker
    until = next(index for index, event in enumerate(events) if event is last)
    return DialogueStateTracker.from_events(tracker.sender_id, events[: until + 1], tracker.slots.values())


def _busy(tracker: DialogueStateTracker) -> bool:
    queue = tracker.slots[QUEUE_SLOT].value if QUEUE_SLOT in tracker.slots else None
    return tracker.active_loop_name is not None or bool(queue)
