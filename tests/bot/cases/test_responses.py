"""The response generator: the language's words, filled wholly, or an error."""

import asyncio
import logging

import pytest
from components.importer import DuplicateKey
from components.responses import LanguageResponseGenerator, MissingResponse, MissingVariable, fill, variables
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker


@pytest.fixture
def folder(tmp_path):
    files = {
        "en/a.yml": """responses:
  utter_two:
    - text: "one {name}"
    - text: "two {name}"
  utter_conditional:
    - text: "for members"
      condition: [{type: slot, name: member, value: true}]
    - text: "for everyone"
  utter_only_members:
    - text: "for members"
      condition: [{type: slot, name: member, value: true}]
  utter_english_only:
    - text: "English"
""",
        "zh/a.yml": """responses:
  utter_two:
    - text: "{name}甲"
    - text: "{name}乙"
  utter_conditional:
    - text: "大家"
  utter_only_members:
    - text: "大家"
""",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def _say(folder, response, slots=None, message_id="m1", **values):
    slots = {"language": "en", **(slots or {})}
    tracker = DialogueStateTracker("chat:1", [AnySlot(slot, mappings=[{}]) for slot in slots])
    for slot, value in slots.items():
        tracker.update(SlotSet(slot, value))
    tracker.update(UserUttered("hi", message_id=message_id))
    generator = LanguageResponseGenerator(folder)
    return asyncio.run(generator.generate(response, tracker, "gateway", **values))["text"]


def test_the_trackers_language_is_spoken(folder):
    assert _say(folder, "utter_two", {"language": "zh"}, name="李") in ("李甲", "李乙")
    assert _say(folder, "utter_two", {"language": "en"}, name="Li") in ("one Li", "two Li")


def test_what_a_language_lacks_is_said_in_english_and_logged(folder, caplog):
    with caplog.at_level(logging.WARNING):
        assert _say(folder, "utter_english_only", {"language": "zh"}) == "English"
    assert "utter_english_only" in caplog.text


def test_a_variation_is_chosen_by_the_message_and_all_are_used(folder):
    said = {_say(folder, "utter_two", message_id=f"m{i}", name="x") for i in range(20)}
    assert said == {"one x", "two x"}
    assert len({_say(folder, "utter_two", message_id="same", name="x") for _ in range(5)}) == 1


def test_conditions_choose_as_rasa_does(folder):
    assert _say(folder, "utter_conditional", {"member": True}) == "for members"
    assert _say(folder, "utter_conditional", {"member": False}) == "for everyone"


def test_a_response_that_is_nowhere_or_does_not_fit_is_an_error(folder):
    with pytest.raises(MissingResponse):
        _say(folder, "utter_nowhere")
    with pytest.raises(MissingResponse):
        _say(folder, "utter_only_members")


@pytest.mark.parametrize("values", [{}, {"name": None}])
def test_a_variable_without_a_value_is_an_error(folder, values):
    with pytest.raises(MissingVariable, match="utter_two: the variable name"):
        _say(folder, "utter_two", **values)


def test_a_value_is_never_read_as_a_variable(folder):
    assert _say(folder, "utter_two", {"secret": "hidden"}, name="{secret} {0}") in (
        "one {secret} {0}",
        "two {secret} {0}",
    )


def test_a_key_in_two_files_of_a_language_is_refused(folder):
    (folder / "zh" / "b.yml").write_text('responses:\n  utter_two:\n    - text: "x"\n', encoding="utf-8")
    with pytest.raises(DuplicateKey):
        LanguageResponseGenerator(folder)


@pytest.mark.parametrize(
    "payload", ['/choose{"number": "{number}", "all": true}', '/choose{{"number": "{number}", "all": true}}']
)
def test_a_value_in_a_payload_stays_one_json_value(payload):
    button = {"title": "Track {number}", "payload": payload}
    filled = fill({"text": "x", "buttons": [button]}, {"number": 'A"1'}, "utter_x")
    assert filled["buttons"] == [{"title": 'Track A"1', "payload": '/choose{"number": "A\\"1", "all": true}'}]


def test_variables_are_found_in_texts_and_buttons():
    variation = {"text": "{a} and {b}", "buttons": [{"title": "{c}", "payload": '/x{"e": "{d}"}'}]}
    assert variables(variation) == {"a", "b", "c", "d"}
