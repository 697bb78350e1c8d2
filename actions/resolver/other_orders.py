"""Clauses that speak of another order than the one that is meant: they say nothing of its goods. Pure.

"Cancel yesterday's order, and in today's leave the grill out": of today's order only the grill goes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import OrderCandidate
from actions.resolver.focus import NO_FOCUS
from actions.resolver.lines import resolve_lines
from actions.resolver.listed_orders import cut_by_order
from actions.resolver.orders import order_words, resolve_orders
from actions.resolver.orders_told import orders_of_days, tells_alone

_CLAUSE: Final = re.compile(r"[^,;!?。，；！？\n]+")


def without_other_orders(text: str, orders: Sequence[OrderCandidate], meant: Collection[str], *, today: date) -> str:
    """`text` with blanks for the clauses that tell, by number or by day, orders of `orders` that are not `meant`."""
    if len(orders) < 2 or not any(order.number in meant for order in orders):
        return text

    def blank(said: re.Match[str]) -> str:
        told = _numbered(said[0], orders) or orders_of_days(said[0], orders, today)
        if not told or told & {*meant} or _only_in(said[0], orders, meant, told, today):
            return said[0]
        return " " * len(said[0])

    return _CLAUSE.sub(blank, text)


def _only_in(
    clause: str, orders: Sequence[OrderCandidate], meant: Collection[str], told: Collection[str], today: date
) -> bool:
    """Whether a clause names goods of `meant` orders, and none of those that its day tells: the day is mistaken."""

    def named(numbers: Collection[str]) -> bool:
        lines = [line for order in orders if order.number in numbers for line in order.lines]
        found = resolve_lines(clause, lines, today=today) if lines else None
        return found is not None and any(reason.kind == "name" for match in found.matches for reason in match.reasons)

    return _numbered(clause, orders) == set() and named(meant) and not named(told)


def told_of_each(text: str, orders: Sequence[OrderCandidate], meant: Sequence[str], *, today: date) -> dict[str, str]:
    """What `text` says of each of the orders `meant`; empty where no two of its clauses tell different ones of them.

    A clause that tells no order is said of the one that was told before it; before any was told, of all.
    """
    said: dict[str, list[str]] = {number: [] for number in meant}
    among = [order for order in orders if order.number in said]
    told_so_far: list[set[str]] = []
    for clause in _DIVIDES.split(text):
        told = _numbered(clause, orders) or orders_of_days(clause, orders, today) or _described(clause, among, today)
        told = (told or _alone(clause, among) or _other(clause, told_so_far, meant)) & said.keys()
        if told:
            told_so_far.append(told)
        for number in told_so_far[-1] if told_so_far else meant:
            said[number].append(clause.strip())
    if not any(told.isdisjoint(told_so_far[0]) for told in told_so_far):
        return {}
    return {number: ", ".join(filter(None, clauses)) for number, clauses in said.items()}


def clauses_telling(text: str, orders: Sequence[OrderCandidate], number: str, *, today: date) -> list[str]:
    """The clauses of `text` that tell the order `number`: by that, by its day, or by what is in it."""
    found = []
    for clause in _DIVIDES.split(text):
        told = _numbered(clause, orders) or orders_of_days(clause, orders, today) or _described(clause, orders, today)
        if number in (told or ()):
            found.append(clause)
    return found


def listed_by_order(
    text: str, orders: Sequence[OrderCandidate], meant: Sequence[str], *, today: date
) -> dict[str, str]:
    """What is listed of each of the orders `meant`: "the lamp from #1 and the rug from #2"; empty where nothing is."""
    among = [order for order in orders if order.number in meant]

    def told(words: str) -> set[str]:
        return _numbered(words, among) or _described(words, among, today)

    said: dict[str, str] = {}
    parts = cut_by_order(text, lambda words: len(told(words)) == 1)
    for part in parts if len(parts) > 1 else ():
        of = told(part)
        if len(of) != 1:
            return {}
        (number,) = of
        said[number] = ", ".join(filter(None, (said.get(number), part.strip(" ,，、；;"))))
    return said if len(said) > 1 else {}


_DIVIDES: Final = re.compile(
    r"[,;!?。，；！？\n]+|\.(?!\d)|\s+(?:and|but|while)\s+(?=(?:please |also |just |then |only )*"
    r"(?:cancel|drop|remove|in|from|of|take|keep|leave|return|send|call|scrap|swap|change|make)\b)",
    re.IGNORECASE,
)


_IN_THE_OTHER: Final = re.compile(
    r"\b(?:in|from|of|off) (?:the|my) (?:other|second)(?: one| order)?(?=\s+(?:please |just |only |also )*"
    r"(?:cancel|drop|remove|scrap|keep|leave|take|return|send|i\b)|\s*$)"
    r"|^\W*(?:and |but )*(?:the|my) other order\b|另(?:外|外?一)?(?:那)?(?:一)?(?:张|个|笔)?(?:订)?单(?:里|中)?",
    re.IGNORECASE,
)


def _alone(clause: str, orders: Sequence[OrderCandidate]) -> set[str]:
    """The one order with nothing else in it, where a clause tells it by that: "cancel the single one"."""
    single = {order.number for order in orders if len(order.lines) == 1} if tells_alone(clause) else set()
    return single if len(single) == 1 else set()


def _other(clause: str, told_so_far: Sequence[set[str]], meant: Sequence[str]) -> set[str]:
    """The second of two orders, where one was told before: "… and in the other drop the kettle"."""
    told = set().union(*told_so_far)
    left = set(meant) - told
    return left if told and len(left) == 1 and _IN_THE_OTHER.search(clause) else set()


def _numbered(clause: str, orders: Sequence[OrderCandidate]) -> set[str]:
    return {
        order.number
        for order in orders
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(order.number.lstrip('#'))}(?![A-Za-z0-9])", clause, re.IGNORECASE)
    }


def _described(clause: str, orders: Sequence[OrderCandidate], today: date) -> set[str]:
    """The one order that a clause tells by what is in it: "the lamp order", 买瑜伽垫的那单."""
    words = order_words(clause)
    found = resolve_orders(words, orders, focus=NO_FOCUS, today=today) if words else None
    return {found.first.number} if found is not None and found.status == "one" else set()


__all__ = ["clauses_telling", "listed_by_order", "told_of_each", "without_other_orders"]
