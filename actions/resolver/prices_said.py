"""Prices in what is said of a product's variants: what one costs, and what more would be too much.

A number that is a price is no size, and no value that is wanted: "37.29 is under 40, go for it".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from actions.resolver.text import fold

_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_UNIT: Final = r"(?:dollars?|bucks?|usd|quid|pounds?|euros?|eur|gbp|美元|美金|刀|元|块钱?|镑|欧元?)"
_SIGNED: Final = rf"[$£€¥￥]\s?(?:{_NUMBER})|(?<![\w.])(?:{_NUMBER})\s?{_UNIT}(?![a-z])"
_DECIMAL: Final = (
    r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}(?![\d.]|\s?(?:ml|cl|l|litres?|cm|mm|m|kg|g|inch|gb|tb)\b)"
)
_LIMIT: Final = (
    rf"(?:(?:more than|over|above|under|below|less than|up to|at most|within|no more than|exceeds?|exceeding)\s+"
    rf"|(?:超过|高于|低于|不超过|最多|贵了?|多花?|加价?|便宜|补|多付)\s?)(?:{_NUMBER})(?!\s?(?:gb|tb|mb|inch|cm|mm|m|ml|l|kg|g|寸|码|杯|片|x)\b)"
    rf"|(?<![\w.])(?:{_NUMBER})\s+(?:more|extra|dearer|cheaper)\b|(?:{_NUMBER})\s?(?:以上|以内|以下)"
)
_PRICES: Final = re.compile(rf"{_SIGNED}|{_DECIMAL}|{_LIMIT}")
_EXACT: Final = re.compile(rf"{_SIGNED}|{_DECIMAL}")
_FIRST: Final = re.compile(_NUMBER)
_BOUND: Final = re.compile(
    r"(?:more than|over|above|under|below|less than|up to|at most|within|no more than|exceeds?"
    r"|超过|高于|低于|不超过|最多|贵了?|多花?|补|多付)\s*$"
)


@dataclass(frozen=True, slots=True)
class PricesSaid:
    """A message without its prices (blanks in their place), and the prices that were said, in minor units."""

    rest: str
    exact: tuple[int, ...]


def prices_said(text: str) -> PricesSaid:
    """The prices of a message; amounts that are only a bound ("over $10 more") are not among the exact ones."""
    folded = fold(text)
    exact: list[int] = []
    rest = list(text)
    for hit in _PRICES.finditer(folded):
        rest[hit.start() : hit.end()] = " " * (hit.end() - hit.start())
        bounded = _BOUND.search(folded[: hit.start()]) or re.match(
            r"\s*(?:more|extra|dearer|cheaper|以上|以内|以下)", folded[hit.end() :]
        )
        if _EXACT.fullmatch(hit.group()) and not bounded:
            exact.append(_minor(hit.group()))
    return PricesSaid("".join(rest), tuple(exact))


def limit_said(text: str) -> int | None:
    """How much more is too much, in minor units: the one amount of "if it costs more than $20 extra"."""
    hits = list(_PRICES.finditer(fold(text)))
    return _minor(hits[0].group()) if len(hits) == 1 else None


def _minor(words: str) -> int:
    found = _FIRST.search(words)
    return round(float(found.group().replace(",", "")) * 100) if found is not None else 0


__all__ = ["PricesSaid", "limit_said", "prices_said"]
