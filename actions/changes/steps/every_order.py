"""All of the orders that are asked about, of a change that is of no goods: "which order?" — "both"."""

from __future__ import annotations

from actions.changes.one_by_one import KIND, answers_each, take_one_by_one
from actions.changes.steps.advancing import advanced
from actions.changes.steps.step import Step
from actions.changes.taking_orders import take_orders
from actions.desk import Event


async def every_order(step: Step, asked: str) -> list[Event] | None:
    """Takes each of the orders shown, one after another where they cannot go together; None where not all are meant.

    Of a change of goods it is none: which goods of each would have to be told.
    """
    dialogue, request = step.dialogue, step.dialogue.request
    shown = [each for each in request.shown if each]
    together = dialogue.kind.several_orders and dialogue.kind.lines == "none"
    if asked != "order" or step.turn.pressed or len(shown) < 2 or not (request.kind == KIND or together):
        return None
    if not answers_each(step.turn.text):
        return None
    if together:
        await take_orders(dialogue, shown)
        return await advanced(step)
    take_one_by_one(request, shown)
    await dialogue.reader.payment_method(dialogue.kind.way_words(request.text))
    return await advanced(step)


__all__ = ["every_order"]
