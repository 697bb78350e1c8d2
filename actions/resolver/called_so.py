"""What a thing is called, in its name and in a wish: the kettle of "kettle that keeps green tea warm". Pure."""

from __future__ import annotations

import re
from typing import Final

from actions.resolver.text import fold, stems_of

HEAD_ENDS: Final = re.compile(r"\s+(?:for|with|in|of|by)\s+|\s*[(,/–—]")
_MODEL: Final = re.compile(r"[A-Z]{1,4}|Jr\.?|Mini|Pro|Max|Plus|Lite")
"""What tells one model from another, as any word with a digit does, and not what the thing is."""
_WISHED: Final = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hiya|so|ok|and|any|got|do you have|have you got|i need|i want|need|want|looking for|after"
    r"|show me|a|an|some|the|good|nice|decent|small|big|large|cheap)\W+){0,5}"
    r"([a-z][a-z'-]{2,})\s+(?:that|which|for|with|to)\s"
)


def last_word(name: str) -> str:
    """The last word of an English name that says what the thing is, without a model's number: "sunscreen SPF 50"."""
    words = HEAD_ENDS.split(name)[0].split()
    while len(words) > 1 and (_MODEL.fullmatch(words[-1]) or any(each.isdigit() for each in words[-1])):
        words.pop()
    return next(reversed(stems_of(words[-1])), "") if words else ""


def wished_head(text: str) -> str:
    """The stem of what an English wish asks for before it says what that shall do; empty where it has no such form."""
    said = _WISHED.match(fold(text))
    return next(reversed(stems_of(said[1])), "") if said is not None else ""


__all__ = ["HEAD_ENDS", "last_word", "wished_head"]
