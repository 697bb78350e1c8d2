"""Goods of the open request that are said to stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import SlotSet

from actions.changes.goods_meant import read_goods
from actions.changes.kinds import BY_KEY
from actions.changes.left_alone import LeftAlone, left_alone
from actions.changes.other_pieces import read_other_pieces
from actions.changes.queueing import SLOT as QUEUE
from actions.changes.steps.advancing import advanced
from actions.changes.steps.elsewhere import order_meant_instead
from actions.changes.steps.leaving import turn_down
from actions.changes.steps.questions import CORRECTED, NARROWED
from actions.changes.steps.step import Step
from actions.changes.taking_orders import re_aim
from actions.desk import Event
from actions.resolver import LineCandidate, read_requests, resolve_lines, resolve_variant
from actions.resolver.only_that import as_only_one


async def goods_left(step: Step, asked: str) -> list[Event] | None:
    """What is to stay is taken out of the request, or ends it when it is all there is; what else is said is answered.

    None where the message says of nothing that the request is about that it is to stay.
    """
    dialogue, turn = step.dialogue, step.turn
    request = dialogue.request
    if asked not in NARROWED or dialogue.kind.lines == "none" or not request.orders:
        return None
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    buttons = request.question.get("buttons") or []
    shown = [each for each in buttons if "target=" in str(each["payload"])]
    text = as_only_one(turn.text) if asked == "target" and len(shown) == 1 else turn.text
    left = left_alone(text, lines, focus=dialogue.focus, today=dialogue.records.today)
    every: dict[str, int | None] = {line.key: None for line in lines}
    meant = request.lines or (every if request.whole or asked in CORRECTED else {})
    if left is None or not left.kept & meant.keys():
        return None
    staying = {key: quantity for key, quantity in meant.items() if key not in left.kept}
    if staying:
        request.orders = [number for number in request.orders if any(_is_of(key, number) for key in staying)]
        others = {key for key in every if any(_is_of(key, number) for number in request.orders)}
        request.lines, request.whole = staying, False
        if dialogue.kind.lines == "some" and staying.keys() == others and not any(staying.values()):
            # Whole orders are left, of which no line is listed.
            request.lines, request.whole = {}, True
        request.targets = {key: sku for key, sku in request.targets.items() if key in staying}
        await dialogue.drop_proposals()
        rest = "" if _of_what_stays(step, left, lines) else left.rest
        if rest:
            await read_goods(dialogue.reader, rest, correcting=True)
            await read_other_pieces(dialogue.reader, rest)
        return await advanced(step)
    if await order_meant_instead(step, asked) is not None:
        # "Not the jumper, the scarf": what is meant instead is in another order.
        return None
    wishes = read_requests(left.rest, lines, focus=dialogue.focus, today=dialogue.records.today)
    others = {line.key for wish in wishes if wish.lines.sure for line in wish.lines.candidates} - left.kept
    if others and not {wish.wish for wish in wishes} - {"keep", None, dialogue.kind.wish}:
        await dialogue.drop_proposals()
        request.lines, request.targets, request.whole, request.question = {}, {}, False, {}
        await read_goods(dialogue.reader, left.rest)
        if request.lines or dialogue.reader.line_choices:
            return await advanced(step)
    if await _becomes_instead(step, left):
        return await advanced(step)
    later = {"text": request.text, "intent": next(iter(dialogue.kind.intents), ""), "begun": True}
    events = await turn_down(step, left.rest)
    if left.for_now and left.rest and request.text:
        queue = [*next((list(each["value"]) for each in events if each.get("name") == QUEUE), []), later]
        events = [*(each for each in events if each.get("name") != QUEUE), SlotSet(QUEUE, queue)]
    return events


def _of_what_stays(step: Step, left: LeftAlone, lines: Sequence[LineCandidate]) -> bool:
    """Whether what stands before is said of the thing asked about, which stays: "none in beige? Then leave the bed"."""
    subject = str(step.dialogue.request.question.get("subject") or "")
    if subject not in left.kept or not left.rest or not step.turn.text.lstrip().startswith(left.rest.strip()):
        return False
    found = resolve_lines(left.rest, lines, today=step.dialogue.records.today)
    return not any(reason.kind in ("name", "near_name") for match in found.matches for reason in match.reasons)


def _is_of(key: str, number: str) -> bool:
    return key.rpartition("/")[0] == number


async def _becomes_instead(step: Step, left: LeftAlone) -> bool:
    """Whether the one thing that is not to go shall be another version of it: "don't cancel it, I want it in white"."""
    dialogue, (key, *further) = step.dialogue, left.kept
    line = dialogue.records.line(key)
    if further or line is None or dialogue.kind.swaps or not left.rest:
        return False
    variants: list[Any] = list(await dialogue.records.variants(line.sku))
    found = resolve_variant(left.rest, variants, current=line, focus=dialogue.focus)
    if found.said_nothing or found.status not in ("one", "unclear"):
        return False
    dialogue.request.lines, dialogue.request.whole = {key: None}, False
    await re_aim(dialogue, BY_KEY["exchange"])
    await read_goods(dialogue.reader, left.rest, correcting=True)
    return True
