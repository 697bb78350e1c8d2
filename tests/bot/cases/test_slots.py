"""Slots are copied, read from messages and noted as Rasa does it, where that makes a difference."""

import asyncio
import copy
from pathlib import Path

import pytest
from rasa.core.actions.action import ActionExtractSlots
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from runtime import slots
from runtime.slots import changing, copy_slot, extract_slots

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, ask]
entities: [number]
slots:
  topic: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  words: {type: list, influence_conversation: false, mappings: [{type: custom}]}
  asked: {type: float, initial_value: 0, influence_conversation: false, mappings: [{type: custom}]}
  number: {type: text, mappings: [{type: from_entity, entity: number}]}
  greeted: {type: bool, mappings: [{type: from_intent, intent: greet, value: true}]}
  said: {type: any, influence_conversation: false, mappings: [{type: from_text, conditions: [{active_loop: ask_form}]}]}
forms:
  ask_form: {required_slots: [said]}
"""
)
BOT = Path(__file__).resolve().parents[3] / "bot"


def _tracker(*events, domain=DOMAIN):
    return DialogueStateTracker.from_events("someone", [ActionExecuted("action_listen"), *events], domain.slots)


def test_a_slot_is_copied_as_before():
    for slot in DOMAIN.slots:
        twin = copy_slot(slot)
        assert (type(twin), vars(twin)) == (type(slot), vars(copy.copy(slot)))
        twin.value = "else"
        assert slot.value == slot.initial_value


MESSAGES = [
    UserUttered("hello", {"name": "greet", "confidence": 1.0}),
    UserUttered("order 5", {"name": "ask", "confidence": 1.0}, [{"entity": "number", "value": "5"}]),
    UserUttered("well", {"name": "ask", "confidence": 1.0}),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.text)
@pytest.mark.parametrize("form", [None, "ask_form"])
@pytest.mark.parametrize("ours", [False, True], ids=["a small domain", "the assistant's domain"])
def test_a_message_sets_what_it_set_before(message, form, ours):
    domain = Domain.load([str(BOT / "domain")]) if ours else DOMAIN
    if ours and form:
        form = "track_order_form"
    tracker = _tracker(ActiveLoop(form), message, domain=domain)
    given = (ActionExtractSlots(None), CollectingOutputChannel(), None, tracker, domain)
    assert asyncio.run(extract_slots(*given)) == asyncio.run(slots._stock_extraction(*given))


def test_setting_nothing_where_nothing_is_leaves_no_event():
    tracker = _tracker(SlotSet("topic", "a"), SlotSet("words", ["b"]))
    events = [
        SlotSet("topic", None),
        SlotSet("topic", None),
        SlotSet("words", []),
        SlotSet("asked", 0),
        SlotSet("asked", 1),
        SlotSet("asked", 0),
        SlotSet("number", None),
        SlotSet("number", "5"),
        SlotSet("number", "5"),
        SlotSet("requested_slot", None),
        ActiveLoop(None),
        ActionExecuted("action_listen"),
    ]
    kept = changing(events, tracker)
    assert kept == [events[i] for i in (0, 2, 4, 5, 7, 8, 9, 10, 11)]
    shorter, whole = copy.deepcopy(tracker), copy.deepcopy(tracker)
    shorter.update_with_events(kept, DOMAIN)
    whole.update_with_events(events, DOMAIN)
    assert shorter.current_slot_values() == whole.current_slot_values()
