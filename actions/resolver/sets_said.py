"""Sets of so many pieces, where that is an option of the goods: 2件套, "the two-piece", "a set of three".

两件 of T-shirts counts how many there are; 两件套 of suitcases is which of the sets. Only values of an option that is
called after pieces, or that are written as so many of them ("2 pack"), are meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from actions.resolver.option_index import Options
from actions.resolver.resolution import Span
from actions.resolver.text import fold
from actions.resolver.vocabulary import mapping

_MOST: Final = 100
_CALLED: Final = re.compile(r"\b(?:pieces?|pcs?|packs?|count|set)\b|[件片只个支]数|件套|套装规格", re.IGNORECASE)
"""Names of options that say how many pieces a set has."""
_BARE: Final = re.compile(r"(\d{1,3}|[a-z]+|[一二两三四五六七八九十]+)", re.IGNORECASE)
_OF_PIECES: Final = re.compile(
    r"(\d{1,3})[\s-]?(?:pieces?|pcs?|packs?|[件片只个支]?装|件套|件)(?:[\s-]?set)?", re.IGNORECASE
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = [word for number, said in mapping("numbers").items() if int(number) <= _MOST for word in said]
    english = "|".join(sorted((re.escape(word) for word in words if word.isascii()), key=len, reverse=True))
    han = "|".join(sorted((re.escape(word) for word in words if not word.isascii()), key=len, reverse=True))
    return (
        re.compile(rf"(?<![\w.])(?P<n>\d{{1,3}}|{english})[\s-]?(?:pieces?|pcs?)(?:[\s-]sets?)?\b(?! of )"),
        re.compile(rf"\bsets? of (?P<n>\d{{1,3}}|{english})\b(?! of | (?:sets|suitcases|orders))"),
        re.compile(rf"(?<![\d.])(?P<n>\d{{1,3}}|{han})\s?(?:件套装?|件一套|件的?那套|件装|片装|[只个支]装)"),
    )


def _number(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    return next((int(number) for number, said in mapping("numbers").items() if word in said), None)


def _pieces(spelling: str, *, called: bool) -> int | None:
    """How many pieces a value of an option says a set has."""
    said = fold(spelling).strip()
    if (whole := _OF_PIECES.fullmatch(said)) is not None:
        return int(whole[1])
    return _number(said) if called and _BARE.fullmatch(said) else None


def set_words(folded: str, options: Options) -> list[tuple[Span, Mapping[int, frozenset[str]]]]:
    """Where `folded` says of how many pieces a set is, with the values meant by the places of their options."""
    by_number: dict[int, dict[int, set[str]]] = {}
    for place, values in enumerate(options.spelt):
        names = [word for word, places in options.name_words.items() if place in places]
        called = any(_CALLED.search(name) for name in (options.names[place], *names))
        for value, spellings in values.items():
            for spelling in spellings:
                if (number := _pieces(spelling, called=called)) is not None:
                    by_number.setdefault(number, {}).setdefault(place, set()).add(value)
    if not by_number:
        return []
    found: list[tuple[Span, Mapping[int, frozenset[str]]]] = []
    for pattern in _patterns():
        for hit in pattern.finditer(folded):
            meant = by_number.get(_number(hit["n"]) or 0)
            if meant:
                found.append((Span(*hit.span()), {place: frozenset(values) for place, values in meant.items()}))
    return found


__all__ = ["set_words"]
