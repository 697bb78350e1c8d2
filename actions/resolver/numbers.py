"""Numbers as people write them: digits, English and Chinese words."""

from __future__ import annotations

import re
from functools import cache

from actions.resolver.vocabulary import mapping

_HAN_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
HAN_NUMBER = "[零一二两三四五六七八九十百千万]+"


@cache
def _words() -> dict[str, int]:
    return {
        word: int(value)
        for value, words in mapping("numbers").items()
        for word in words
        if word.isascii() and " " not in word and word != "couple"
    }


@cache
def number_pattern() -> str:
    """A regular expression, without groups, for a number in digits or words."""
    words = "|".join(sorted(_words(), key=len, reverse=True))
    return rf"(?:\d+(?:[.,]\d+)*|{HAN_NUMBER}|(?:{words})(?:(?:[ -]| and )(?:{words}))*)"


def parse_number(text: str) -> float | None:
    """The number that `text` (folded) is, or None. `12,50` is twelve and a half, `1,200` twelve hundred."""
    text = text.strip()
    if re.fullmatch(r"\d+(?:[.,]\d+)*", text):
        return _digits(text)
    if re.fullmatch(HAN_NUMBER, text):
        return float(_han(text))
    return _english(re.split(r"[ -]+(?:and )?", text))


def _digits(text: str) -> float | None:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+", text):
        text = text.replace(".", "").replace(",", ".")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None


def _han(text: str) -> int:
    """两百五 is 250: a digit after a unit and at the end counts for the next smaller unit."""
    total = section = digit = 0
    last_unit = 1
    for position, character in enumerate(text):
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
            if position == len(text) - 1 and last_unit >= 100 and text[position - 1] != "零":
                digit *= last_unit // 10
                last_unit = 1
            if position and text[position - 1] in _HAN_DIGITS and text[position - 1] != "零":
                section, digit = 0, int("".join(str(_HAN_DIGITS.get(c, "")) for c in text[: position + 1]) or 0)
            continue
        unit = _HAN_UNITS[character]
        if unit == 10000:
            total = (total + section + digit) * unit
            section = digit = 0
        else:
            section += (digit or 1) * unit
            digit = 0
        last_unit = unit
    return total + section + digit


def _english(words: list[str]) -> float | None:
    total = current = 0
    for word in words:
        value = _words().get(word)
        if value is None:
            return None
        if value == 100:
            current = (current or 1) * 100
        elif value == 1000:
            total += (current or 1) * 1000
            current = 0
        elif current % 100 and not (current % 10 == 0 and value < 10):
            return None
        else:
            current += value
    return float(total + current) if words else None
