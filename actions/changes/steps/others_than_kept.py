"""What stays and what goes of goods that several orders have, said while something is asked or offered of them.

"No, keep the cheaper kettle and cancel the dearer one", to an offer that calls off the cheaper: the dearer one is
called off then, in whichever order it is, and nothing else that was offered is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from actions.changes.orders_meant import fitting
from actions.changes.records import ORDERS_READ
from actions.changes.request import ChangeRequest
from actions.changes.several import ITEMS
from actions.changes.steps.advancing import advanced
from actions.changes.steps.questions import CORRECTED
from actions.changes.steps.step import Step
from actions.changes.turned_down import clauses_of
from actions.desk import Event
from actions.resolver import LineCandidate, resolve_lines
from actions.resolver.kept_apart import others_than_kept

_ASKED: Final = frozenset({*CORRECTED, "order", "lines", "target"})

_OF_ORDERS: Final = re.compile(
    r"\b(?:the|that|my) (?:[\w-]+ ){0,3}(?:one|order)\b|\bthe other\b(?! ones)|\b(?:one|order) with\b"
    r"|[那这另][一]?[单个张]|订单|另一",
    re.IGNORECASE,
)
"""Of the orders one is spoken of, and not single goods."""
_KEEPS: Final = re.compile(
    r"\b(?:keep|leave|hold on to)\b|\b(?:don['’]?t|do not|not) cancel\b|留|保留|(?:别|不要?|不用)取消",
    re.IGNORECASE,
)
_KEEPS_NOT: Final = re.compile(
    r"\b(?:don['’]?t|do not|not) (?:keep|leave|want)\b|不(?:想|用|必)?(?:要(?!取消)|留)"
    r"|\b(?:\w+n['’]t|(?:do|wo|ca|could|would|does|did|is|should)nt|cannot|not|never"
    r"|no (?:reason|need|point|use|sense|longer))"
    r"(?: (?!cancel)\w+){0,4} (?:keep|leave|hold)\b"
    r"|\bleave\b.*\b(?:on|at|by|outside|behind|near|neighbou?rs?|porch|door)\b"
    r"|留(?:下|着|在[^，。]{0,8})?的|留(?:一?个?)?(?:言|话|电话)|(?:不|没|别|无)(?:(?!取消)[^，。\s]){0,4}留",
    re.IGNORECASE,
)


def keeps_said(said: str) -> bool:
    """Whether a clause says that something stays: not "I needn't keep it", "leave it on the porch", 留下的杯子."""
    return _KEEPS.search(said) is not None and _KEEPS_NOT.search(said) is None


async def others_called_off(step: Step, asked: str) -> list[Event] | None:
    """Calls off the others than those that are said to stay; None where a message says that of none."""
    turn, request = step.turn, step.dialogue.request
    if request.kind not in (ITEMS, "cancel") or asked not in _ASKED or turn.pressed or turn.order_numbers:
        return None
    if request.kind == "cancel" and not request.lines and (whole := await _whole_order_kept(step)) is not None:
        return whole
    gone = await _gone(step)
    titles = {line.titles[0] for line in gone}
    meant = [line for key in request.lines if (line := step.dialogue.records.line(key)) is not None]
    beside = [line for line in meant if line.titles[0] not in titles]
    if not gone or (request.kind == ITEMS and beside) or {line.key for line in gone} == {*request.lines}:
        return None
    kept = {line.key: request.lines[line.key] for line in beside}
    orders = list(dict.fromkeys([*(request.orders if kept else []), *(line.order for line in gone)]))
    await step.dialogue.records.orders(orders)
    requests = [_calling_off(step, number, gone, kept) for number in orders]
    if len(requests) > 1 and not any(each.whole for each in requests):
        # Shown together, and agreed to together.
        lines = {key: pieces for each in requests for key, pieces in each.lines.items()}
        requests = [replace(requests[0], orders=orders, lines=lines)]
    later = [each for each in request.then if not _calls_off_any(each, [*request.lines])]
    first = requests[0]
    first.then = [*(each.as_slot() for each in requests[1:]), *later]
    await step.dialogue.drop_proposals()
    step.go_on_with(first)
    return await advanced(step)


async def _whole_order_kept(step: Step) -> list[Event] | None:
    """Of several whole orders that are to go, those stay that a message keeps by what is in them; else None."""
    records, request = step.dialogue.records, step.dialogue.request
    text = step.turn.text
    if len(request.orders) < 2 or not _OF_ORDERS.search(text):
        return None
    await records.orders(request.orders)
    lines = [line for number in request.orders for line in records.lines(number)]
    kept: set[str] = set()
    for said, _ in clauses_of(text):
        if keeps_said(said):
            found = resolve_lines(_KEEPS.sub(" ", said), lines, today=records.today)
            kept |= {each.candidate.order for each in found.matches if any(why.kind == "name" for why in each.reasons)}
    left = [number for number in request.orders if number not in kept]
    if not kept or not left:
        return None
    await step.dialogue.drop_proposals()
    later = ChangeRequest("cancel", f"{step.turn.message_id}:{left[0]}", text, orders=left, whole=True, together=True)
    later.refund_target = request.refund_target
    step.go_on_with(later)
    return await advanced(step)


async def _gone(step: Step) -> list[LineCandidate]:
    """The lines that go; where no goods are named those are spoken of that the request is about."""
    records, request = step.dialogue.records, step.dialogue.request
    numbers = [each.number for each in await records.summaries()][:ORDERS_READ]
    fit = await fitting(step.dialogue.reader) | {*request.orders}
    orders = await records.order_candidates([number for number in numbers if number in fit])
    if gone := others_than_kept(step.turn.text, orders, today=records.today):
        return gone
    titles = {line.titles[0] for key in request.lines if (line := records.line(key)) is not None}
    if len(titles) != 1:
        return []
    return others_than_kept(f"{titles.pop()}. {step.turn.text}", orders, today=records.today)


def _calling_off(step: Step, number: str, gone: Sequence[LineCandidate], kept: dict[str, int | None]) -> ChangeRequest:
    """The request that calls off what goes of one order, and what was called off of it before."""
    every = {line.key for line in step.dialogue.records.lines(number)}
    lines: dict[str, int | None] = {line.key: None for line in gone if line.order == number}
    lines |= {key: pieces for key, pieces in kept.items() if key in every}
    whole = lines.keys() == every and not any(lines.values())
    origin = f"{step.turn.message_id}:{number}"
    return ChangeRequest(
        "cancel", origin, step.turn.text, orders=[number], lines={} if whole else lines, whole=whole, together=True
    )


def _calls_off_any(each: dict[str, object], keys: Collection[str]) -> bool:
    """Whether a request that would follow is of the same lines, and is taken back with them."""
    lines = each.get("lines")
    return each["kind"] == "cancel" and isinstance(lines, dict) and bool(lines.keys() & {*keys})
