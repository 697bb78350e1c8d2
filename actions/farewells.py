"""Thanks and goodbyes in what a shopper says, beside anything else."""

from __future__ import annotations

import re
from functools import cache

from actions.resolver.text import fold
from actions.resolver.vocabulary import phrases


def says_farewell(text: str) -> bool:
    """Whether the shopper takes leave: "ok, bye", 算了拜拜."""
    return _pattern("farewells").search(fold(text)) is not None


def says_thanks(text: str) -> bool:
    """Whether the shopper says thanks."""
    return _pattern("thanks").search(fold(text)) is not None


def without_farewell(text: str) -> str:
    """`text`, folded, without thanks and goodbyes."""
    for kind in ("farewells", "thanks"):
        text = _pattern(kind).sub(" ", fold(text))
    return text.strip(" .,!~。，！～、")


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    words = sorted(map(fold, phrases(kind)), key=len, reverse=True)
    return re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in words))
