"""What else a message may be aimed at: another kind of change of the same things, or another order."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.kind import NOT_SENT, ChangeKind
from actions.changes.kinds import BY_KEY
from actions.changes.orders_meant import read_orders
from actions.changes.records import ORDERS_READ
from actions.changes.said_of_each import names_goods
from actions.changes.steps.questions import QUESTIONS_IN_VAIN, is_question
from actions.changes.steps.step import Step
from actions.changes.turned_down import calls_off_plainly
from actions.resolver import LineRequest, Wish, bare_mention, read_requests

_BY_WISH: Final[dict[Wish, str]] = {"return": "return", "exchange": "exchange", "cancel": "cancel"}
_THIS_ORDER: Final = re.compile(
    r"\b(?:that|this|the same) (?:same )?order\b(?! (?:with|from|of|that|which|i)\b)"
    r"|(?:这|同一?)(?:个|一)?(?:订)?单(?!子?里?[^，。]{1,8}那)",
    re.IGNORECASE,
)
"""The order that is spoken of, wherever another one goes."""


async def wanted_instead(step: Step, text: str) -> ChangeKind | None:
    """The other kind that `text` wants for what this request is about; None where it asks, or wants nothing."""
    dialogue = step.dialogue
    if is_question(text) or not dialogue.request.orders or dialogue.kind.wish is None:
        return None
    await dialogue.records.orders(dialogue.request.orders)
    lines = [line for number in dialogue.request.orders for line in dialogue.records.lines(number)]
    wishes = read_requests(text, lines, focus=dialogue.focus, today=dialogue.records.today)
    wished = {each.wish for each in wishes} - {None, "keep"}
    kind = await kind_of(step, wished.pop()) if len(wished) == 1 else None  # type: ignore[arg-type]
    return kind if kind is not dialogue.kind else None


async def wants_none_of_them(step: Step) -> Wish | None:
    """At the question what a line shall become: that it is to go back or be called off, and nothing to come."""
    dialogue, turn = step.dialogue, step.turn
    await dialogue.records.orders(dialogue.request.orders)
    lines = [line for key in dialogue.request.lines if (line := dialogue.records.line(key)) is not None]
    if is_question(turn.text) or await _names_others(step):
        return None
    read = read_requests(turn.text, lines, focus=dialogue.focus, today=dialogue.records.today)
    if not calls_off_plainly(turn.text) and not any(names(each) for each in read):
        # "Not the bamboo one": a version is refused, and the thing itself is still wanted.
        return None
    wished = {each.otherwise or each.wish for each in read if each.target is None or each.otherwise}
    return next((wish for wish in ("return", "cancel") if wished == {wish}), None)


async def _names_others(step: Step) -> bool:
    """Whether goods are named that are not those of the request: what is called off is those."""
    dialogue = step.dialogue
    numbers = [each.number for each in await dialogue.records.summaries()][:ORDERS_READ]
    await dialogue.records.orders(numbers)
    lines = [line for number in numbers for line in dialogue.records.lines(number)]
    meant = {title for key in dialogue.request.lines if (line := dialogue.records.line(key)) for title in line.titles}
    named = names_goods(step.turn.text, lines, today=dialogue.records.today)
    return bool(named) and not any(meant & set(line.titles) for line in lines if line.key in named)


def names(wish: LineRequest) -> bool:
    """Whether what is wanted is said of goods by their name."""
    return any(reason.kind in ("name", "near_name", "number") for m in wish.lines.matches for reason in m.reasons)


async def only_mentions(step: Step) -> bool:
    """Whether the message does nothing but name goods of the orders that this is about."""
    dialogue = step.dialogue
    numbers = dialogue.request.orders or [each.number for each in await dialogue.records.summaries()][:ORDERS_READ]
    await dialogue.records.orders(numbers)
    lines = [line for number in numbers for line in dialogue.records.lines(number)]
    return bare_mention(step.turn.text, lines, focus=dialogue.focus, today=dialogue.records.today) is not None


async def kind_of(step: Step, wish: Wish) -> ChangeKind | None:
    """The kind that a wish without goods means for the orders of this request."""
    dialogue = step.dialogue
    if dialogue.kind.wish is None or wish == dialogue.kind.wish or wish not in _BY_WISH:
        return None
    views = await dialogue.records.orders(dialogue.request.orders)
    key = _BY_WISH[wish]
    if key == "return" and views and all(view.state in NOT_SENT for view in views):
        # What was not sent yet cannot come back: its money does by cancelling.
        key = "cancel"
    return BY_KEY[key]


def restates(step: Step, asked: str) -> bool:
    """Whether the whole request is said again, because what was made of it is not what was meant."""
    refused = asked == "confirmation" and step.turn.message.get("opening") == "deny"
    again = asked in ("revision", "alternative", "lines", "target")
    return (refused or again) and step.is_request() and step.dialogue.request.in_vain < QUESTIONS_IN_VAIN


async def names_another_order(step: Step, kind: ChangeKind, *, text: str = "") -> bool:
    """Whether another order is meant, by its number or by what only it has.

    `text`: the message without what is known to mean no order.
    """
    dialogue, numbers = step.dialogue, step.turn.order_numbers
    text = text or step.turn.text
    request = dialogue.request
    if not numbers and _THIS_ORDER.search(text):
        return False
    if not request.orders or request.question.get("slot") in dialogue.kind.names:
        return False
    current, request.kind = request.kind, kind.key
    try:
        read = await read_orders(dialogue.reader, text, numbers, asked=True)
    finally:
        request.kind = current
    if read.sure:
        return not set(read.sure) & set(request.orders)
    return await _names_goods_elsewhere(step)


async def _names_goods_elsewhere(step: Step) -> bool:
    """Whether goods are named that orders have, but none of those that are spoken of: which order is asked later."""
    dialogue = step.dialogue
    numbers = [each.number for each in await dialogue.records.summaries()][:ORDERS_READ]
    await dialogue.records.orders(numbers)
    lines = [line for number in numbers for line in dialogue.records.lines(number)]
    named = names_goods(step.turn.text, lines, today=dialogue.records.today)
    here = {title for line in lines if line.order in dialogue.request.orders for title in line.titles}
    return bool(named) and not any(here & set(line.titles) for line in lines if line.key in named)
