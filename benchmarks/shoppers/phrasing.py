"""Words of simulated shoppers, out of the phrasings' files, and what chance does to them on the way."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "phrasings"
_NUMBERS = {"en": ("zero", "one", "two", "three"), "zh": ("零", "一", "两", "三")}
_PLAIN_WORD = re.compile(r"\b[a-z]{5,}\b")


@lru_cache
def _phrases(language: str) -> Mapping[str, Any]:
    phrases: Mapping[str, Any] = yaml.safe_load((_FOLDER / f"{language}.yml").read_text("utf-8"))
    return phrases


class Phrasing:
    """Says things in a language, in one of the ways that the file has."""

    def __init__(self, language: str, rng: random.Random) -> None:
        self.language, self._rng = language, rng

    def __call__(self, key: str, **values: str) -> str:
        """One phrase of a list, filled in."""
        found: Any = _phrases(self.language)
        for part in key.split("."):
            found = found[part]
        phrase = str(self._rng.choice(found))
        if "{frame}" in phrase:
            phrase = phrase.replace("{frame}", str(self._rng.choice(_phrases(self.language)["frame"])))
        return phrase.format_map(values)

    def listed(self, names: Sequence[str]) -> str:
        """Names with commas, and a word before the last."""
        words = _phrases(self.language)["listing"]
        if len(names) < 2:
            return "".join(names)
        return str(words["separator"]).join(names[:-1]) + words["last"] + names[-1]

    def number(self, number: int) -> str:
        """A small number in words, or in digits."""
        return self._rng.choice((_NUMBERS[self.language][number], str(number)))

    def plural(self, name: str) -> str:
        """Several of it."""
        return (
            name if self.language == "zh" or name.endswith(("s", "oil", "coffee", "pasta", "granola")) else f"{name}s"
        )


def noisy(text: str, language: str, rng: random.Random, *, keep: Sequence[str] = ()) -> str:
    """The text as typed in a hurry: a typo, no capitals, no full stops. Words in `keep` and numbers stay readable."""
    kept = {word.lower() for phrase in keep for word in phrase.split()}
    chance = rng.random()
    if language == "en" and chance < 0.25:
        words = [match for match in _PLAIN_WORD.finditer(text) if match.group() not in kept]
        if words:
            match = rng.choice(words)
            text = text[: match.start()] + _typo(match.group(), rng) + text[match.end() :]
    if rng.random() < 0.2:
        text = text.lower() if not re.search(r"[A-Z]{2,}\d|\d", text) else text
    if rng.random() < 0.15:
        text = re.sub(r"(?<![\d])[.!?;。！？；](?=\s|$)", "", text)
    return text


def _typo(word: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(word) - 2)
    if rng.random() < 0.5:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + word[place + 1 :]
