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
_UP_TO: Final = re.compile(r"(?:^|\b)\W*(?:up to|under|below|不超过)|以[下内]", re.IGNORECASE)
_FROM_BIRTH: Final = re.compile(r"\b(?:birth|newborns?)\b|出生|新生", re.IGNORECASE)
_NOT_FOR: Final = re.compile(
    r"\b(?:not|no|never|unsuitable|avoid|don['’]?t)\b|禁|不适|不宜|不可|不能|不要|慎|勿|非", re.IGNORECASE
)
_HAN_DIGITS: Final = {
    "一": "1",
    "两": "2",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
_HAN_AGE: Final = re.compile(r"(?<![十百一二三四五六七八九])([一两二三四五六七八九])(?=周?岁|个多?月)")
_WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORD_AGE: Final = re.compile(rf"\b({'|'.join(_WORDS)})(?=[ -](?:year|month|yr)s?\b)")
_HALF: Final = re.compile(r"半岁|\bhalf a year old\b")
_MONTHS: Final = re.compile(r"(?<![\d.])(\d{1,2})\s*(?:个多?月|months?\b|mths?\b)")
_YEAR: Final = 12
NO_END: Final = 12 * 99


def ages_said(text: str) -> list[int]:
    """The ages that a message says somebody has: "a 2 year old", "turning 3", 三岁."""
    said = _in_figures(text)
    if _AGED.search(said) is None:
        return []
    found = []
    for each in _OLD.finditer(said):
        number = int(each["number"] or each["turning"])
        found.append(number if each["months"] else number * _YEAR)
    return found


def ages_asked(text: str) -> list[int]:
    """The same where it is asked of something whether it suits: bare months count, too ("5个月能坐吗")."""
    return ages_said(text) or [int(each[1]) for each in _MONTHS.finditer(_in_figures(text))]


def age_range(value: str) -> tuple[int, int] | None:
    """The ages for which something is made: "18 months and up", 6个月至4岁, 3岁以下禁用; None where a text tells none.

    What is not for some tells for whom it is only where it is those below an age that it is not for.
    """
    folded = _in_figures(value)
    said = _RANGE.search(folded)
    if said is None:
        return None
    low, high = int(said["low"]), said["high"]
    in_months = said["m1"] or (not said["y1"] and said["m2"])
    first = low if in_months else low * _YEAR
    if _NOT_FOR.search(folded):
        return (first, NO_END) if high is None and _UP_TO.search(folded) else None
    if high is None:
        return (0, first) if _UP_TO.search(folded) or _FROM_BIRTH.search(folded) else (first, NO_END)
    return first, int(high) * (1 if said["m2"] else _YEAR)


def _in_figures(text: str) -> str:
    """A folded text with its ages in figures: two year old, 三岁, 半岁."""
    figures = _HALF.sub("6个月大", fold(text))
    figures = _HAN_AGE.sub(lambda said: _HAN_DIGITS[said[1]], figures)
    return _WORD_AGE.sub(lambda said: str(_WORDS.index(said[1]) + 1), figures)


__all__ = ["NO_END", "age_range", "ages_asked", "ages_said"]
