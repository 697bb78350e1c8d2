"""Measures as people and shops write them: "500ml", "half a litre", 256G, "160 x 230 cm", 两米; made comparable.

A measure is a dimension and its amounts in one base unit: millilitres, grams, millimetres, megabytes, watts, volts,
milliampere-hours, or a plain count. The factors are those of the SI brochure and NIST SP 811 (inch, foot, ounce and
pound as defined in 1959; the US fluid ounce); a Chinese 斤 is 500 g. A 寸 on goods is an inch, and so a 尺 is a foot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from actions.resolver.numbers import HAN_NUMBER, number_pattern, parse_number
from actions.resolver.resolution import Span
from actions.resolver.text import HAN, fold
from actions.resolver.vocabulary import mapping, phrases

_BASE = {
    "millilitre": ("volume", 1.0),
    "centilitre": ("volume", 10.0),
    "litre": ("volume", 1000.0),
    "fluid_ounce": ("volume", 29.5735),
    "gram": ("mass", 1.0),
    "kilogram": ("mass", 1000.0),
    "jin": ("mass", 500.0),
    "liang": ("mass", 50.0),
    "ounce": ("mass", 28.3495),
    "pound": ("mass", 453.592),
    "millimetre": ("length", 1.0),
    "centimetre": ("length", 10.0),
    "metre": ("length", 1000.0),
    "inch": ("length", 25.4),
    "foot": ("length", 304.8),
    "megabyte": ("data", 1.0),
    "gigabyte": ("data", 1024.0),
    "terabyte": ("data", 1024.0 * 1024.0),
    "watt": ("power", 1.0),
    "kilowatt": ("power", 1000.0),
    "milliampere_hour": ("charge", 1.0),
    "volt": ("voltage", 1.0),
    "piece": ("count", 1.0),
    "seat": ("seats", 1.0),
    "person": ("persons", 1.0),
    "year": ("age", 12.0),
    "month": ("age", 1.0),
}
TOLERANCE = 0.02
"""How far two measures may differ and still be called the same: rounding between unit systems."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension and its amounts in the base unit, in the order written. `span` is where it stood."""

    dimension: str
    amounts: tuple[float, ...]
    span: Span

    def equals(self, other: Measure) -> bool:
        """Whether both are the same measure, but for rounding; the order of sides does not matter."""
        if self.dimension != other.dimension or len(self.amounts) != len(other.amounts):
            return False
        pairs = zip(sorted(self.amounts), sorted(other.amounts), strict=True)
        return all(abs(a - b) <= TOLERANCE * max(a, b) for a, b in pairs)

    @property
    def extent(self) -> float:
        """One number to order by: the product of the sides."""
        product = 1.0
        for amount in self.amounts:
            product *= amount
        return product


@cache
def _units() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for unit, words in mapping("units").items():
        for word in words:
            units = found.setdefault(fold(word).lstrip("-"), [])
            if unit not in units:
                units.append(unit)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in sorted(_units(), key=len, reverse=True))
    number = number_pattern()
    half = "|".join(map(re.escape, phrases("half_words")))
    tail = r"(?![a-z0-9])"
    return re.compile(
        rf"(?<![\w.])(?P<a>\d+(?:\.\d+)?)\s*(?P<ua>mm|cm|m|厘米|公分|米|毫米|in|inch|inches|\")?\s*(?:x|\*|by|乘)\s*"
        rf"(?P<b>\d+(?:\.\d+)?)\s*(?:mm|cm|m(?![a-z]))?(?:\s*(?:x|\*|by|乘)\s*(?P<c>\d+(?:\.\d+)?))?"
        rf"\s*(?P<side>mm|cm|m|厘米|公分|米|毫米|inch(?:es)?|(?<=\d)in|\")?{tail}"
        rf"|(?<![a-z0-9.#])(?P<lo>\d+)\s*(?:-|to|至|到|~)\s*(?P<hi>\d+)[\s-]*(?P<range>{units}){tail}"
        rf"|(?<![a-z0-9.#])(?:(?P<half>{half})\s*(?:an?\s+)?|(?P<number>{number})\s*(?P<and>(?:and )?a half\s*)?)"
        rf"[\s-]?(?P<unit>{units})(?P<halved>半)?{tail}"
    )


@cache
def _quick() -> re.Pattern[str]:
    """What a text with a measure must contain: a digit, or a number's word before a unit is rare enough to look."""
    return re.compile(rf"\d|{HAN_NUMBER}|half|半|one |two |three |four |five |six |seven |eight |nine |ten |a ")


@lru_cache(maxsize=8192)
def measures_in(text: str) -> tuple[Measure, ...]:
    """The measures in `text`. A unit with two meanings (256G) gives two measures with the same span."""
    folded = fold(text)
    if not _quick().search(folded):
        return ()
    found: list[Measure] = []
    for match in _pattern().finditer(folded):
        span = Span(match.start(), match.end())
        if match["a"]:
            unit = match["side"] or match["ua"] or "cm"
            factor = _BASE[next(u for u in _units().get(unit, ["centimetre"]) if _BASE[u][0] == "length")][1]
            sides = tuple(float(match[side]) * factor for side in "abc" if match[side])
            found.append(Measure("length", sides, span))
            continue
        if match["range"]:
            for unit in _units()[match["range"]]:
                dimension, factor = _BASE[unit]
                found.append(Measure(dimension, (float(match["lo"]) * factor, float(match["hi"]) * factor), span))
            continue
        amount = 0.5 if match["half"] else parse_number(match["number"] or "")
        if amount is None:
            continue
        if match["and"] or match["halved"]:
            amount += 0.5
        for unit in _units()[match["unit"]]:
            if _is_word_of_its_own(match, unit):
                continue
            dimension, factor = _BASE[unit]
            found.append(Measure(dimension, (amount * factor,), span))
    return tuple(found)


def _is_word_of_its_own(match: re.Match[str], unit: str) -> bool:
    """Whether the "unit" is rather another word: "two in blue", 两个人, "3 people", "one y"."""
    word, number = match["unit"], match["number"] or ""
    spaced = match.group()[: match.end() - match.start()].rstrip().endswith(" " + word)
    if word in ("in", "y", "c", "ct") and (spaced or not number[:1].isdigit()):
        return True
    if word in ("m", "l", "g", "w", "v") and not number[:1].isdigit():
        return True
    if len(word) <= 2 and word.isascii() and not number[:1].isdigit() and not spaced:
        # "Tent" is no ten terabytes.
        return True
    if unit in ("person", "month", "liang", "foot", "inch") and not number[:1].isdigit() and re.match(f"[{HAN}]", word):
        return unit != "foot" and unit != "inch"
    return word in ("pieces", "count", "bags", "tablets", "pods", "片") and not number[:1].isdigit()
