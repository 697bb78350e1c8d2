"""Some pieces of what is asked about or offered: "only one of the two please", "one in black, the other stays", 只换一台."""  # noqa: E501

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Final

from actions.changes.every_piece import every_piece
from actions.changes.goods_meant import read_goods
from actions.changes.other_pieces import read_other_pieces
from actions.changes.portions import Part, part_meant
from actions.changes.request import ChangeRequest, all_left
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again
from actions.changes.steps.aims import names_another_order
from actions.changes.steps.outcome import events_of
from actions.changes.steps.questions import CORRECTED, OFFERED
from actions.changes.steps.step import Step
from actions.changes.targets_meant import read_target
from actions.desk import Event
from actions.resolver import LineCandidate, LineRequest, read_requests
from actions.resolver.portions import portion, portions_apart
from actions.resolver.resizing import resized

_ASKS: Final = re.compile(
    r"^\W*(?:and |so |ok |oh |but |wait )*(?:is|are|was|were|does|do|did|how|what|which|why|when|where|who)\b"
    r"|多少|什么|哪|几[个件台块条双只]|是不是|还是[^，。]*[?？]|有没有",
    re.IGNORECASE,
)
"""It is asked how many, or what of it, and nothing is wanted of some."""
_CALLS_OFF: Final = re.compile(r"\b(?:cancel|drop|remove|delete|scrap)\w*\b|取消|去掉|删", re.IGNORECASE)


async def take_portion(step: Step, asked: str) -> list[Event] | None:
    """Takes how many pieces of a line are meant, and what the others come to; None where a message says neither."""
    turn, dialogue = step.turn, step.dialogue
    request, kind = dialogue.request, dialogue.kind
    if asked not in {*CORRECTED, "target", "lines"} - {"address"} or kind.about != "order" or kind.lines == "none":
        return None
    if not request.orders or turn.pressed or turn.order_numbers or _ASKS.search(turn.text):
        return None
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    if not any(line.changeable > 1 for line in lines):
        return None
    counted = portion(turn.text)
    # "One of them gets swapped, the other one goes back": the other piece, and no other order.
    said = counted.text if counted is not None and counted.pieces and counted.rest else ""
    if await names_another_order(step, kind, text=said):
        return None
    before = copy.deepcopy(request.pieces())
    if not _resized(request, turn.text, lines, swaps=kind.swaps, asked=asked):
        today = dialogue.records.today
        part = part_meant(turn.text, lines, request, focus=dialogue.focus, today=today, correcting=True)
        every = every_piece(turn.text, lines, request, today=today) if kind.swaps else None
        if part is None and every is None and not (kind.swaps and portions_apart(turn.text)):
            return None
        wishes = read_requests(
            every.text if every else part.text if part else turn.text, lines, focus=dialogue.focus, today=today
        )
        if {each.wish for each in wishes} - {None, "keep", kind.wish} and not kind.any_wish:
            # Something else is wanted of them.
            return None
        if part is not None and every is None and _only_counts(request, part, wishes, asked):
            # "Only one of the two, the other stays plain" says how many become what is offered, and no more.
            line = next(each for each in lines if each.key == part.key)
            if request.lines[part.key] == all_left(line, part.pieces):
                put_again(step)
                return events_of(step)
            request.lines[part.key] = all_left(line, part.pieces)
            return await advanced(step)
        await read_goods(dialogue.reader, turn.text, correcting=True)
        subject = request.question.get("subject")
        if asked == "target" and part is not None and subject == part.key and part.key not in request.targets:
            await read_target(dialogue.reader, part.text, part.key)
    if request.pieces() == before and not request.then:
        return None
    await read_other_pieces(dialogue.reader, turn.text)
    return await advanced(step, noted=asked in ("reason", "target"))


async def counts_only(step: Step, asked: str) -> list[Event] | None:
    """How many pieces of a line become what is offered for it, whatever else is offered beside; None where more is said."""  # noqa: E501
    turn, dialogue = step.turn, step.dialogue
    request = dialogue.request
    if request.kind != "change_items" or asked not in OFFERED or turn.pressed or _ASKS.search(turn.text):
        return None
    if len(request.lines) < 2 or _CALLS_OFF.search(turn.text):
        return None
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    today = dialogue.records.today
    part = part_meant(turn.text, lines, request, focus=dialogue.focus, today=today, correcting=True)
    if part is None:
        return None
    wishes = read_requests(part.text, lines, focus=dialogue.focus, today=today)
    named = {match.candidate.key for wish in wishes for match in wish.lines.matches}
    if not named <= {part.key} or not _only_counts(request, part, wishes, asked):
        return None
    line = next(each for each in lines if each.key == part.key)
    request.lines[part.key] = all_left(line, part.pieces)
    await dialogue.drop_proposals()
    return await advanced(step)


def _only_counts(request: ChangeRequest, part: Part, wishes: Sequence[LineRequest], asked: str) -> bool:
    """Whether a message says how many pieces of a line become what is offered for it, and nothing else of any."""
    if asked not in OFFERED or part.key not in request.targets or part.key not in request.lines or request.also:
        return False
    if part.portion.rest not in (None, "keep") or part.portion.each:
        return False
    return not any(wish.target is not None and wish.target.matches for wish in wishes)


def _resized(request: ChangeRequest, text: str, lines: list[LineCandidate], *, swaps: bool, asked: str) -> bool:
    """Takes another number of what is offered: 数量改成一台 beside a change is how many are changed."""
    if asked not in OFFERED or (swaps and (_CALLS_OFF.search(text) or not request.targets)):
        return False
    sizes = {value.strip() for line in lines for value in line.options.values()}
    said = resized(text, sizes=sizes)
    several = [line for line in lines if line.changeable > 1 and (line.key in request.lines or not request.lines)]
    if said is None or said.to is None or len(several) != 1 or said.to > several[0].changeable:
        return False
    line = several[0]
    request.lines = {**request.lines, line.key: all_left(line, said.to)}
    request.whole = False
    request.also.pop(line.key, None)
    return True
