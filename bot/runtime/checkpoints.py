"""Where a long conversation may be taken up from, so that its two hundredth turn reads no more than its twentieth.

Rasa makes a tracker from every event since the conversation began, and walks through all of them several times a turn.
Rules look at the last few states alone, and what was before is in the slots and the open form. So after some messages
a checkpoint is stored beside the events: the slots and the form as they were a few messages ago, and the row from which
on events are read. Nothing is deleted; what is older is read when an old message is asked for again.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List, NamedTuple, Optional

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MESSAGES_KEPT = 8
"""After a checkpoint so many messages are read with all their events."""
MESSAGES_BETWEEN = 8
"""So many messages lie between two checkpoints."""
ACTIONS_KEPT = 6
"""Of what is before a checkpoint the last actions are kept: twice what the longest rule reads."""


class Checkpoint(NamedTuple):
    """Events that stand for those before `position`, which counts the tracker's events from 0."""

    position: int
    standing_in: List[Dict[str, Any]]


def checkpoint(tracker: DialogueStateTracker, domain: Domain) -> Optional[Checkpoint]:
    """Where `tracker` can be taken up from, never between two requests of one message.

    None while it is short, or was in the middle of something there.
    """
    events = list(tracker.events)
    messages = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(messages) < MESSAGES_KEPT + MESSAGES_BETWEEN:
        return None
    firsts = [index for index in messages[: -MESSAGES_KEPT + 1] if "request" not in (events[index].metadata or {})]
    position = _turn_begins(events, firsts[-1]) if firsts else None
    if position is None:
        return None
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:position], domain.slots, domain=domain)
    loop = before.active_loop
    if before.latest_action_name != ACTION_LISTEN_NAME or before.followup_action or before.is_paused():
        return None
    if loop is not None and (loop.rejected or loop.is_interrupted):
        return None
    standing_in = _standing_in(before, domain)
    at = events[position - 1].timestamp
    for event in standing_in:
        event.timestamp = at
    return Checkpoint(position, [event.as_dict() for event in standing_in])


def _standing_in(before: DialogueStateTracker, domain: Domain) -> List[Event]:
    """The slots and the form as they were a few actions before the end of `before`, and what came after.

    A form's own messages are left out by Rasa (`applied_events`), so that a rule may read what was said long ago.
    """
    applied = before.applied_events()
    actions = [index for index, event in enumerate(applied) if isinstance(event, ActionExecuted)]
    if len(actions) <= ACTIONS_KEPT:
        return [_nameless(event) for event in applied]
    start = actions[-ACTIONS_KEPT - 1] + 1
    then = DialogueStateTracker.from_events(before.sender_id, applied[:start], domain.slots, domain=domain)
    events: List[Event] = [
        SlotSet(name, slot.value) for name, slot in then.slots.items() if slot.value != slot.initial_value
    ]
    events.append(ActionExecuted(applied[start - 1].action_name))
    if then.active_loop_name:
        events.append(ActiveLoop(then.active_loop_name))
    return [*events, *map(_nameless, applied[start:])]


def _nameless(event: Event) -> Event:
    """A copy of `event`; of a message without the id by which its turn would be looked for."""
    twin = copy.copy(event)
    if isinstance(event, UserUttered):
        twin.message_id = None
        twin.metadata = {key: value for key, value in (event.metadata or {}).items() if key != "message_id"}
    return twin


def _turn_begins(events: List[Event], message: int) -> Optional[int]:
    """The position after the listening that came before the message at `message`; None when it did not follow one.

    Between the two lie slots set by the channel alone.
    """
    for index in range(message - 1, -1, -1):
        event = events[index]
        if isinstance(event, ActionExecuted):
            return index + 1 if event.action_name == ACTION_LISTEN_NAME else None
        if not isinstance(event, SlotSet):
            return None
    return None
