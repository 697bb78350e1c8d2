"""The shop's own words in the place of the repository's, as long as they fit."""

import asyncio

import pytest
from channels.problems import InvalidTurn
from channels.turn_request import read_turn_request
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from runtime.wording import WordedResponseGenerator, worded

RESPONSES = """responses:
  utter_hello:
    - text: "Hello {name}!"
      buttons:
        - title: "Track"
          payload: "/track_order"
  utter_two:
    - text: "one"
    - text: "two"
"""


@pytest.fixture
def generator(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.yml").write_text(RESPONSES, encoding="utf-8")
    return WordedResponseGenerator(tmp_path)


def _say(generator, response, wordings, **values):
    tracker = DialogueStateTracker("chat:1", [AnySlot("language", mappings=[{}])])
    tracker.update(SlotSet("language", "en"))
    tracker.update(UserUttered("hi", message_id="m1"))

    async def say():
        with worded(wordings):
            return await generator.generate(response, tracker, "gateway", **values)

    return asyncio.run(say())


def test_new_words_keep_values_and_buttons(generator):
    said = _say(generator, "utter_hello", {"en": {"utter_hello": ["Good day, {name}."]}}, name="Li")
    assert said["text"] == "Good day, Li."
    assert said["buttons"] == [{"title": "Track", "payload": "/track_order"}]
    assert _say(generator, "utter_hello", {}, name="Li")["text"] == "Hello Li!"
    assert _say(generator, "utter_hello", {"zh": {"utter_hello": ["您好"]}}, name="Li")["text"] == "Hello Li!"


@pytest.mark.parametrize("texts", [["Dear {stranger}"], ["one", "two"], []])
def test_words_that_do_not_fit_any_more_are_left_out(generator, texts):
    assert _say(generator, "utter_hello", {"en": {"utter_hello": texts}}, name="Li")["text"] == "Hello Li!"


def test_each_variation_has_its_own(generator):
    said = _say(generator, "utter_two", {"en": {"utter_two": ["eins", "zwei"]}})["text"]
    before = _say(generator, "utter_two", {})["text"]
    assert said == {"one": "eins", "two": "zwei"}[before]
    assert generator.texts() == {"en": {"utter_hello": ["Hello {name}!"], "utter_two": ["one", "two"]}}


def test_a_request_brings_words_of_our_languages_alone():
    body = {"sender_id": "c:1", "message_id": "m", "input": {"text": "hi"}}
    assert read_turn_request(body).wordings == {}
    words = {"en": {"utter_two": ["eins", None]}}
    assert read_turn_request({**body, "wordings": words}).wordings == words
    for wrong in ({"fr": {}}, {"en": {"utter_two": "eins"}}, {"en": {"utter_two": [""]}}):
        with pytest.raises(InvalidTurn):
            read_turn_request({**body, "wordings": wrong})
