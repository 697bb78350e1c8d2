"""What is wanted only where the wish cannot be had, said while just that wish is offered: it changes nothing."""

from __future__ import annotations

from actions.changes.fallbacks import is_fallback
from actions.changes.steps.again import take_note
from actions.changes.steps.step import Step
from actions.desk import Event


def decided_already(step: Step, asked: str) -> list[Event] | None:
    """The offer once more, where a message only says what to do if what is offered could not be had; else None."""
    dialogue = step.dialogue
    request = dialogue.request
    if asked not in ("confirmation", "payment_method") or not dialogue.kind.swaps or step.turn.pressed:
        return None
    if not request.lines or not request.lines.keys() <= {*request.targets, *request.also}:
        return None
    return take_note(step) if is_fallback(step.turn.text) else None
