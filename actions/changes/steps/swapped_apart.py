"""Other versions of goods in several orders, said while something stands: "no! the red one …, the black ones …"."""

from __future__ import annotations

from actions.changes.request import ChangeRequest
from actions.changes.steps.advancing import advanced
from actions.changes.steps.questions import OFFERED
from actions.changes.steps.step import Step
from actions.changes.swaps_apart import swaps_apart, take_swaps_apart
from actions.desk import Event


async def swapped_apart(step: Step, asked: str) -> list[Event] | None:
    """Begins anew with what the message wants of each order; None where it is not told of several."""
    dialogue, text = step.dialogue, step.turn.text
    if not dialogue.kind.swaps or asked not in {*OFFERED, "target", "payment_method", "order", "lines"}:
        return None
    if step.turn.pressed or not await swaps_apart(dialogue.reader, text):
        return None
    await dialogue.drop_proposals()
    old = dialogue.request
    request = ChangeRequest(old.kind, step.turn.message_id, text, lines=dict(old.lines), reason=old.reason)
    fresh = step.go_on_with(request)
    await take_swaps_apart(fresh.reader, text)
    return await advanced(step)


__all__ = ["swapped_apart"]
