"""Orders called as the assistant's own buttons call them, or by how much is in them: 台灯等3件, "the 5 item order"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from actions.resolver.candidates import OrderCandidate
from actions.resolver.resolution import Span
from actions.resolver.text import fold

_COUNTS: Final = {
    **{
        word: count
        for count, word in enumerate(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
        )
    },
    **{word: count for count, word in enumerate("一二三四五六七八九十", start=1)},
    "两": 2,
}
_N: Final = rf"(?:\d{{1,2}}|{'|'.join(_COUNTS)})"
_LABEL: Final = re.compile(
    rf"(?P<zh>[^，,。；;！!？?\s]{{1,12}}?)等(?:共)?(?P<all>{_N})[件样个](?:的)?(?:商品|东西)?(?:的)?(?:[那这](?:一?个|一|张)?(?:订?单)?)?"
    rf"|\b(?P<en>[\w'-]+(?: [\w'-]+){{0,4}}?) and (?P<more>{_N}) more(?= orders?\b|\W*$|,? (?:mon|tues|wednes|thurs|fri|satur|sun)day)"  # noqa: E501
    rf"(?: orders?)?",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    rf"\b(?P<before>{_N})[- ](?:items?|things?|pieces?|products?)[- ](?:order|one)s?\b"
    rf"|\b(?:order|one) (?:with|of) (?:the |all )?(?P<behind>{_N}) (?:items?|things?|pieces?|products?)\b(?! in)"
    rf"|(?P<han>{_N})[件样](?:商品|东西)?的?(?:那|这)(?:一?个|一|张)?(?:订?单)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """The orders that a label in a message fits, and where it stands."""

    orders: tuple[OrderCandidate, ...]
    span: Span


def by_label(text: str, orders: Sequence[OrderCandidate]) -> Labelled | None:
    """The orders that `text` calls by a label of theirs; None where it calls none so."""
    for found in _LABEL.finditer(text):
        title = fold(found["zh"] or found["en"])
        wanted = _count(found["all"]) if found["zh"] else _count(found["more"]) + 1
        for name, start in _names(title, found):
            fit = tuple(each for each in orders if _pieces(each) == wanted and _begins_with(each, name))
            if fit:
                return Labelled(fit, Span(start, found.end()))
    counted = _COUNTED.search(text)
    if counted is None:
        return None
    wanted = _count(next(each for each in counted.groups() if each))
    fit = tuple(each for each in orders if wanted in (_pieces(each), len(each.lines)))
    return Labelled(fit, Span(*counted.span())) if fit else None


def without_label(text: str) -> str:
    """`text` with the mere word for it in place of a label that ends with that word: 台灯等3件那单."""
    for pattern in (_LABEL, _COUNTED):
        text = pattern.sub(lambda found: _word_for(found.group()), text)
    return text


def _word_for(label: str) -> str:
    if label.endswith("单"):
        return "订单"
    return "the order" if re.search(r"\b(?:orders?|ones?)$", label, re.IGNORECASE) else label


def _names(title: str, found: re.Match[str]) -> list[tuple[str, int]]:
    """The name before the count, then the same without what leads up to it, each with where it begins."""
    start = found.start("zh") if found["zh"] else found.start("en")
    if found["zh"]:
        return [(title[cut:], start + cut) for cut in range(len(title))]
    words = list(re.finditer(r"\S+", found["en"]))
    return [(fold(found["en"][word.start() :]), start + word.start()) for word in words]


def _begins_with(order: OrderCandidate, name: str) -> bool:
    return bool(order.lines) and any(fold(title) == name for title in order.lines[0].titles)


def _pieces(order: OrderCandidate) -> int:
    return sum(line.quantity for line in order.lines)


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _COUNTS[words.casefold()]
