"""Both languages have the same words to fill in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from actions.wording import LANGUAGES, locale_words

PROJECT = Path(__file__).resolve().parents[2]


def flat(words: Any, path: str = "") -> dict[str, str]:
    if isinstance(words, dict):
        return {key: text for name, part in words.items() for key, text in flat(part, f"{path}.{name}").items()}
    return {path: str(words)}


def variables(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_locale_files_have_equal_keys_and_variables() -> None:
    words = {language: flat(locale_words(language)) for language in LANGUAGES}
    assert words["en"].keys() == words["zh"].keys()
    assert {key for key in words["en"] if variables(words["en"][key]) != variables(words["zh"][key])} == set()


def test_responses_have_equal_keys_variables_and_buttons() -> None:
    def load(language: str) -> dict[str, Any]:
        return {
            key: variations
            for path in sorted((PROJECT / "bot/responses" / language).glob("*.yml"))
            for key, variations in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items()
        }

    english, chinese = load("en"), load("zh")
    assert english.keys() == chinese.keys()
    for key, variations in english.items():
        pairs = zip(variations, chinese[key], strict=True)
        for one, other in pairs:
            assert variables(one["text"]) == variables(other["text"]), key
            payloads = [[button["payload"] for button in each.get("buttons", [])] for each in (one, other)]
            assert payloads[0] == payloads[1], key
