"""A fault that is told at the offer of a return: who pays for the way back follows from it, so it is the reason.

"It's faulty, why do I pay for the way back?" asks for no sum to be explained.
"""

from __future__ import annotations

from typing import Final

from actions.changes.faults import without_denied_faults
from actions.changes.steps.advancing import advanced
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver import read_requests, resolve_reason

_KINDS: Final = frozenset({"return", "exchange"})
_FAULTS: Final = frozenset(
    {"faulty", "defective", "damaged", "damaged_in_transit", "wrong_item", "not_as_described", "stopped_working"}
)


async def reason_said(step: Step, asked: str) -> list[Event] | None:
    """Takes the fault as the reason and offers anew; None where none is told, or more than that is said."""
    dialogue, turn = step.dialogue, step.turn
    request = dialogue.request
    if asked not in ("confirmation", "payment_method") or request.kind not in _KINDS or turn.pressed:
        return None
    why = resolve_reason(without_denied_faults(turn.text), dialogue.kind.reasons(step.policies))
    if why.status != "one" or why.first not in _FAULTS or why.first == request.reason:
        return None
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    wishes = read_requests(turn.text, lines, focus=dialogue.focus, today=dialogue.records.today)
    others = {line.key for wish in wishes for line in wish.lines.candidates} - request.lines.keys()
    if (request.lines and others) or any(wish.wish not in (None, "return") or wish.target for wish in wishes):
        return None
    request.reason = why.first
    await dialogue.drop_proposals()
    return await advanced(step)


__all__ = ["reason_said"]
