"""What one message wants of each of several orders that it tells apart: "cancel yesterday's, and in today's the grill"."""  # noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.changes.reading import Reader
from actions.changes.words_of_goods import goods_words
from actions.resolver import (
    Focus,
    LineCandidate,
    LineRequest,
    Match,
    OrderCandidate,
    Reason,
    read_requests,
    without_order_words,
)
from actions.resolver.listed_orders import lists
from actions.resolver.other_orders import clauses_telling, listed_by_order, told_of_each


def wishes_of_each(reader: Reader, text: str, focus: Focus) -> list[LineRequest]:
    """The wishes for the goods of each order, of its own words alone; none where the orders are not told apart."""
    request, records = reader.request, reader.records
    if len(request.orders) < 2 or reader.kind.swaps:
        return []
    found: list[LineRequest] = []
    for number, words in _of_each(reader, text, records.read(), request.orders).items():
        lines = records.lines(number)
        read = read_requests(goods_words(reader, words, lines), lines, focus=focus, today=records.today)
        found += [_of_one_order(_of_all(wish, lines, reader)) for wish in read]
    return found


def _of_all(wish: LineRequest, lines: Sequence[LineCandidate], reader: Reader) -> LineRequest:
    """What is wanted of an order and names none of its goods is wanted of all: "cancel yesterday's order"."""
    if wish.wish != reader.kind.wish or wish.lines.matches or wish.lines.asked_but_absent or wish.target is not None:
        return wish
    every = tuple(Match(line, 0.85, (Reason("everything"),)) for line in lines)
    return replace(wish, lines=replace(wish.lines, status="all", matches=every))


async def orders_of_each(reader: Reader, text: str, numbers: Sequence[str]) -> list[str]:
    """The orders of `numbers` of which `text`, which tells several apart, wants what this kind does; none for one."""
    if reader.kind.swaps or reader.kind.lines == "none" or len(numbers) < 2:
        return []
    records = reader.records
    orders = await records.order_candidates(numbers)
    meant = []
    for number, words in _of_each(reader, text, orders, numbers).items():
        wishes = read_requests(without_order_words(words) or words, records.lines(number), today=records.today)
        if any(each.wish == reader.kind.wish for each in wishes):
            meant.append(number)
    return meant if len(meant) > 1 else []


async def orders_of_all_named(reader: Reader, text: str, numbers: Sequence[str]) -> list[str]:
    """The orders of `numbers` that have what is wanted wherever it is: "every fleece that wasn't sent"; none for one."""  # noqa: E501
    if reader.kind.swaps or not reader.kind.several_orders or reader.kind.lines == "none" or len(numbers) < 2:
        return []
    records = reader.records
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    wishes = [each for each in read_requests(text, lines, today=records.today) if each.wish == reader.kind.wish]
    kinds = [{why.kind for why in match.reasons} for each in wishes for match in each.lines.matches]
    if not kinds or not all(each.lines.sure and each.lines.status != "all" for each in wishes):
        return []
    if not all("everything" in each and each & {"name", "near_name"} for each in kinds):
        return []
    inside = list(dict.fromkeys(line.order for each in wishes for line in each.lines.candidates))
    return inside if len(inside) > 1 else []


def _of_each(reader: Reader, text: str, orders: Sequence[OrderCandidate], numbers: Sequence[str]) -> dict[str, str]:
    """What is said of each order: what is listed with its order of goods is all wanted alike."""
    listed = _listed(reader, text, orders, numbers)
    return listed or told_of_each(text, orders, numbers, today=reader.records.today)


def _listed(reader: Reader, text: str, orders: Sequence[OrderCandidate], numbers: Sequence[str]) -> dict[str, str]:
    listed = listed_by_order(text, orders, numbers, today=reader.records.today)
    wished = {number: _wished(reader, number, words) for number, words in listed.items()}
    said = {*wished.values()} - {""}
    # What came is sent back, and what did not is called off, whichever is said.
    if listed and None not in said and (said <= {reader.kind.wish} or (said == {"return"} and not reader.kind.swaps)):
        return {number: words if wished[number] else _with_verb(reader, words) for number, words in listed.items()}
    return {}


def _wished(reader: Reader, number: str, words: str) -> str | None:
    """The one wish for goods of an order in `words`, empty where no verb says it; None where no goods are named."""
    read = read_requests(without_order_words(words), reader.records.lines(number), today=reader.records.today)
    wishes = {each.wish or "" for each in read if each.lines.matches}
    return wishes.pop() if len(wishes) == 1 else None


def _with_verb(reader: Reader, words: str) -> str:
    verbs = _VERBS.get(str(reader.kind.wish), ("", ""))
    return f"{verbs[0]} {words}" if words.isascii() else f"{verbs[1]}{words}"


_VERBS: Final = {"cancel": ("cancel", "取消"), "return": ("return", "退")}


async def orders_listed(reader: Reader, text: str, numbered: Sequence[str], numbers: Sequence[str]) -> list[str]:
    """The orders of `numbers` whose goods `text` lists beside those of `numbered`: "the mug from #1, the rug from the
    lamp order".
    """
    if reader.kind.swaps or reader.kind.wish not in _VERBS or reader.kind.lines == "none" or not lists(text):
        return []
    orders = await reader.records.order_candidates([*dict.fromkeys([*numbered, *numbers])])
    listed = _listed(reader, text, orders, [order.number for order in orders])
    return list(listed) if set(numbered) < listed.keys() else []


def leave_untold(reader: Reader, text: str) -> None:
    """Lets go of orders of which no goods are meant, beside named goods of others, and that are not called off either.

    "I ordered last night and wasn't looking. Cancel the lamp" is said of the lamp, whichever order is last night's.
    """
    request = reader.request
    if len(request.orders) < 2 or not request.lines or request.whole:
        return
    request.orders = [
        number for number in request.orders if request.lines_of(number) or _called_off(reader, text, number)
    ]


def _called_off(reader: Reader, text: str, number: str) -> bool:
    records = reader.records
    return any(
        wish.wish == reader.kind.wish
        for clause in clauses_telling(text, records.read(), number, today=records.today)
        for wish in read_requests(clause, records.lines(number), today=records.today)
    )


def _of_one_order(wish: LineRequest) -> LineRequest:
    """All of one order is not all of those that are meant."""
    if wish.lines.status != "all":
        return wish
    return replace(wish, lines=replace(wish.lines, status="many" if len(wish.lines.matches) > 1 else "one"))


__all__ = ["leave_untold", "orders_listed", "orders_of_all_named", "orders_of_each", "wishes_of_each"]
