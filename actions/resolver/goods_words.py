"""General words for goods in a message: the boots of "are the boots waterproof?", 手表 of 手表表带是什么材质. Pure."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from actions.resolver.text import fold
from actions.resolver.vocabulary import read

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LEAST_LATIN: Final = 3
_LEAST_HAN: Final = 2


def goods_words(text: str) -> list[str]:
    """The general names of goods that a text says, the longest first, and none that lies within another."""
    return list(goods_places(text))


def goods_places(text: str) -> dict[str, tuple[int, int]]:
    """The same, each with where it stands in the folded text."""
    rest = fold(text)
    found: dict[str, tuple[int, int]] = {}
    for word, pattern in _patterns():
        said = pattern.search(rest)
        if said is not None:
            found[word] = said.span()
            rest = rest[: said.start()] + " " * (said.end() - said.start()) + rest[said.end() :]
    return found


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    words = {fold(str(word)) for group in read("goods")["groups"] for word in group}
    patterns = []
    for word in sorted(words, key=len, reverse=True):
        if _HAN.search(word):
            if len(word) >= _LEAST_HAN:
                patterns.append((word, re.compile(re.escape(word))))
        elif len(word) >= _LEAST_LATIN:
            patterns.append((word, re.compile(rf"(?<![a-z]){re.escape(word)}(?:e?s)?(?![a-z])")))
    return patterns


__all__ = ["goods_places", "goods_words"]
