"""Which orders a message means: by their numbers, their goods, their days and states, or what was spoken of before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from actions.changes.as_bought import says_as_bought, without_as_bought
from actions.changes.as_told import lines_of_told, points_at_told
from actions.changes.asked_of_orders import without_asked_of_orders
from actions.changes.each_order import orders_listed, orders_of_all_named, orders_of_each
from actions.changes.kind import NOT_SENT
from actions.changes.kinds import KINDS
from actions.changes.named_nothing import compares_nothing_named, thing_of_nobody
from actions.changes.numbers_apart import is_no_order
from actions.changes.only_told import without_only_told
from actions.changes.orders_by_place import orders_at_place
from actions.changes.orders_told import described_order, gone_beside_kept, narrowed_orders, settled_choice
from actions.changes.portions import orders_with_several
from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ
from actions.changes.which_order import goes_to, with_currency, without_becoming
from actions.changes.windows import left_out, still_possible
from actions.crm_client import CrmNotFound
from actions.details import number_key
from actions.resolver import (
    LineCandidate,
    Match,
    OrderCandidate,
    named_apart,
    order_words,
    resolve_lines,
    resolve_orders,
    without_order_words,
)
from actions.resolver.apposed_all import says_apposed_all, without_apposed_all
from actions.resolver.denied import affirmed
from actions.resolver.sent_on import without_rest_kept
from shopdesk_schemas.crm import OrderSummary

_POINTS = frozenset({"comparative", "pronoun", "only", "ordinal", "exclusion", "everything"})
"""Reasons for an order that its goods, its day or its state have no part in."""
_BOTH: Final = re.compile(r"\b(?:both|all|the two)\b|都|两[个件台双条把只块辆副套张本盏瓶盒单]", re.IGNORECASE)
_AN_ORDER: Final = re.compile(r"\border(?:['’]s)?\b|订单|[那这]单", re.IGNORECASE)
_POINTS_AT_IT: Final = re.compile(
    r"^(?!.*\b(?:other|another|else|newer|older|newest|oldest|latest|last|first|second|open|unsent|next)\b)"
    r".*\b(?:it|this|that)\b|^(?!.*[另别其新旧早晚]).*(?:它|[这那]单|[这那]个(?:订单|单))",
    re.IGNORECASE | re.DOTALL,
)
"""What was just spoken of is pointed at, and no other."""
_SHORTEST_NUMBER: Final = 3
"""Shorter numbers count pieces."""


@dataclass
class OrdersRead:
    """Which orders a message means. `choices` are to be chosen from; `absent` is a number that is not the shopper's."""

    sure: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    absent: str | None = None
    thing: str = ""
    """Words for goods that none of the orders has."""
    pointed: bool = False
    """Only pointed at or compared, not named: something named elsewhere in the message is meant before it."""
    apart: list[Match[LineCandidate]] = field(default_factory=list)
    """Lines that were named in several orders, where the kind is done to one after the other."""
    mismatched: bool = False
    """The goods are there, though not as they were described: another order may have just those."""


