"""What one message wants of each of several orders that it tells apart: "cancel yesterday's, and in today's the grill"."""  # noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.changes.reading import Reader
from actions.changes.words_of_goods import goods_words
from actions.resolver import Focus, LineCandidate, LineRequest, Match, Reason, read_requests, without_order_words
from actions.resolver.other_orders import told_of_each


def wishes_of_each(reader: Reader, text: str, focus: Focus) -> list[LineRequest]:
    """The wishes for the goods of each order, of its own words alone; none where the orders are not told apart."""
    request, records = reader.request, reader.records
    if len(request.orders) < 2 or reader.kind.swaps:
        return []
    found: list[LineRequest] = []
    for number, words in told_of_each(text, records.read(), request.orders, today=records.today).items():
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
    if reader.kind.swaps or not reader.kind.several_orders or reader.kind.lines == "none" or len(numbers) < 2:
        return []
    records = reader.records
    orders = await records.order_candidates(numbers)
    meant = []
    for number, words in told_of_each(text, orders, numbers, today=records.today).items():
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


def _of_one_order(wish: LineRequest) -> LineRequest:
    """All of one order is not all of those that are meant."""
    if wish.lines.status != "all":
        return wish
    return replace(wish, lines=replace(wish.lines, status="many" if len(wish.lines.matches) > 1 else "one"))


__all__ = ["orders_of_all_named", "orders_of_each", "wishes_of_each"]
