"""All of the orders that are asked about, of a change made of one order at a time: "which order?" — "both"."""

from __future__ import annotations

from actions.changes.one_by_one import KIND, answers_each, take_one_by_one
from actions.changes.steps.advancing import advanced
from actions.changes.steps.step import Step
from actions.desk import Event


async def every_order(step: Step, asked: str) -> list[Event] | None:
    """Takes each of the orders shown, one after another; None where not all are meant, or goods are asked for."""
    dialogue, request = step.dialogue, step.dialogue.request
    shown = [each for each in request.shown if each]
    if asked != "order" or step.turn.pressed or len(shown) < 2 or request.kind != KIND:
        return None
    if not answers_each(step.turn.text):
        return None
    take_one_by_one(request, shown)
    await dialogue.reader.payment_method(dialogue.kind.way_words(request.text))
    return await advanced(step)


__all__ = ["every_order"]
