"""Ages as people and shops write them, in months: "a 4 month old", "6 months to 4 years", 3岁以上, "ages 3-6". Pure."""

from __future__ import annotations

import re
from typing import Final

from actions.resolver.text import fold

Range = tuple[float, float]

_MONTHS: Final = r"(?:months?|mos?\b|mths?|m/o|个?月龄?)"
_YEARS: Final = r"(?:years?|yrs?|y/?o\b|周岁|岁)"
_AGE: Final = re.compile(
    rf"(?<![\d.#$£€¥])(?P<low>\d{{1,3}}(?:\.\d)?)\s*\+?(?:[\s-]*(?P<of_low>{_MONTHS}|{_YEARS}))?"
    rf"(?:\s*(?:-|–|~|to|and|至|到)\s*(?P<high>\d{{1,3}})(?![\d.])(?:[\s-]*(?P<of_high>{_MONTHS}|{_YEARS}))?)?"
)
_AND_UP: Final = re.compile(r"\b(?:from|over|at least|and up|or older|older)\b|以上|起|\+")
_UP_TO: Final = re.compile(r"\b(?:up to|under|until|below)\b|以下|以内|不超过")


def ages_in(text: str, *, bare: bool = False) -> list[Range]:
    """The ages that a text tells, each from and to in months; what says one age from and to is the same.

    `bare`: numbers without a unit are years, as under a heading that says "age".
    """
    folded = fold(text)
    found: list[Range] = []
    for match in _AGE.finditer(folded):
        of_low = match["of_low"] or match["of_high"] or ""
        of_high = match["of_high"] or of_low
        if not of_low and not bare:
            continue
        low = float(match["low"]) * _factor(of_low)
        high = float(match["high"]) * _factor(of_high) if match["high"] else low
        found.append((low, high))
    return found


def age_ranges(text: str) -> list[Range]:
    """For which ages something is, by its record: "from 3 months" has no end, "up to 4 years" no beginning."""
    folded = fold(text)
    ages = ages_in(folded, bare=True)
    if len(ages) == 1 and ages[0][0] == ages[0][1]:
        if _UP_TO.search(folded):
            return [(0.0, ages[0][1])]
        if _AND_UP.search(folded):
            return [(ages[0][0], float("inf"))]
    return ages


def _factor(unit: str) -> float:
    return 1.0 if unit.startswith(("m", "个", "月")) else 12.0


__all__ = ["age_ranges", "ages_in"]
