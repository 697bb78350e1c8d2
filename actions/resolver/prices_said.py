"""Prices in what is said of a product's variants: what one costs, and what more would be too much.

A number that is a price is no size, and no value that is wanted: "37.29 is under 40, go for it".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from actions.resolver.text import fold

_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_UNIT: Final = r"(?:dollars?|bucks?|usd|quid|pounds?|euros?|eur|gbp|美元|美金|刀|元|块钱?|镑|欧元?)"
_SIGNED: Final = rf"[$£€¥￥]\s?(?:{_NUMBER})|(?<![a-z\d_.])(?:{_NUMBER})\s?{_UNIT}(?![a-z])"
_DECIMAL: Final = (
    r"(?<![a-z\d_.])(?<!\d,)(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}(?![\d.]|\s?(?:ml|cl|l|litres?|cm|mm|m|kg|g|inch|gb|tb)\b)"
)
_LIMIT: Final = (
    rf"(?:(?:more than|over|above|under|below|less than|up to|at most|within|no more than|exceeds?|exceeding)\s+"
    rf"|(?:超过|高于|低于|不超过|最多|贵了?|多花?|加价?|便宜|补|多付)\s?)(?:{_NUMBER})(?!\s?(?:gb|tb|mb|inch|cm|mm|m|ml|l|kg|g|寸|码|杯|片|x)\b)"
    rf"|(?<![a-z\d_.])(?:{_NUMBER})\s+(?:more|extra|dearer|cheaper)\b|(?:{_NUMBER})\s?(?:以上|以内|以下)"
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


_WHOLE: Final = re.compile(
    r"(?<![a-z\d_.#$£€¥￥-])(?<!\d,)(?P<n>\d{2,5})(?=\s?(?:的|那[个款种件套]|ones?\b)|\s?[，。,.;；!！?？]|\s*$)(?!\.\d)"
)
_MEASURED: Final = re.compile(r"\d+")


def with_whole_prices(said: PricesSaid, prices: Collection[int], values: Iterable[str]) -> PricesSaid:
    """`said` with a number of whole units that is the price of one variant alone, and in no value: "the 423 one".

    `prices` are those of the variants, in minor units, `values` what their options come in.
    """
    numbers = {number for value in values for number in _MEASURED.findall(value)}
    rest, exact = list(said.rest), list(said.exact)
    for hit in _WHOLE.finditer(fold(said.rest)):
        whole = int(hit["n"])
        meant = {price for price in prices if whole in (price // 100, round(price / 100))}
        if hit["n"] not in numbers and len(meant) == 1:
            rest[hit.start("n") : hit.end("n")] = " " * len(hit["n"])
            exact += meant
    return PricesSaid("".join(rest), tuple(exact))


def limit_said(text: str) -> int | None:
    """How much more is too much, in minor units: the one amount of "if it costs more than $20 extra"."""
    hits = list(_PRICES.finditer(fold(text)))
    return _minor(hits[0].group()) if len(hits) == 1 else None


def _minor(words: str) -> int:
    found = _FIRST.search(words)
    return round(float(found.group().replace(",", "")) * 100) if found is not None else 0


__all__ = ["PricesSaid", "limit_said", "prices_said", "with_whole_prices"]
