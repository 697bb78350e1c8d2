"""The shop's own assistant: its files fit together, in every language."""

import subprocess
import sys
from pathlib import Path

import pytest
from components.importer import DEFAULT_LANGUAGE, read_responses
from components.responses import variables
from rasa.shared.importers.importer import TrainingDataImporter

BOT = Path(__file__).resolve().parents[3] / "bot"
LANGUAGES = sorted(path.name for path in (BOT / "responses").iterdir() if path.is_dir())
OTHERS = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]


def _responses(language):
    return read_responses(BOT / "responses" / language)


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_the_same_things(language):
    assert set(_responses(language)) == set(_responses(DEFAULT_LANGUAGE))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_files(language):
    files = {path.name for path in (BOT / "responses" / language).glob("*.yml")}
    assert files == {path.name for path in (BOT / "responses" / DEFAULT_LANGUAGE).glob("*.yml")}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_uses_the_same_variables_under_the_same_conditions(language):
    def needs(responses, name):
        return {(str(variation.get("condition")), tuple(sorted(variables(variation)))) for variation in responses[name]}

    default, other = _responses(DEFAULT_LANGUAGE), _responses(language)
    differing = [name for name in default if needs(default, name) != needs(other, name)]
    assert differing == []


def test_every_response_has_words_in_every_variation():
    for language in LANGUAGES:
        for name, variations in _responses(language).items():
            assert all(str(variation.get("text", "")).strip() for variation in variations), (language, name)


def test_every_button_names_an_intent_and_entities_of_the_domain():
    from components.responses import fill
    from runtime.turns import parse_payload

    domain = TrainingDataImporter.load_from_config(str(BOT / "config.yml")).get_domain()
    for language in LANGUAGES:
        for name, variations in _responses(language).items():
            for variation in variations:
                filled = fill(variation, dict.fromkeys(variables(variation), "1"), name)
                for button in filled.get("buttons", []):
                    parse_payload(button["payload"], domain)


def test_rasa_finds_nothing_to_warn_about_in_the_data(tmp_path):
    run = subprocess.run(
        [
            *(sys.executable, "-c", "import environment; from rasa.__main__ import main; main()"),
            *("data", "validate", "--fail-on-warnings", "--config", "config.yml"),
            *("--domain", "domain", "--data", "rules", "../data/nlu"),
        ],
        cwd=BOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in (run.stdout + run.stderr).splitlines() if line.strip()]
    assert run.returncode == 0, "\n".join(said[-40:])


def test_a_conversation_never_expires_by_rasas_clock():
    domain = TrainingDataImporter.load_from_config(str(BOT / "config.yml")).get_domain()
    assert domain.session_config.are_sessions_enabled() is False
