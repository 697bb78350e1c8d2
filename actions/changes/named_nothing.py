"""A comparison with nothing to compare: "I bought two lamps, cancel the dearer one" of whoever has no lamp."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ
from actions.resolver import OrderCandidate, Resolution, compared_goods, order_words, resolve_lines
from actions.resolver.goods_words import goods_words

_POINTS: Final = frozenset({"comparative", "pronoun", "only", "ordinal", "exclusion", "everything", "date", "state"})
"""Reasons that no name of goods has a part in."""
_MONEY: Final = re.compile(
    r"\b(?:cards?|vouchers?|money|refund|credit|wallet|paypal)\b|卡|余额|钱|券|微信|支付宝", re.IGNORECASE
)
"""Where money goes: no goods that are sent back."""


def compares_nothing_named(
    reader: Reader, text: str, orders: Sequence[OrderCandidate], found: Resolution[OrderCandidate]
) -> bool:
    """Whether nothing but a comparison of goods tells `found`, and none of the goods that are compared is named.

    What is dearest of everything on order is no answer to that: something else would go.
    """
    if reader.kind.lines == "none" or not found.matches or order_words(text):
        return False
    if any(reason.kind != "comparative" for match in found.matches for reason in match.reasons):
        return False
    compared = compared_goods(text, orders, focus=reader.focus, today=reader.records.today)
    return compared is None or any(
        {reason.kind for reason in match.reasons} <= {"comparative"} for match in compared.matches
    )


async def thing_of_nobody(reader: Reader, text: str) -> str:
    """The words for goods of a message that none of the shopper's orders ever had; empty where something is named.

    What goes back or is called off is never something else instead.
    """
    if reader.kind.wish not in ("cancel", "return") or reader.kind.lines == "none":
        return ""
    numbers = [each.number for each in (await reader.records.summaries())[:ORDERS_READ]]
    await reader.records.orders(numbers)
    lines = [line for number in numbers for line in reader.records.lines(number, gone=True)]
    named = resolve_lines(text, lines, today=reader.records.today)
    if any(reason.kind not in _POINTS for match in named.matches for reason in match.reasons):
        return ""
    things = [absent.words for absent in named.asked_but_absent if absent.kind == "thing"]
    known = goods_words(text)
    things = [words for words in things if not _MONEY.search(words)]
    return next((words for words in things if any(each in words.casefold() for each in known)), "")


__all__ = ["compares_nothing_named", "thing_of_nobody"]
