"""What we change inside Rasa gives the same verdicts as Rasa's own."""

import json

import pytest
import rasa
from components.action_validation import validate_action_result
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core import events
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses
from runtime import adjustments

ANSWERS = [
    {"events": [], "responses": []},
    {},
    {"events": [{"event": "slot", "name": "a", "value": {"b": [1]}, "timestamp": None}], "responses": [{}]},
    {"events": [{"event": "slot", "name": "a"}]},
    {"events": [{"event": "slot", "value": 1}]},
    {"events": [{"event": "bot", "text": "x", "data": {}, "metadata": {}}]},
    {"events": [{"event": "followup", "name": "action_x"}]},
    {"events": [{"event": "active_loop", "name": None}]},
    {"events": [{"event": "active_loop", "name": 5}]},
    {"events": [{"event": "rewind"}, {"event": "restart"}, {"event": "pause"}]},
    {"events": [{"event": "action", "name": "a", "policy": 5}]},
    {"events": [{"event": "user", "text": 5}]},
    {"events": [{"event": "no such event"}]},
    {"events": ["text"]},
    {"events": {}},
    {"events": None},
    {"responses": ["text"]},
    {"responses": {}},
    {"responses": None},
    [],
    "text",
    None,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: json.dumps(answer)[:60])
def test_the_compiled_check_judges_as_rasas_own(answer):
    assert _verdict(validate_action_result, answer) == _verdict(_stock_validation, answer)


def test_an_event_of_every_kind_that_rasa_writes_is_judged_alike():
    kinds = [
        events.SlotSet("a", 1),
        events.ActionExecuted("action_x", "policy", 1.0),
        events.ActiveLoop("form"),
        events.BotUttered("text", {"buttons": []}),
        events.UserUttered("text", {"name": "greet", "confidence": 1.0}),
        events.FollowupAction("action_x"),
        events.ReminderCancelled("x"),
        events.UserUtteranceReverted(),
        events.ActionReverted(),
        events.Restarted(),
        events.SessionStarted(),
        events.ConversationPaused(),
        events.ConversationResumed(),
        events.AllSlotsReset(),
        events.LoopInterrupted(True),
        events.ActionExecutionRejected("x"),
    ]
    for event in kinds:
        answer = {"events": [event.as_dict()], "responses": []}
        assert _verdict(validate_action_result, answer) == _verdict(_stock_validation, answer), event


VALUES = [None, 0, 1.5, True, "text", [], ["text"], {}, {"a": 1}]


@pytest.mark.parametrize("kind", ["slot", "followup", "active_loop", "bot", "user", "action", "entities", "unknown"])
def test_an_event_with_any_value_in_any_place_is_judged_alike(kind):
    for field in ("event", "name", "value", "timestamp", "metadata", "text", "entities"):
        for value in VALUES:
            whole = {"event": kind, "name": "a", "value": 1, "entities": []}
            for event in ({**whole, field: value}, {key: each for key, each in whole.items() if key != field}):
                answer = {"events": [event], "responses": []}
                assert _verdict(validate_action_result, answer) == _verdict(_stock_validation, answer), event


def test_event_classes_are_found_as_before():
    adjustments.apply()
    for event_class in all_subclasses(Event):
        assert Event.resolve_by_type(event_class.type_name) is adjustments._search_event_class(event_class.type_name)
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("no such event", default=Event) is Event
    with pytest.raises(ValueError, match="no such event"):
        Event.resolve_by_type("no such event")


def test_the_adjustments_are_for_this_rasa_only(monkeypatch):
    adjustments.apply()
    assert RemoteAction._validate_action_result is validate_action_result
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(RuntimeError, match=r"3\.6\.22"):
        adjustments.apply()


def _stock_validation(_action, answer):
    from jsonschema import validate

    validate(answer, RemoteAction.action_response_format_spec())
    return True


def _verdict(check, answer):
    try:
        return check(None, answer)
    except ValidationError as error:
        return list(error.absolute_path), error.validator, error.validator_value
