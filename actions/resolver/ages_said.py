"""Ages, of who is to have something and of who a product is made for, in months. Pure."""

from __future__ import annotations

import re
from typing import Final

from actions.resolver.text import fold

_UNIT: Final = r"(?:(?P<months>months?|mos?\b|mths?|个?月)|(?P<years>years?|yrs?|y/?o\b|y\b|周?岁))"
_OLD: Final = re.compile(
    rf"(?P<number>\d{{1,2}})[- ]?{_UNIT}(?:[- ]?olds?)?"
    r"|\b(?:turn(?:s|ing|ed)?|aged?|just) (?P<turning>\d{1,2})\b"
    r"(?! ?(?:%|items?|pieces?|dollars?|bucks|pounds|euros?))",
    re.IGNORECASE,
)
_AGED: Final = re.compile(
    r"\bolds?\b|\by/?o\b|\d\s?yo\b|\bturn(?:s|ing|ed)?\b|\baged?\b"
    r"|\b(?:boy|girl|kid|child|son|daughter|nephew|niece|baby)\b|岁|个月大|个月的?(?:宝|娃|孩)",
    re.IGNORECASE,
)
_FIRST: Final = _UNIT.replace("months>", "m1>").replace("years>", "y1>")
_SECOND: Final = _UNIT.replace("months>", "m2>").replace("years>", "y2>")
_RANGE: Final = re.compile(
    rf"(?P<low>\d{{1,2}})\s?\+?\s?(?:{_FIRST})?(?:\s?(?:to|-|–|~|至|到)\s?(?P<high>\d{{1,2}})\s?(?:{_SECOND})?)?",
    re.IGNORECASE,
)
_UP_TO: Final = re.compile(r"^\W*(?:up to|under|below|不超过)|以[下内]", re.IGNORECASE)
_YEAR: Final = 12
NO_END: Final = 12 * 99


def ages_said(text: str) -> list[int]:
    """The ages that a message says somebody has: "a 2 year old", "turning 3", 六个月 in figures."""
    said = fold(text)
    if _AGED.search(said) is None:
        return []
    found = []
    for each in _OLD.finditer(said):
        number = int(each["number"] or each["turning"])
        found.append(number if each["months"] else number * _YEAR)
    return found


def age_range(value: str) -> tuple[int, int] | None:
    """The ages for which something is made: "18 months and up", 6个月至4岁; None where a text tells none."""
    said = _RANGE.search(fold(value))
    if said is None:
        return None
    low, high = int(said["low"]), said["high"]
    in_months = said["m1"] or (not said["y1"] and said["m2"])
    first = low if in_months else low * _YEAR
    if high is None:
        return (0, first) if _UP_TO.search(fold(value)) else (first, NO_END)
    return first, int(high) * (1 if said["m2"] else _YEAR)


__all__ = ["NO_END", "age_range", "ages_said"]
