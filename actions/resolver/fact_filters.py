"""Whether a product's record says that it is as somebody wants it: "works on induction", 不含酒精. Pure functions.

Yes and no are only said where the record says them; of what it does not speak of nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from actions.resolver.ages import age_range, ages_asked
from actions.resolver.asked_facts import Asked, Entry, concepts, names_concept, says_word
from actions.resolver.measures import Measure, measures_in
from actions.resolver.resolution import Span
from actions.resolver.text import fold, stems_of

_DENIES: Final = re.compile(
    r"\b(?:not?|non|without|never|cannot|can't|don't|doesn't|isn't|avoid|except|unless|only|un\w+|consult|ruin\w*|damag\w*|free|proof"
    r"|resistant|allerg\w*|hates?|dislikes?|zero)\b|n't\b|不|非|无|未|没|勿|免|零|避|禁|慎|忌|除|仅|只|咨询|损|防|过敏|低"
)
"""Words that deny, except or turn round what stands beside them: nothing is concluded from a text with one."""
_NONE: Final = re.compile(r"^\W*(?:no|none|zero|0|无|无添加|不含|没有|否)(?:[\s.,，。;；]|$|添加)")
_YES: Final = re.compile(r"^\W*(?:yes|true|fully|是|可以?|支持|有|能)(?:[\s.,，。;；、]|$|用|入|机)")
_WITHOUT: Final = re.compile(r"\b(?:without|no|not|free of)\s+(?:any\s+)?$|(?:不含|不带|没有|无|不要|不加)$")
_FREE: Final = re.compile(r"^[\s-]*free\b|^[^，。]{0,2}的?(?:不要|除外)")
_CAREFUL: Final = frozenset({"ingredients", "pregnancy", "safety", "caffeine"})
"""Of these the record itself is told, and nothing concluded: a wrong yes may hurt somebody."""
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
    folded = fold(text)
    place = folded.find(word)
    if place < 0:
        return False
    return _WITHOUT.search(folded[:place]) is not None or _FREE.search(folded[place + len(word) :]) is not None


def fit_of(asked: Asked, text: str, entries: Sequence[Entry]) -> Fit | None:
    """Whether a product is as wanted, by what its record plainly says of it; None where it does not.

    What may hurt somebody (ingredients, pregnancy) and whatever is denied or excepted in the record decides nothing.
    """
    if not _CAREFUL.isdisjoint(asked.concepts):
        return None
    measures = [each for each in measures_in(text) if len(each.amounts) == 1 and each.dimension != "age"]
    if not measures and "persons" in asked.concepts:
        # "Which tent sleeps 8?"
        measures = [Measure("persons", (float(said[0]),), Span(*said.span())) for said in _BARE.finditer(fold(text))]
    counted = " ".join(fold(text)[each.span.start : each.span.end] for each in measures)
    words = [each for each in (*asked.words, *asked.left) if not says_word(counted, each)]
    fits = [fit for months in ages_asked(text) if (fit := _of_age(months, entries)) is not None]
    fits += [fit for wanted in measures if (fit := _of_measure(wanted, entries)) is not None]
    fits += [fit for word in words if (fit := _of_word(word, text, entries)) is not None]
    if not fits:
        return None
    return next((each for each in fits if not each.yes), fits[0])


def _of_word(word: str, text: str, entries: Sequence[Entry]) -> Fit | None:
    """What an entry plainly says of a word: yes, or no; facts and options before sentences."""
    rest = fold(text).replace(word, " ")
    if _DENIES.search(word):
        return None
    none_wanted = wants_none(text, word)
    if not none_wanted and _DENIES.search(rest):
        return None
    for entry in sorted(entries, key=lambda each: each.kind == "sentence"):
        has = _has(entry, word)
        if has is not None:
            return Fit(has != none_wanted, entry)
    return None


def _has(entry: Entry, word: str) -> bool | None:
    """Whether an entry says that there is something; None where it does not speak of it plainly."""
    value, name = fold(entry.value), fold(entry.name.replace("_", " "))
    named = entry.kind != "sentence" and (
        says_word(name, word) or any(names_concept(entry.name, each) for each in _one_sense(word))
    )
    if named and not _DENIES.search(name):
        if _NONE.search(value):
            return False
        if _YES.search(value) and not _DENIES.search(value):
            return True
    if _DENIES.search(value) or _DENIES.search(name):
        return None
    apart = f"{value} {name}" if any(says_word(value, each) for each in stems_of(word)) else value
    return True if says_word(apart, word) else None


@cache
def _one_sense(word: str) -> tuple[str, ...]:
    """The concepts of a word all of whose words ask the same."""
    return tuple(
        key
        for key, each in concepts().items()
        if each.get("one_sense") and word in {fold(str(phrase)) for phrase in each["asked"]}
    )


def _of_age(months: int, entries: Sequence[Entry]) -> Fit | None:
    """Whether somebody of an age is among those that it is for."""
    about = [each for each in entries if each.kind != "sentence" and names_concept(each.name, "age")]
    ranges = [(each, *of) for each in about if (of := age_range(each.value)) is not None]
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
