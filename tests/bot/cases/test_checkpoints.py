"""A conversation taken up from a checkpoint goes on as if it had been read from its beginning."""

import asyncio
import random

import pytest
from channels.turn_response import turn_events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, LoopInterrupted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from runtime.checkpoints import ACTIONS_KEPT, MESSAGES_BETWEEN, MESSAGES_KEPT, checkpoint
from runtime.tracker_store import EventTrackerStore

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, ask]
actions: [action_answer, validate_ask_form]
slots:
  topic: {type: text, mappings: [{type: custom}]}
  seen: {type: any, initial_value: nothing, mappings: [{type: custom}]}
  requested_slot: {type: any, mappings: [{type: custom}]}
forms:
  ask_form: {required_slots: [topic]}
"""
)
STATES = ACTIONS_KEPT


def turn(number, chance, form):
    """The events of one message, perhaps of two requests, and the form that is open after it."""
    events = []
    for request in range(1, chance.choice((1, 1, 1, 2)) + 1):
        metadata = {"message_id": f"m{number}", **({"request": request} if request > 1 else {})}
        intent = {"name": chance.choice(("greet", "ask")), "confidence": 1.0}
        events += [SlotSet("seen", number), UserUttered(f"words {number}", intent, metadata=metadata)]
        events.append(SlotSet("topic", chance.choice((None, "shoes", str(number)))))
        kind = chance.choice(("answer", "open", "close", "interrupted"))
        if kind == "open" or (form and kind == "answer"):
            events += [ActionExecuted("ask_form"), ActiveLoop("ask_form"), SlotSet("requested_slot", "topic")]
            form = True
        elif form and kind == "close":
            events += [ActionExecuted("ask_form"), SlotSet("requested_slot", None), ActiveLoop(None)]
            form = False
        elif form and kind == "interrupted":
            events += [LoopInterrupted(True), ActionExecuted("action_answer"), BotUttered("so"), LoopInterrupted(False)]
            events += [ActionExecuted("ask_form"), BotUttered("and?")]
        else:
            events += [ActionExecuted("action_answer"), BotUttered(f"answer {number}")]
        events.append(ActionExecuted("action_listen"))
    return events, form


def conversation(seed, length):
    chance, form, turns = random.Random(seed), False, []
    for number in range(length):
        events, form = turn(number, chance, form)
        turns.append(events)
    return turns


def made_of(events):
    return DialogueStateTracker.from_events("someone:1", events, DOMAIN.slots, domain=DOMAIN)


def looks(tracker):
    """What decides how a conversation goes on."""
    return (
        tracker.current_slot_values(),
        tracker.active_loop_name,
        tracker.latest_action_name,
        tracker.latest_message.text,
        tracker.past_states(DOMAIN)[-STATES:],
    )


@pytest.mark.parametrize("seed", range(12))
def test_rules_see_the_same(tmp_path, seed):
    store = EventTrackerStore(f"sqlite:///{tmp_path / 'trackers.sqlite3'}", DOMAIN)

    async def play():
        whole, longest = [ActionExecuted("action_session_start"), ActionExecuted("action_listen")], 0
        for number, events in enumerate(conversation(seed, 45)):
            tracker = await store.get_or_create_tracker("someone:1", append_action_listen=False)
            for event in events if number else [*whole, *events]:
                tracker.update(event)
            await store.save(tracker)
            whole += events
            again = await store.retrieve("someone:1")
            assert looks(again) == looks(made_of(whole))
            longest = max(longest, sum(isinstance(event, UserUttered) for event in again.events))
            for old in {number, max(0, number - 3)}:
                mine, all_of_it = turn_events(again.events, f"m{old}"), turn_events(whole, f"m{old}")
                assert [event.as_dict() for event in mine] == [event.as_dict() for event in all_of_it]
        assert longest < 2 * (MESSAGES_KEPT + MESSAGES_BETWEEN)
        tracker = await store.retrieve("someone:1")
        assert await store.is_before_checkpoint(tracker, "m1")
        assert not await store.is_before_checkpoint(tracker, "m44")
        assert not await store.is_before_checkpoint(tracker, "m4_")
        full = await store.retrieve_full_tracker("someone:1")
        assert [event.as_dict() for event in full.events] == [event.as_dict() for event in whole]
        await store.save(tracker)
        await store.save(await store.retrieve("someone:1"))
        assert len((await store.retrieve_full_tracker("someone:1")).events) == len(whole)

    asyncio.run(play())
    store.close()


def test_a_short_conversation_has_no_checkpoint():
    events = [event for each in conversation(1, 5) for event in each]
    assert checkpoint(made_of(events), DOMAIN) is None
