"""The way in which goods go back, said while they are spoken of: it is taken, or refused with what the shop offers."""

from __future__ import annotations

from typing import Final

from actions.changes.steps.advancing import advanced
from actions.changes.steps.pieces import read_answer
from actions.changes.steps.questions import OFFERED
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver.ways_back import way_back

_ASKED: Final = OFFERED | {"reason", "repair", "revision", "alternative"}


async def way_said(step: Step, asked: str) -> list[Event] | None:
    """Takes the way back that the message wishes for, with what else it says; None where it wishes for none."""
    turn, dialogue = step.turn, step.dialogue
    if asked not in _ASKED or turn.pressed or not dialogue.kind.goes_back or turn.order_numbers:
        return None
    way = way_back(turn.text)
    if way is None or dialogue.request.extras.get("method") == way:
        return None
    await read_answer(step, asked)
    dialogue.request.extras["method"] = way
    return await advanced(step)
