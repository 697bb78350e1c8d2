"""Numbers that say something of their own, an amount, a bound, a measure, a size: they name no order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from actions.resolver.amounts import amounts_in
from actions.resolver.measures import measures_in
from actions.resolver.resolution import Span
from actions.resolver.text import fold
from actions.resolver.vocabulary import mapping, phrases

_AFTER_ANYTHING = frozenset({"from"})
"""Bounds that also stand before where something is: "the order from 90210"."""
_AFTER_NUMBERS = frozenset({"号"})
"""Size words that also end a number of any kind: 4571号."""


def claimed_spans(text: str, *, currency: str) -> list[Span]:
    """Where `text` says amounts of money, bounds, measures and sizes, with their words. `currency` is the shop's."""
    folded = fold(text)
    spans = [span for _, span in amounts_in(folded, currency=currency)]
    spans += [measure.span for measure in measures_in(folded)]
    spans += [Span(*match.span()) for match in _bounded().finditer(folded)]
    return spans


@cache
def _bounded() -> re.Pattern[str]:
    """A number beside a bound or a size word."""
    bounds = [word for kind in ("at_most", "at_least") for word in mapping("bounds")[kind]]
    sizes = phrases("size_words")
    before = _either(word for word in [*bounds, *sizes] if word.isascii() and word not in _AFTER_ANYTHING)
    han_before = _either(word for word in bounds if not word.isascii() and len(word) > 1)
    after = _either(word for word in [*bounds, *sizes] if not word.isascii() and word not in _AFTER_NUMBERS)
    number = r"\d+(?:[.,]\d+)*"
    return re.compile(
        rf"(?<![a-z])(?:{before})\s*{number}(?![\da-z])|(?:{han_before})\s*{number}(?![\d])"
        rf"|(?<![a-z\d#-]){number}\s*(?:{after})"
    )


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))
