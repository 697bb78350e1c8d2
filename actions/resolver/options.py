"""What an option's value says: a colour with its lightness, a size with its rank, a number, a measure.

Values are the shop's own words; what they mean is read from them once and kept, so that "navy" answers to "blue", "a
dark one" and 藏青 alike, and 500 ml to "half a litre".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from actions.resolver.measures import Measure, measures_in
from actions.resolver.text import fold, stems_of
from actions.resolver.vocabulary import mapping, phrases, read


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour by its family ("blue") and its CIELAB lightness (0 black, 100 white). `plain` is the family's own name."""  # noqa: E501

    family: str
    lightness: float
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """What one value means. `terms` are its words as they are compared."""

    terms: tuple[str, ...]
    colour: Colour | None
    letter: str | None
    number: float | None
    measures: tuple[Measure, ...]
    rank: float | None
    """Where it stands among sizes; only values of one kind can be compared."""


LETTERS = ("3XS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "4XL", "5XL")
_DARK = frozenset(("dark", "deep", "navy", "深", "暗", "墨"))
_LIGHT = frozenset(("light", "pale", "soft", "pastel", "baby", "浅", "淡", "亮"))


@cache
def colour_terms() -> dict[tuple[str, ...], Colour]:
    """Every known colour word, as terms."""
    found: dict[tuple[str, ...], Colour] = {}
    for family, lightness, english, chinese in read("colours")["colours"]:
        for word in (*english, *chinese):
            plain = word in (family, "gray") or (word.isascii() is False and len(word.rstrip("色")) == 1)
            found.setdefault(stems_of(str(word)), Colour(family, float(lightness), plain))
    return found


@cache
def letter_terms() -> dict[tuple[str, ...], str]:
    """Every way to write a letter size, as terms."""
    return {
        stems_of(word): letter
        for letter, words in mapping("sizes").items()
        for word in [*words, *([letter] if letter != "ONE" else [])]
    }


@cache
def _rank_terms() -> dict[tuple[str, ...], float]:
    return {stems_of(word): float(rank) for rank, words in mapping("ranks").items() for word in words}


@lru_cache(maxsize=16384)
def colour_of(text: str) -> Colour | None:
    """The colour that a value or a title names: its longest colour word, darker or lighter as a word beside it says."""
    terms = stems_of(text)
    best: tuple[int, int] | None = None
    for size in range(min(5, len(terms)), 0, -1):
        for start in range(len(terms) - size, -1, -1):
            if terms[start : start + size] in colour_terms():
                best = (start, size)
                break
        if best:
            break
    if best is None:
        return None
    colour = colour_terms()[terms[best[0] : best[0] + best[1]]]
    beside = set(terms) - set(terms[best[0] : best[0] + best[1]])
    if beside & _DARK:
        return Colour(colour.family, colour.lightness * 0.55)
    if beside & _LIGHT:
        return Colour(colour.family, colour.lightness + (100 - colour.lightness) * 0.45)
    return colour


_NUMERIC = re.compile(
    r"(?:(?:eu|uk|us|cn|it|fr|de|au|size|w|l|尺码)\s*)?(\d{1,3}(?:[.,]5)?(?:\s*(?:1/2|½))?)\s*(?:码|号)?(?:\s*(?:eu|uk|us))?"
)


@lru_cache(maxsize=16384)
def value_in(option: str, text: str) -> Value:
    """What a value of the option called so means: "honey" and "espresso" are colours, but no flavour is."""
    meaning = value_of(text)
    return replace(meaning, colour=None) if meaning.colour and not _may_be_coloured(option) else meaning


@cache
def _may_be_coloured(option: str) -> bool:
    named = fold(option)
    return not any(
        word in (named.split() if word.isascii() else named) for word in map(str, read("values")["colourless"])
    )


@lru_cache(maxsize=16384)
def value_of(text: str) -> Value:
    """What an option's value means."""
    folded = fold(text).strip()
    terms = stems_of(text)
    measures = measures_in(text)
    letter = letter_terms().get(terms)
    if letter is None and terms and terms[-1] in ("码", "号"):
        letter = letter_terms().get(terms[:-1])
    if letter is None and "(" in folded:
        letter = letter_terms().get(stems_of(folded.split("(")[0]))
    numeric = _NUMERIC.fullmatch(folded)
    number = (
        float(numeric[1].replace(",", ".").replace("½", ".5").replace(" 1/2", ".5").replace(" .5", ".5"))
        if numeric
        else None
    )
    rank: float | None = None
    if letter in LETTERS:
        rank = float(LETTERS.index(letter))
    elif number is not None:
        rank = number
    elif measures:
        rank = measures[0].extent
    elif terms in _rank_terms():
        rank = _rank_terms()[terms]
    else:
        rank = next((r for known, r in _rank_terms().items() if terms[: len(known)] == known), None)
    return Value(terms, colour_of(text) if letter is None and number is None else None, letter, number, measures, rank)


@lru_cache(maxsize=16384)
def colour_likeness(asked: Colour, there: Colour) -> float:
    """How well a colour answers to the word of another, from 0 to 1."""
    if asked.family != there.family:
        if {asked.family, there.family} in (
            {"beige", "white"},
            {"beige", "brown"},
            {"grey", "silver"},
            {"gold", "yellow"},
        ):
            return 0.4 if abs(asked.lightness - there.lightness) < 14 else 0.0
        return 0.0
    if asked.plain:
        return 0.85
    return max(0.35, 0.95 - abs(asked.lightness - there.lightness) / 50)


@cache
def material_terms() -> dict[tuple[str, ...], int]:
    """Every known material word, as terms, with the number of its group."""
    return {stems_of(str(word)): number for number, group in enumerate(read("goods")["materials"]) for word in group}


@cache
def size_words() -> frozenset[tuple[str, ...]]:
    """Words that say a size follows or went before ("size", 码), as terms."""
    return frozenset(stems_of(word) for word in phrases("size_words"))


@lru_cache(maxsize=16384)
def materials_of(text: str) -> frozenset[int]:
    """The groups of materials that a text names."""
    terms = stems_of(text)
    found = set()
    for size in (1, 2, 3):
        for start in range(len(terms) - size + 1):
            group = material_terms().get(terms[start : start + size])
            if group is not None and (
                size > 1 or len(terms[start]) > 1 or ord(terms[start][0]) < 0x3400 or len(terms) < 5
            ):
                found.add(group)
    return frozenset(found)
