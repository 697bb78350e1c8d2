"""So many of each of the goods that are offered stay, or go: "no, one of each"."""

from __future__ import annotations

from actions.changes.request import all_left
from actions.changes.steps.advancing import advanced
from actions.changes.steps.questions import CORRECTED
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver.one_of_each import pieces_of_each


async def of_each(step: Step, asked: str) -> list[Event] | None:
    """Takes so many of each line that goes; None where a message does not say that."""
    dialogue, request, turn = step.dialogue, step.dialogue.request, step.turn
    if request.kind not in ("cancel", "return") or asked not in CORRECTED | {"lines"} or turn.pressed:
        return None
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    today = dialogue.records.today
    gone = pieces_of_each(turn.text, lines, request.lines, today=today, correcting=True)
    if not gone:
        return None
    by_key = {line.key: line for line in lines}
    await dialogue.drop_proposals()
    request.lines = {key: all_left(by_key[key], pieces) for key, pieces in gone.items()}
    request.whole = False
    request.orders = [number for number in request.orders if request.lines_of(number)]
    return await advanced(step)