async def read_orders(reader: Reader, text: str, numbers: Sequence[str], *, asked: bool) -> OrdersRead:
    """The orders that a message means. `numbers` are those it names; `asked`: which order was the question."""
    if reader.kind.lines != "none" and not reader.kind.any_wish:
        # What is only asked is all that there is, where it is to be told.
        text = affirmed(without_asked_of_orders(text))
    if says_apposed_all(text) and reader.kind.lines != "none" and not numbers:
        # "The mugs, all three": how many they are says nothing of which orders.
        own = [each.number for each in await reader.records.summaries()][:ORDERS_READ]
        lines = [line for order in await reader.records.order_candidates(own) for line in order.lines]
        text = without_apposed_all(text, lines, today=reader.records.today)
    alike = reader.kind.swaps and says_as_bought(text)
    text = without_as_bought(text) if alike else text
    read = await _read(reader, text, numbers, asked=asked)
    reader.apart = list(read.apart)
    if alike and not (read.sure or read.absent) and (open_one := await _only_unsent(reader, read.choices)):
        # What was received is what it is to be like.
        return OrdersRead([open_one])
    if read.sure and not (numbers or asked) and (thing := await thing_of_nobody(reader, text)):
        fit = [each.number for each in await _fitting(reader, await reader.records.summaries())]
        return OrdersRead(choices=fit or read.sure, thing=thing)
    if read.sure or read.absent or read.thing or len(read.choices) < 2:
        return read
    narrowed = await _with_goods_spoken_of(reader, text, read.choices, asked=asked)
    narrowed = narrowed or await settled_choice(reader, text, read.choices)
    if narrowed is None and reader.kind.swaps and not asked:
        narrowed = await _with_what_was_told(reader, text, read.choices)
    if narrowed is None and reader.kind.swaps and not (asked or reader.kind.goes_back or _ARRIVED.search(text)):
        # What is to be changed, and not exchanged, was not sent.
        narrowed = await _only_unsent(reader, read.choices)
    return OrdersRead([narrowed]) if narrowed is not None else read


_ARRIVED: Final = re.compile(
    r"\b(?:got|received|arrived|delivered|came|have here|exchange|swap|send back|return)\b"
    r"|收到|到了|到货|送到|签收|换货|退",
    re.IGNORECASE,
)


async def _with_what_was_told(reader: Reader, text: str, numbers: Sequence[str]) -> str | None:
    """The one of these orders with goods of which a variant was told just now: "change mine to that"."""
    if not points_at_told(text):
        return None
    await reader.records.orders(numbers)
    lines = [line for number in numbers for line in reader.records.lines(number)]
    having = list(dict.fromkeys(line.order for line in await lines_of_told(reader, text, lines)))
    return having[0] if len(having) == 1 else await _only_unsent(reader, having)


async def _only_unsent(reader: Reader, numbers: Sequence[str]) -> str | None:
    """The one of these orders that was not sent yet."""
    unsent = [view.number for view in await reader.records.orders(numbers) if view.state in NOT_SENT]
    return unsent[0] if len(unsent) == 1 else None


async def _with_goods_spoken_of(reader: Reader, text: str, numbers: Sequence[str], *, asked: bool) -> str | None:
    """The one of these orders that has what was spoken of, where `text` tells no goods: "the one I received"."""
    records, request, focus = reader.records, reader.request, reader.focus
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    named = resolve_lines(without_order_words(text), lines, today=records.today)
    if any(not _only_points(each) for each in named.matches):
        return None
    told = resolve_orders(text, await records.order_candidates(numbers), focus=focus, today=records.today)
    if not any(each.kind in ("state", "date") for match in told.matches for each in match.reasons):
        return None
    held: set[str] = set()
    if asked and request.text and request.text != text:
        before = resolve_lines(without_becoming(request.text), lines, today=records.today)
        held = {match.candidate.order for match in before.matches if not _only_points(match)}
    if not held:
        spoken = [records.line(key) for key in (*request.lines, *focus.lines[:1])]
        titles = {title for line in spoken if line is not None for title in line.titles}
        held = {line.order for line in lines if titles & set(line.titles)}
    among = held & {match.candidate.number for match in told.matches}
    return among.pop() if len(among) == 1 else None


