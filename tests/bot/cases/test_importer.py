"""The importer joins topic folders and refuses what Rasa would silently drop."""

import shutil

import pytest
from components.importer import DuplicateKey, MisplacedSection, TopicImporter, join_files, read_responses
from conftest import ASSISTANT
from rasa.shared.importers.importer import TrainingDataImporter


@pytest.fixture
def assistant(tmp_path):
    return shutil.copytree(ASSISTANT, tmp_path / "assistant")


def test_the_config_brings_domain_responses_rules_and_both_languages_together(assistant):
    importer = TrainingDataImporter.load_from_config(str(assistant / "config.yml"))
    domain = importer.get_domain()
    assert {"track_order", "greet"} <= set(domain.intents)
    assert domain.responses["utter_greet"][0]["text"] == "Hello!"
    assert domain.session_config.are_sessions_enabled() is False
    assert "track_form" in domain.form_names
    texts = {message.get("text") for message in importer.get_nlu_data().intent_examples}
    assert {"hello", "你好"} <= texts
    assert len(importer.get_stories().story_steps) == 7


@pytest.mark.parametrize(
    ("folder", "section", "content"),
    [
        ("responses/en", "responses.utter_greet", 'responses:\n  utter_greet:\n    - text: "Again"\n'),
        ("domain", "slots.order_number", "slots:\n  order_number:\n    type: text\n    mappings: [{type: custom}]\n"),
        ("domain", "forms.track_form", "forms:\n  track_form:\n    required_slots: []\n"),
    ],
)
def test_a_key_in_two_files_is_refused_and_both_files_named(assistant, folder, section, content):
    (assistant / folder / "zz_second.yml").write_text(content, encoding="utf-8")
    with pytest.raises(DuplicateKey) as refused:
        TopicImporter(config_file=str(assistant / "config.yml")).get_domain()
    message = str(refused.value)
    assert section in message
    assert str(assistant / folder / "orders.yml") in message
    assert str(assistant / folder / "zz_second.yml") in message


def test_the_same_key_in_two_languages_is_meant(assistant):
    assert set(read_responses(assistant / "responses" / "en")) == set(read_responses(assistant / "responses" / "zh"))


def test_responses_in_the_domain_folder_are_refused(assistant):
    (assistant / "domain" / "extra.yml").write_text('responses:\n  utter_x:\n    - text: "x"\n', encoding="utf-8")
    with pytest.raises(MisplacedSection, match="responses"):
        TopicImporter(config_file=str(assistant / "config.yml")).get_domain()


def test_slots_in_the_responses_folder_are_refused(assistant):
    (assistant / "responses" / "en" / "extra.yml").write_text("slots: {}\n", encoding="utf-8")
    with pytest.raises(MisplacedSection, match=r"extra\.yml has 'slots'"):
        read_responses(assistant / "responses" / "en")


def test_a_file_that_is_no_mapping_is_refused(tmp_path):
    (tmp_path / "a.yml").write_text("- x\n", encoding="utf-8")
    with pytest.raises(MisplacedSection, match=r"a\.yml"):
        join_files(tmp_path)
