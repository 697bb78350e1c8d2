"""What more something may cost, said of what is offered: "if it's over $10 more, leave it"."""

from __future__ import annotations

import re

from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again
from actions.changes.steps.outcome import events_of
from actions.changes.steps.step import Step
from actions.changes.targets_meant import leave_too_dear
from actions.desk import Event
from actions.resolver import too_dear


async def price_limit(step: Step) -> list[Event] | None:
    """Leaves what costs more than the message allows, or puts the question again; None where it says more or none."""
    request = step.dialogue.request
    dear, rest = too_dear(step.turn.text)
    if dear is None or re.search(r"\w", rest) or not step.dialogue.kind.swaps or not request.targets:
        return None
    before = dict(request.targets)
    await step.dialogue.records.orders(request.orders)
    await leave_too_dear(step.dialogue.reader, dear, step.turn.text)
    if request.targets == before:
        put_again(step)
        return events_of(step)
    return await advanced(step)
