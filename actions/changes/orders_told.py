"""Which orders are left before it is read which is meant: by state and day, by what stays, by what describes one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ
from actions.changes.which_order import becoming, without_becoming
from actions.resolver import (
    LineCandidate,
    Match,
    order_words,
    resolve_lines,
    resolve_orders,
    resolve_variant,
    without_order_words,
)
from actions.resolver.kept_apart import others_than_kept
from actions.resolver.orders_told import narrowed
from shopdesk_schemas.crm import OrderSummary

_TELLS: Final = frozenset({"comparative", "date", "state", "line"})
_SEVERAL: Final = re.compile(r"\borders\b|\b(?:both|each|either)\b|两单|两个订单|都|;", re.IGNORECASE)
_WHOLE: Final = re.compile(r"\b(?:whole|entire|complete|full) (?=\w)", re.IGNORECASE)
_ANOTHER: Final = re.compile(
    r"\b(?:in|from|of|and|but) the (?:newer|older|other|second|first|bigger|smaller|dearer|cheaper|latest|last) one\b",
    re.IGNORECASE,
)
_ONES: Final = re.compile(r"\bones?\b.*\bones?\b|(那[双个件条只台]).*\1|(一[双个件条只台]).*\2", re.IGNORECASE)
"""The same goods are spoken of more than once: "the small ones in yellow, the size 10 ones in blue"."""
_COMPARES: Final = re.compile(
    r"\b(?:older|newer|bigger|larger|smaller|dearer|cheaper|more expensive|less expensive|pricier)\b", re.IGNORECASE
)


async def narrowed_orders(reader: Reader, text: str, summaries: Sequence[OrderSummary]) -> list[OrderSummary]:
    """Those of `summaries` that are left by what is said beside the goods; all where nothing is."""
    read = [each.number for each in summaries[:ORDERS_READ]]
    if reader.kind.lines == "none" or len(read) < 2:
        return list(summaries)
    left = narrowed(text, await reader.records.order_candidates(read), today=reader.records.today)
    numbers = {order.number for order in left}
    return [each for each in summaries if each.number in numbers] if len(left) < len(read) else list(summaries)


async def gone_beside_kept(reader: Reader, text: str, meant: Sequence[OrderSummary]) -> list[LineCandidate]:
    """The lines of `meant` that go, where what stays is named: "keep the one with the watch, cancel the other"."""
    if reader.kind.lines == "none" or reader.kind.swaps or len(meant) < 2:
        return []
    orders = await reader.records.order_candidates([each.number for each in meant[:ORDERS_READ]])
    return others_than_kept(text, orders, today=reader.records.today)


async def described_order(reader: Reader, text: str, meant: Sequence[OrderSummary]) -> str | None:
    """The one of `meant` that is described as an order, whatever is said of its goods: "the bigger order, except …"."""
    text = _WHOLE.sub("", text)
    described = order_words(text)
    if reader.kind.lines == "none" or not described or _SEVERAL.search(described) or len(meant) < 2:
        return None
    if _ANOTHER.search(text):
        # "The older order can go, and in the newer one …"
        return None
    orders = await reader.records.order_candidates([each.number for each in meant[:ORDERS_READ]])
    unsent = [order for order in orders if order.state == "open"]
    if _COMPARES.search(described) and len(unsent) > 1:
        # Of two that were not sent one is the older, whatever came before.
        orders = unsent
    told = resolve_orders(described, orders, focus=reader.focus, today=reader.records.today)
    kinds = {reason.kind for match in told.matches for reason in match.reasons}
    return told.first.number if told.status == "one" and kinds & _TELLS else None


async def settled_choice(reader: Reader, text: str, choices: Sequence[str]) -> str | None:
    """The one of several orders that may be meant which has all that is named, or none of what it is to become yet."""
    if reader.kind.lines == "none":
        return None
    await reader.records.orders(choices)
    lines = [line for number in choices for line in reader.records.lines(number)]
    text = without_order_words(text)
    named = resolve_lines(without_becoming(text) if reader.kind.swaps else text, lines, today=reader.records.today)
    held: dict[str, set[str]] = {}
    for match in named.matches:
        if any(reason.kind in ("name", "near_name") for reason in match.reasons):
            held.setdefault(match.candidate.order, set()).add(match.candidate.titles[0])
    titles = set().union(*held.values()) if held else set()
    if _told_apart(named.matches) or _ONES.search(text):
        return None
    whole = [number for number, inside in held.items() if inside == titles]
    if len(titles) > 1 and len(whole) == 1:
        return whole[0]
    return await _not_yet(reader, text, [match.candidate for match in named.matches])


def _told_apart(matches: Sequence[Match[LineCandidate]]) -> bool:
    """Whether the same goods are named more than once, each by values of its own: "the small ones …, the size 10 …"."""
    values: dict[str, set[tuple[str, ...]]] = {}
    for match in matches:
        own = tuple(sorted(reason.words for reason in match.reasons if reason.kind in ("option", "comparative")))
        values.setdefault(match.candidate.titles[0], set()).add(own)
    return any(len(each) > 1 for each in values.values())


async def _not_yet(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> str | None:
    """The one order of `lines` that has not yet what they are to become: "the size 12 pair, waterproof please"."""
    wanted = becoming(text) if reader.kind.swaps else ""
    if not wanted or len({line.titles[0] for line in lines}) != 1:
        return None
    left: set[str] = set()
    for line in lines:
        variants = await reader.records.variants(line.sku)
        target = resolve_variant(wanted, variants, current=line, focus=reader.focus)
        if not any(each.kind == "current" for each in target.asked_but_absent):
            left.add(line.order)
    return left.pop() if len(left) == 1 else None
