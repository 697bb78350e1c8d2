"""A correction of which goods are meant, by their values or their order: "not that one, the waterproof pair"."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.orders import ChangeItems
from actions.changes.orders_meant import fitting
from actions.changes.other_pieces import read_other_pieces
from actions.changes.owned import says_owned
from actions.changes.placing import PlaceOrder
from actions.changes.records import ORDERS_READ
from actions.changes.request import ChangeRequest
from actions.changes.steps.advancing import advanced
from actions.changes.steps.questions import CORRECTED
from actions.changes.steps.step import Step
from actions.changes.taking_orders import read_first, take_orders
from actions.desk import Event
from actions.resolver import LineCandidate, resolve_lines, without_order_words
from actions.resolver.denied import affirmed, corrected
from actions.resolver.orders_told import narrowed

_OTHER_WISH: Final = re.compile(r"\b(?:swap|exchange|change|replace|make it|in(?:to)?|to be)\b|[换改成]", re.IGNORECASE)

_NO_PURCHASE: Final = re.compile(
    r"\b(?:exchange|swap)\b|\b(?:not|don'?t|no)\b[^.;!?]{0,20}\b(?:buy|buying|purchase"
    r"|order(?:ing)? (?:a )?(?:new|another))\b"
    r"|\bchange (?:it|mine|my|the one)\b|\binstead of (?:the one|mine|my)\b"
    r"|不是(?:要|想)?(?:再)?(?:买|下单)|没(?:有)?(?:要|想)买|换货|我是(?:要|想)换|把我|不买",
    re.IGNORECASE,
)

_DENIED_PURCHASE: Final = re.compile(
    r"(?:\b(?:no|nope)\b\W{0,4})?[^,.;!?]{0,60}\b(?:don'?t|do not|didn'?t|not|no)\b[^,.;!?]{0,60}"
    r"\b(?:buy|buying|purchase|order(?:ing)?)\b[^,.;!?]*[,.;!?]*"
    r"|[^，。；！？,;]{0,40}(?:不是|没有?|不)(?:要|想)?(?:再)?(?:买|下单)[^，。；！？,;]*[，。；！？,;]*",
    re.IGNORECASE,
)


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


async def not_bought(step: Step) -> list[Event] | None:
    """Goes over from a purchase to a change of what is owned: "it's the one I already received, so an exchange"."""
    dialogue, turn = step.dialogue, step.turn
    if dialogue.kind.key != PlaceOrder.key or turn.pressed or step.verification.level != "customer":
        return None
    if not (says_owned(turn.text) or _NO_PURCHASE.search(turn.text)):
        return None
    words = f"{dialogue.request.text.strip().rstrip('.。')}. {_DENIED_PURCHASE.sub(' ', turn.text).strip()}"
    numbers = [each.number for each in await dialogue.records.summaries()][:ORDERS_READ]
    await dialogue.records.orders(numbers)
    lines = [line for number in numbers for line in dialogue.records.lines(number)]
    named = resolve_lines(words, lines, today=dialogue.records.today)
    if not named.matches:
        return None
    await dialogue.drop_proposals()
    changed = step.read_afresh(ChangeRequest(ChangeItems.key, turn.message_id, words))
    await read_first(changed, turn.order_numbers)
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
