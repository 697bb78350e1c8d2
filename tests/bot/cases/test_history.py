"""Looking at the recent part of a conversation alone gives what Rasa gives from the whole of it."""

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from runtime.history import RecentTracker, action_call, recent_events

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, ask]
actions: [action_answer]
slots:
  topic: {type: text, mappings: [{type: custom}]}
  note: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms:
  ask_form: {required_slots: [topic]}
"""
)


@pytest.fixture
def tracker():
    events = [ActionExecuted("action_session_start"), ActionExecuted("action_listen")]
    for number in range(12):
        events += [
            UserUttered(f"message {number}", {"name": ("greet", "ask")[number % 2], "confidence": 1.0}),
            SlotSet("topic", str(number) if number % 3 else None),
            SlotSet("note", str(number)),
            ActiveLoop("ask_form" if number % 4 == 1 else None),
            ActionExecuted("action_answer"),
            ActionExecuted("action_listen"),
        ]
    return DialogueStateTracker.from_events("someone", events, DOMAIN.slots, domain=DOMAIN)


@pytest.mark.parametrize("count", [1, 2, 5, 25, 26, 27, 28, 100])
def test_the_last_states_are_those_of_the_whole_conversation(tracker, count):
    assert RecentTracker(tracker, count).past_states(DOMAIN) == tracker.past_states(DOMAIN)[-count:]


def test_an_action_is_sent_the_last_two_messages_the_slots_and_no_domain(tracker):
    action = RemoteAction("action_answer", None)
    ours = action_call(action, tracker, DOMAIN)
    state = tracker.current_state()
    sent = ours["tracker"].pop("events")
    assert [event["text"] for event in sent if event["event"] == "user"] == ["message 10", "message 11"]
    assert sent == [event.as_dict() for event in tracker.events][-len(sent) :]
    assert ours == {
        "next_action": "action_answer",
        "sender_id": "someone",
        "tracker": {key: value for key, value in state.items() if key != "events"},
        "version": ours["version"],
        "domain": {},
    }


def test_a_conversation_that_has_just_begun_is_sent_whole():
    tracker = DialogueStateTracker.from_events("someone", [ActionExecuted("action_listen"), UserUttered("hello")])
    assert recent_events(tracker) == list(tracker.events)
