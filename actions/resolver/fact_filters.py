"""Whether a product's record says that it is as somebody wants it: "works on induction", 不含酒精. Pure functions.

Yes and no are only said where the record says them; of what it does not speak of nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from actions.resolver.ages import age_ranges, ages_in
from actions.resolver.asked_facts import Asked, Entry, concepts, names_concept, says_word
from actions.resolver.measures import Measure, measures_in
from actions.resolver.resolution import Span
from actions.resolver.text import HAN, fold, stems_of

_DENIES_EN: Final = re.compile(
    r"(?:\b(?:not|no|non|without|never|cannot|free of|zero|avoid)|n't)\b[\s-]*(?:[\w%-]+[\s-]+){0,2}$"
)
_FREE_EN: Final = re.compile(r"^[\s-]*free\b")
_DENIES_HAN: Final = re.compile(r"(?:不|非|无|未|没|勿|免|零|避免)[^，。；、]{0,3}$")
_NO: Final = re.compile(r"^\W*(?:no|none|not|never|without|n/a|不|无|否|没有|未)(?![a-z])")
_UP_TO: Final = re.compile(r"\b(?:up to|under|max\w*|at most|below)\b|以内|以下|最[大多]|不超过")
_HOLDS: Final = {"persons": ("persons", "capacity"), "mass": ("limit", "breed")}
"""Of these more is as good as what is wanted, where a fact tells what is held: a tent for eight holds six."""
_BARE: Final = re.compile(r"(?<![\d.#$£€¥])\d{1,2}(?![\d.%])")


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the record says yes or no, and the entry that says so."""

    yes: bool
    entry: Entry


def wants_none(text: str, word: str) -> bool:
    """Whether a message wants a thing without what `word` says: "without fragrance", "fragrance-free", 不含酒精."""
    return _polarity(fold(text), word) is False


def fit_of(asked: Asked, text: str, entries: Sequence[Entry]) -> Fit | None:
    """Whether a product is as wanted, by all that its record says of it; None where it says nothing."""
    measures = [each for each in measures_in(text) if len(each.amounts) == 1 and each.dimension != "age"]
    if not measures and "persons" in asked.concepts:
        # "Which tent sleeps 8?"
        measures = [Measure("persons", (float(said[0]),), Span(*said.span())) for said in _BARE.finditer(fold(text))]
    counted = " ".join(fold(text)[each.span.start : each.span.end] for each in measures)
    words = [each for each in (*asked.words, *asked.left) if not says_word(counted, each)]
    fits = [fit for low, _ in ages_in(text) if (fit := _of_age(low, entries)) is not None]
    fits += [fit for wanted in measures if (fit := _of_measure(wanted, entries)) is not None]
    fits += [fit for word in words if (fit := _of_word(word, text, asked, entries)) is not None]
    if not fits:
        return None
    return next((each for each in fits if not each.yes), fits[0])


def _of_word(word: str, text: str, asked: Asked, entries: Sequence[Entry]) -> Fit | None:
    none_wanted = wants_none(text, word)
    found: Fit | None = None
    for entry in sorted(entries, key=lambda each: each.kind == "sentence"):
        has = _has(entry, word, asked)
        if has is None:
            continue
        found = Fit(has != none_wanted, entry)
        if found.yes:
            return found
    return found


def _has(entry: Entry, word: str, asked: Asked) -> bool | None:
    """Whether an entry says that there is something; None where it does not speak of it."""
    value = fold(entry.value)
    said = _polarity(value, word)
    if said is None and any(says_word(value, each) for each in stems_of(word)):
        # "Sensitive skin" of a skin type "dry and sensitive".
        said = _polarity(f"{value} {fold(entry.name)}", word)
    if said is not None:
        return said and not (entry.kind == "fact" and _NO.match(value) is not None)
    named = entry.kind != "sentence" and (
        says_word(fold(entry.name), word)
        or any(names_concept(entry.name, each) for each in asked.concepts if _asks_only(each, word))
    )
    if not named:
        return None
    if _NO.match(value):
        return False
    return True if _is_yes(value) else None


def _is_yes(value: str) -> bool:
    return re.match(r"^\W*(?:yes|true|safe|fully|是|可|支持|有|能|全)", value) is not None


@cache
def _asks_only(concept: str, word: str) -> bool:
    return bool(concepts()[concept].get("one_sense")) and any(
        fold(str(each)) == word for each in concepts()[concept]["asked"]
    )


def _polarity(text: str, word: str) -> bool | None:
    """Whether a folded text has a word and does not deny it; None where it does not have it."""
    if not says_word(text, word):
        return None
    if re.search(f"[{HAN}]", word):
        places = [text.find(word[at : at + 2]) for at in range(max(1, len(word) - 1)) if word[at : at + 2] in text]
        return not any(_DENIES_HAN.search(text[:place]) for place in places[:1])
    first = stems_of(word)[0]
    found = re.search(rf"(?<![a-z0-9]){re.escape(first)}\w*", text)
    denied = found and (_DENIES_EN.search(text[: found.start()]) or _FREE_EN.search(text[found.end() :]))
    return not denied


def _of_age(months: float, entries: Sequence[Entry]) -> Fit | None:
    """Whether somebody of an age is among those that it is for."""
    about = [each for each in entries if each.kind != "sentence" and names_concept(each.name, "age")]
    ranges = [(each, low, high) for each in about for low, high in age_ranges(each.value)]
    within = next((each for each, low, high in ranges if low <= months <= high), None)
    return Fit(within is not None, within or ranges[0][0]) if ranges else None


def _of_measure(wanted: Measure, entries: Sequence[Entry]) -> Fit | None:
    """Whether an amount fits: so many people or pounds at least, else the very amount."""
    size = wanted.amounts[0]
    names = _HOLDS.get(wanted.dimension)
    said: Fit | None = None
    for entry in sorted(entries, key=lambda each: each.kind != "option"):
        about = entry.kind == "option" or (names is not None and any(names_concept(entry.name, each) for each in names))
        if entry.kind == "sentence" or (names is not None and not about):
            continue
        for low, high in _ranges(entry.value, wanted.dimension, exact=entry.kind == "option"):
            if low <= size * 1.001 and size <= high * 1.001:
                return Fit(True, entry)
            said = said or (Fit(False, entry) if names is not None else None)
    return said


def _ranges(value: str, dimension: str, *, exact: bool) -> list[tuple[float, float]]:
    """From and to of the amounts that an entry tells of a dimension: what holds up to 15 lb holds less."""
    holds = not exact and (dimension in _HOLDS or _UP_TO.search(fold(value)) is not None)
    measures = [each for each in measures_in(value) if each.dimension == dimension]
    return [(0.0 if holds and len(each.amounts) == 1 else each.amounts[0], each.amounts[-1]) for each in measures]


__all__ = ["Fit", "fit_of", "wants_none"]
