"""What more something may cost, said of what is offered: "if it's over $10 more, leave it"."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.conditions_held import price_limit_of
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again
from actions.changes.steps.outcome import events_of
from actions.changes.steps.step import Step
from actions.changes.targets_meant import leave_too_dear
from actions.desk import Event

_AROUND: Final = re.compile(
    r"\b(?:i|i['’]?ll|i['’]?d|we|do|take|want|it|that|that['’]?s|is|fine|ok(?:ay)?|yes|yeah|sure|well|hmm*|but|and|only|though"
    r"|please|pls|then|so|just|thanks|go ahead|said|wait|no|actually|the|swap|change|this)\b"
    r"|好的?|行|可以|嗯|那|就|但是?|不过|我|吧|啊|哦|谢谢|麻烦|的|先|说|换",
    re.IGNORECASE,
)
"""What stands beside a limit and says nothing else."""


async def price_limit(step: Step) -> list[Event] | None:
    """Leaves what costs more than the message allows, or puts the question again; None where it says more or none."""
    request = step.dialogue.request
    text = step.turn.text
    dear, rest = price_limit_of(text)
    if dear is None or re.search(r"\w", _AROUND.sub(" ", rest)) or not step.dialogue.kind.swaps:
        return None
    if not request.targets:
        # What is asked about is asked of fewer.
        return await advanced(step) if request.question.get("slot") == "target" else None
    before = dict(request.targets)
    await step.dialogue.records.orders(request.orders)
    await leave_too_dear(step.dialogue.reader, dear, step.turn.text)
    if request.targets == before:
        put_again(step)
        return events_of(step)
    return await advanced(step)