async def _read(reader: Reader, text: str, numbers: Sequence[str], *, asked: bool) -> OrdersRead:
    summaries = await reader.records.summaries()
    text = reader.spoken.get(text, text)
    numbers = [number for number in numbers if not reader.kind.names_no_order(text, number)]
    text = with_currency(text, summaries[0].currency) if summaries else text
    if numbers:
        read = await _numbered(reader, text, await reader.kind.named(numbers, reader.records), summaries)
        if read.sure and not read.absent:
            states = {each.state for each in summaries if each.number in read.sure}
            alike = [each.number for each in summaries[:ORDERS_READ] if each.state in states]
            return OrdersRead(await orders_listed(reader, text, read.sure, alike) or read.sure)
        if read.sure or read.absent:
            return read
    fit = await _fitting(reader, summaries)
    if len(at_place := await orders_at_place(reader, text, fit or summaries[:ORDERS_READ])) == 1:
        return OrdersRead(at_place)
    text = reader.kind.order_words(text)
    text = text if reader.kind.lines == "none" else without_rest_kept(text)
    if gone := await gone_beside_kept(reader, text, fit):
        inside = list(dict.fromkeys(line.order for line in gone))
        apart = [Match(line, 0.9) for line in gone] if len(inside) > 1 else []
        return OrdersRead(inside[:1], apart=apart)
    if several := await orders_of_each(reader, text, [each.number for each in fit]):
        return OrdersRead(several)
    told_by = {each.number for each in await narrowed_orders(reader, text, summaries)}
    if told_by & {each.number for each in fit or summaries}:
        summaries = [each for each in summaries if each.number in told_by]
        fit = [each for each in fit if each.number in told_by]
    if not _AN_ORDER.search(text) and (every := await orders_of_all_named(reader, text, [each.number for each in fit])):
        return OrdersRead(every)
    if (described_by := await described_order(reader, text, fit)) is not None:
        return OrdersRead([described_by])
    expected: str | None = None
    """The order spoken of just now, where another kind does what is wanted of it."""
    first = next((each for each in summaries if each.number in reader.focus.orders[:1]), None)
    listed = len({each.number for each in summaries} & {*reader.focus.shown}) > 1
    # The first of a list that was shown is not spoken of by that alone.
    if first is not None and not (asked or listed) and reader.kind.suited(first) != reader.kind.key:
        # What was just spoken of is meant, though another kind does it: "I don't want it any more, refund me".
        expected = first.number
    meant = (fit or summaries)[:ORDERS_READ]
    if not meant:
        return OrdersRead()
    refused = _refused_focus(reader, summaries, meant) if not asked else None
    if len(meant) > 1 or asked or expected is not None or refused is not None:
        told = await _told_before_becoming(reader, text, meant)
        if (told is None or told.thing or told.pointed or told.mismatched) and len(meant) < len(summaries):
            # What is named out loud is meant, though it is not usual: the CRM says what is possible.
            others = await _told(reader, text, summaries[:ORDERS_READ], out_loud=True)
            named = others is not None and len(others.sure) == 1 and not others.mismatched
            told = others if named else told
        if (told is None or told.pointed) and (described := await _described(reader, text, meant, summaries)):
            return described
        if told is not None and told.pointed and refused is not None and _POINTS_AT_IT.search(text):
            # "Can I still change where it goes?", of what was just shown: no other order stands in for it.
            return OrdersRead([refused])
        if told is not None:
            return told
    else:
        # The one order for which it is possible, unless another is named by its goods: "call off the bottle's".
        others = await _told(reader, text, summaries[:ORDERS_READ], out_loud=True) if len(summaries) > 1 else None
        if others is not None and len(others.sure) == 1:
            return others
        if several := await _with_several(reader, text, meant, summaries):
            return OrdersRead(several)
        if described := await _described(reader, text, meant, summaries):
            return described
    if asked:
        return OrdersRead()
    if expected is not None:
        return OrdersRead([expected])
    if refused is not None:
        # What was just spoken of does not allow it: the CRM says why. Another order is never taken silently.
        return OrdersRead([refused])
    if len(meant) == 1:
        return OrdersRead([meant[0].number])
    known = {each.number for each in meant}
    spoken = next((number for number in reader.focus.orders if number in known), None)
    return OrdersRead([spoken]) if spoken else OrdersRead(choices=[each.number for each in meant])


