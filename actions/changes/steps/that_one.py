"""A correction of which goods are meant, by their values or their order: "not that one, the waterproof pair"."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.orders_meant import fitting
from actions.changes.other_pieces import read_other_pieces
from actions.changes.records import ORDERS_READ
from actions.changes.steps.advancing import advanced
from actions.changes.steps.questions import CORRECTED
from actions.changes.steps.step import Step
from actions.changes.taking_orders import take_orders
from actions.desk import Event
from actions.resolver import LineCandidate, resolve_lines, without_order_words
from actions.resolver.denied import affirmed, corrected
from actions.resolver.orders_told import narrowed

_OTHER_WISH: Final = re.compile(r"\b(?:swap|exchange|change|replace|make it|in(?:to)?|to be)\b|[换改成]", re.IGNORECASE)


async def line_meant_instead(step: Step, asked: str) -> list[Event] | None:
    """Goes over to the line that a correction means, in whichever order; None where it means none surely.

    Only what goes is corrected so: of what is swapped other values are what it is to become.
    """
    dialogue, text = step.dialogue, step.turn.text
    request, records = dialogue.request, dialogue.records
    meant = affirmed(text) if corrected(text) else ""
    if asked not in CORRECTED or not meant or dialogue.kind.lines == "none" or dialogue.kind.swaps:
        return None
    if len(request.orders) != 1 or len(request.lines) != 1 or step.turn.order_numbers or _OTHER_WISH.search(meant):
        return None
    line = await _same_goods(step, meant)
    if line is None or line.key in request.lines:
        return None
    quantity = next(iter(request.lines.values()))
    await records.orders([line.order])
    await dialogue.drop_proposals()
    request.forget_order()
    request.text, request.question = meant, {}
    await take_orders(dialogue, [line.order])
    reader = dialogue.reader
    request.lines = request.lines or {line.key: None if quantity is None or quantity >= line.changeable else quantity}
    if line.key not in request.lines:
        request.lines = {line.key: None}
    request.whole, reader.line_choices, reader.line_absent = False, [], ""
    await read_other_pieces(reader, meant)
    return await advanced(step)


async def _same_goods(step: Step, meant: str) -> LineCandidate | None:
    """The one line of the goods spoken of, wherever it was ordered, that words mean by more than pointing at it."""
    dialogue, records = step.dialogue, step.dialogue.records
    numbers = [each.number for each in await records.summaries()][:ORDERS_READ]
    fit = [number for number in numbers if number in await fitting(dialogue.reader)]
    orders = narrowed(meant, await records.order_candidates(fit), today=records.today)
    current = records.line(next(iter(dialogue.request.lines)))
    if current is None:
        return None
    same = [line for order in orders for line in order.lines if set(line.titles) & set(current.titles)]
    found = resolve_lines(without_order_words(meant), same, today=records.today)
    told = [match for match in found.matches if any(each.kind not in ("pronoun", "only") for each in match.reasons)]
    if found.status == "one" and told:
        return told[0].candidate
    left = [line for line in same if line.key != current.key]
    return left[0] if len(orders) < len(fit) and len(left) == 1 and not found.asked_but_absent else None
