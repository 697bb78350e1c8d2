"""A fault that is taken back: "nothing came wrong", "it's not defective, I just don't like it", 没坏，就是不想要了."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.faults import denies_fault, needs_fault, says_fault, wanted_instead, without_denial
from actions.changes.goods_meant import read_goods
from actions.changes.kinds import BY_KEY
from actions.changes.shipments import remedy_in
from actions.changes.steps.advancing import advanced
from actions.changes.steps.leaving import turn_down
from actions.changes.steps.step import Step
from actions.changes.taking_orders import re_aim
from actions.desk import Event
from actions.resolver import resolve_reason

_NO: Final = re.compile(r"^\W*(?:no+|nope|nah|wait|not)\b|^\W*(?:不是|不对|不用|没有|没|别|不)", re.IGNORECASE)
_FAULTY: Final = frozenset(
    {
        "faulty",
        "defective",
        "damaged",
        "damaged_in_transit",
        "wrong_item",
        "not_as_described",
        "stopped_working",
        "quality",
    }
)


async def fault_denied(step: Step) -> list[Event] | None:
    """Drops a claim whose fault is denied, and follows what is wanted instead; None where none is denied."""
    turn, dialogue = step.turn, step.dialogue
    request, kind, text = dialogue.request, dialogue.kind, turn.text
    if not needs_fault(kind) or turn.pressed:
        return None
    denied = denies_fault(kind, text)
    if not denied and says_fault(kind, text):
        return None
    rest = without_denial(text) if denied else text
    wanted = wanted_instead(rest) if rest else None
    otherwise = wanted is not None and _NO.search(text) is not None and remedy_in(text) is None
    if not denied and not otherwise:
        return None
    if wanted is None or kind.lines == "none" or not request.orders:
        return await turn_down(step, rest)
    await re_aim(dialogue, BY_KEY[wanted])
    offered = dialogue.kind.reasons(step.policies)
    said = (resolve_reason(each, offered) for each in (rest, without_denial(request.text)))
    request.reason = next((why.first for why in said if why.status == "one" and why.first not in _FAULTY), None)
    await read_goods(dialogue.reader, rest, correcting=True)
    return await advanced(step)