async def _with_several(
    reader: Reader, text: str, meant: Sequence[OrderSummary], summaries: Sequence[OrderSummary]
) -> list[str]:
    """The one order that has as many of something as `text` says, where the one that is usual has fewer of it."""
    if reader.kind.lines == "none":
        return []
    await reader.records.orders([each.number for each in summaries[:ORDERS_READ]])
    lines = {each.number: reader.records.lines(each.number) for each in summaries[:ORDERS_READ]}
    several = orders_with_several(text, lines, today=reader.records.today)
    return several if len(several) == 1 and several != [each.number for each in meant] else []


async def fitting(reader: Reader) -> set[str]:
    """The orders of which this kind is usual, by number."""
    return {each.number for each in await _fitting(reader, await reader.records.summaries())}


async def any_fits(reader: Reader, summaries: Sequence[OrderSummary]) -> bool:
    """Whether there is an order of which this kind is usual."""
    return bool(await _fitting(reader, summaries))


def _refused_focus(reader: Reader, summaries: Sequence[OrderSummary], meant: Sequence[OrderSummary]) -> str | None:
    """The order just spoken of, where it is none of those that allow it, and not cancelled."""
    first = next((each for each in summaries if each.number in reader.focus.orders[:1]), None)
    if first is None or first.state == "cancelled":
        return None
    return None if any(each.number in reader.focus.orders for each in meant) else first.number


async def _described(
    reader: Reader, text: str, meant: Sequence[OrderSummary], summaries: Sequence[OrderSummary]
) -> OrdersRead | None:
    """The order described by goods ("the sofa order") that none of the usual ones has: no other stands in for it.

    The one that had them, cancelled goods included, so that the CRM says why it is past changing; else nobody's.
    """
    described = order_words(text)
    if not described:
        return None
    await reader.records.orders([each.number for each in summaries[:ORDERS_READ]])
    lines = [line for each in summaries[:ORDERS_READ] for line in reader.records.lines(each.number, gone=True)]
    named = resolve_lines(described, lines, focus=reader.focus, today=reader.records.today)
    inside = {match.candidate.order for match in named.matches if not _only_points(match)}
    if inside:
        return OrdersRead([*inside]) if len(inside) == 1 and named.sure else None
    thing = next((absent.words for absent in named.asked_but_absent if absent.kind == "thing"), "")
    return OrdersRead(choices=[each.number for each in meant], thing=thing) if thing else None


async def _fitting(reader: Reader, summaries: Sequence[OrderSummary]) -> list[OrderSummary]:
    possible = await reader.kind.candidates(reader.records)
    if possible is not None:
        return [each for each in summaries if each.number in possible]
    fit = [each for each in summaries if _fits(reader, each)]
    if fit:
        return await still_possible(reader.kind, fit, reader.records)
    return [each for each in summaries if each.state in reader.kind.else_states]


def _fits(reader: Reader, order: OrderSummary) -> bool:
    """Whether an order is in a state in which this kind, or the one that does the same there, is usual."""
    wish = reader.kind.wish
    if reader.kind.swaps:
        return any(order.state in kind.states for kind in KINDS if kind.wish == wish)
    return order.state in reader.kind.states


async def _numbered(reader: Reader, text: str, numbers: Sequence[str], summaries: Sequence[OrderSummary]) -> OrdersRead:
    by_key = {number_key(each.number): each.number for each in summaries}
    read = OrdersRead()
    for number in numbers:
        known = by_key.get(number_key(number))
        if known is None:
            if is_no_order(text, number, [each.number for each in summaries]):
                continue
            try:
                known = (await reader.records.order(number)).number
            except CrmNotFound:
                # A house's number is none of an order, nor is "order 4 mugs".
                no_order = reader.kind.moves or len(number_key(number)) < _SHORTEST_NUMBER
                read.absent = read.absent or (None if no_order else number)
                continue
        if known not in read.sure:
            read.sure.append(known)
    if read.sure:
        read.absent = None
    return read


async def _told_before_becoming(reader: Reader, text: str, meant: Sequence[OrderSummary]) -> OrdersRead | None:
    """The same as `_told`; what things are to become describes no order, where anything else does."""
    before = without_becoming(text) if reader.kind.swaps else text
    if before != text and (told := await _told(reader, before, meant)) is not None and not told.thing:
        return told
    return await _told(reader, text, meant)


