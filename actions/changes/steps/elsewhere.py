"""A message that means another order than the one that is spoken of, in the middle of its change: "no, the boots".

What is refused is never taken again; what is named in its place is, wherever it was ordered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from actions.changes.records import ORDERS_READ
from actions.changes.steps.questions import OTHER_ORDER, is_question
from actions.changes.steps.step import Step
from actions.changes.taking_orders import take_orders
from actions.changes.targets_meant import take_targets_of
from actions.changes.which_order import before_becoming, without_becoming
from actions.resolver import LineCandidate, Match, OrderCandidate, resolve_lines, resolve_orders
from actions.resolver.denied import affirmed

_CORRECTS: Final = re.compile(
    r"^\W*(?:no+|nope|not?|nah|wrong|sorry|wait|actually|oops)\b|\b(?:not|isn'?t|wasn'?t|rather than|instead of) (?:the|that|this|my|those)\b"  # noqa: E501
    r"|\bi (?:mean|meant|said)\b|\binstead\b|\bwrong (?:one|order|item|thing)\b"
    r"|不是|不对|错了|搞错|弄错|我说的|我是说|我指的|说的是|而是|应该是",
    re.IGNORECASE,
)
"""Something else is meant than what was understood."""
_MORE: Final = re.compile(r"\b(?:also|too|as well|plus|add|both)\b|也|还有|另外|顺便|一起", re.IGNORECASE)
_NAMES: Final = frozenset({"name", "near_name", "number"})
_TELLS: Final = frozenset({"state", "date"})


_AN_ORDER: Final = re.compile(r"\b(?:orders?|ordered|placed|bought)\b|单|下的|买的", re.IGNORECASE)


async def order_meant_instead(step: Step, asked: str) -> str | None:
    """The one other order that a message means, while `asked` is the question; None where it means none surely.

    Goods of other orders are meant where they are named in correction; an order also where its state or its day is
    told, which the one that is spoken of has not.
    """
    dialogue, text = step.dialogue, step.turn.text
    request, records = dialogue.request, dialogue.records
    if dialogue.kind.about != "order" or len(request.orders) != 1 or asked in dialogue.kind.names or asked == "address":
        return None
    if is_question(text) and not _CORRECTS.search(text):
        return None
    summaries = [each.number for each in await records.summaries()][:ORDERS_READ]
    if len(summaries) < 2 or request.orders[0] not in summaries:
        return None
    meant = affirmed(text)
    said = without_becoming(meant) if dialogue.kind.swaps else meant
    orders = await records.order_candidates(summaries)
    own = next(order for order in orders if order.number == request.orders[0])
    if _names_goods(resolve_lines(said, own.lines, today=records.today).matches) and not OTHER_ORDER.search(text):
        return None
    corrects = _CORRECTS.search(text) is not None and _MORE.search(text) is None
    told = resolve_orders(said, orders, focus=dialogue.focus, today=records.today)
    kinds = {reason.kind for match in told.matches for reason in match.reasons}
    candidates = [match.candidate for match in told.matches]
    if own in candidates or not (kinds & _TELLS or (corrects and kinds & {"line"})):
        return None
    if asked.startswith("wish") and kinds & _TELLS <= {"date"} and _AN_ORDER.search(text) is None:
        # "Or on Monday then": the day that is wished for, on which another order happens to have been placed.
        return None
    if len(candidates) > 1:
        candidates = _with_same_goods(request.lines, own.lines, candidates)
    elif not told.sure:
        return None
    if len(candidates) != 1:
        return None
    lines = resolve_lines(said, candidates[0].lines, today=records.today)
    named = _names_goods(lines.matches)
    if dialogue.kind.swaps and not named:
        # "Not cancelled, changed to 2 litres, the induction one": more of what it is to become.
        lines = resolve_lines(before_becoming(meant), candidates[0].lines, today=records.today)
    if not kinds & _TELLS and not named and not (lines.status == "one" and (meant != text or not dialogue.kind.swaps)):
        # Values alone, as colours, are what something is to become, unless they are said instead of others.
        return None
    return candidates[0].number


def _names_goods(matches: Sequence[Match[LineCandidate]]) -> bool:
    return any(reason.kind in _NAMES for match in matches for reason in match.reasons)


def _with_same_goods(
    meant: Collection[str], own: Sequence[LineCandidate], candidates: Sequence[OrderCandidate]
) -> list[OrderCandidate]:
    """Those of `candidates` that have what is spoken of: "the one I received", of the puzzle."""
    titles = {title for line in own if line.key in meant for title in line.titles}
    return [order for order in candidates if any(titles & set(line.titles) for line in order.lines)]


async def go_over_to(step: Step, number: str) -> None:
    """Goes on with another order: what was said of the goods of the one before does not hold for it."""
    dialogue, turn = step.dialogue, step.turn
    request = dialogue.request
    before, text = request.whole or not request.lines, request.text
    await dialogue.drop_proposals()
    await dialogue.records.orders([number])
    lines = dialogue.records.lines(number)
    named = _names_goods(resolve_lines(turn.text, lines, today=dialogue.records.today).matches)
    request.forget_order()
    request.question = {}
    request.text = turn.text if named else text
    await take_orders(dialogue, [number])
    reader = dialogue.reader
    if named and dialogue.kind.swaps and request.lines and not request.targets:
        await take_targets_of(reader, text)
    if not (before or request.lines or request.whole or reader.line_choices or dialogue.waits):
        # Goods were meant, and none of these was named: it is asked which, and never all of them are taken.
        reader.line_choices = [line.key for line in lines]