async def _told(
    reader: Reader, text: str, meant: Sequence[OrderSummary], *, out_loud: bool = False
) -> OrdersRead | None:
    """What the words say of `meant`. `out_loud`: by goods, days or states only, not by comparing and pointing."""
    candidates = await reader.records.order_candidates([each.number for each in meant])
    candidates = [_with_place(reader, each, text) for each in candidates]
    if reader.kind.lines != "none" and (kept := left_out(text)):
        # "All but the scarf" is said of the order that has the scarf.
        lines = [line for each in candidates for line in each.lines]
        held = resolve_lines(kept, lines, focus=reader.focus, today=reader.records.today)
        inside = list(dict.fromkeys(match.candidate.order for match in held.matches))
        if held.status != "none" and inside:
            return OrdersRead(inside) if len(inside) == 1 else OrdersRead(choices=inside)
    shown = reader.request.shown or reader.focus.shown
    focus = replace(reader.focus, shown=shown)
    if reader.kind.lines != "none":
        every = [line for each in candidates for line in each.lines]
        text = without_only_told(text, every, today=reader.records.today)
    found = resolve_orders(text, candidates, focus=focus, today=reader.records.today)
    if not shown and compares_nothing_named(reader, text, candidates, found):
        return OrdersRead(choices=[each.number for each in meant], mismatched=True)
    pointed = bool(found.matches) and _only_points(found.matches[0])
    if found.sure and not (out_loud and pointed):
        numbers = [each.number for each in found.candidates]
        if len(numbers) == 1 or reader.kind.several_orders:
            return OrdersRead(numbers, pointed=pointed)
        if not reader.kind.goes_back:
            return OrdersRead(choices=numbers)
    lines = [line for each in candidates for line in each.lines]
    named = resolve_lines(text, lines, focus=focus, today=reader.records.today)
    inside = list(dict.fromkeys(match.candidate.order for match in named.matches))
    if out_loud and all(each.kind in _POINTS for match in named.matches for each in match.reasons):
        # "The last order": of lines it tells as little.
        inside = []
    if named.status in ("one", "many", "unclear") and inside:
        if len(inside) == 1:
            other = named.status == "unclear" and any(each.kind == "value" for each in named.asked_but_absent)
            return OrdersRead(inside, pointed=all(map(_only_points, named.matches)), mismatched=other)
        together = named_apart(named) or _BOTH.search(text) is not None
        if named.status == "many" and reader.kind.goes_back and together and not out_loud:
            return OrdersRead(inside[:1], apart=list(named.matches))
        return OrdersRead(choices=inside)
    if found.sure and not (out_loud and pointed):
        return OrdersRead(choices=[each.number for each in found.candidates])
    elsewhere = any(each.kind in ("state", "date") for each in found.asked_but_absent)
    if found.status == "unclear":
        return OrdersRead(choices=[each.number for each in found.candidates], mismatched=elsewhere)
    if elsewhere:
        # "The one on its way", where none of these is.
        return OrdersRead(choices=[each.number for each in meant], mismatched=True)
    thing = next((absent.words for absent in named.asked_but_absent if absent.kind == "thing"), "")
    if thing and not named.matches:
        return OrdersRead(choices=[each.number for each in meant], thing=thing)
    return None


def _with_place(reader: Reader, order: OrderCandidate, text: str) -> OrderCandidate:
    """The order with the city that it goes to, where that tells which is meant: "the Leeds order"."""
    view = reader.records.known(order.number)
    place = view.delivery if view is not None and not reader.kind.moves else None
    return replace(order, labels=[place.city]) if place and place.city and goes_to(place.city, text) else order


def _only_points(match: Match[Any]) -> bool:
    """Whether nothing but pointing and comparing says that it is meant."""
    return all(reason.kind in _POINTS for reason in match.reasons)
