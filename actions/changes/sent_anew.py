"""The same once more in the place of what is broken: a claim for a replacement, and no choice of another variant."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from actions.changes.reasons_apart import words_about
from actions.changes.request import Remark
from actions.resolver import resolve_reason

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_SAME: Final = re.compile(
    r"\b(?:same|identical|replac\w*|resend|re-send)\b|\bnew (?:one|pair|set|[a-z]+)\b|\bfresh one\b|\bsend it again\b"
    r"|\banother (?:one|of the same)\b|\bworking one\b|\blike for like\b"
    r"|同款|同样|一样的|一模一样|原款|原来的|换新|换个?(?:好的|新的)|[个件双条只]?新的|好的(?:给我)?$|重新?[发寄]|补[发寄一]",
    re.IGNORECASE,
)
"""What asks for the same thing, unbroken."""


def wants_the_same(text: str) -> bool:
    """Whether `text` asks for the same once more: "a new one", 同款给我换个好的."""
    return _SAME.search(text) is not None


async def resend_possible(dialogue: ChangeDialogue) -> bool:
    """Whether the shop sends another one for what is broken, and its time for that runs still."""
    rules = dialogue.policies.claims.damaged if dialogue.policies.claims else None
    candidate = (await dialogue.records.order_candidates(dialogue.request.orders[:1]))[0]
    came = candidate.delivered_on
    if rules is None or "resend" not in rules.resolutions or came is None:
        return False
    return not rules.within_days or came + timedelta(days=rules.within_days) >= dialogue.records.today


async def claimed_instead(dialogue: ChangeDialogue) -> bool:
    """Turns an exchange of broken goods for the same goods into the claim that it is; whether it was one.

    Where the shop sends no other, what it does for a fault is offered, and why is said.
    """
    request, rules = dialogue.request, dialogue.policies.returns
    if dialogue.kind.key != "exchange" or request.targets or rules is None or not request.orders:
        return False
    if any(read.choices for read in dialogue.reader.targets.values()):
        return False
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    now, before = dialogue.turn.text, request.text
    told = before if now == before else f"{before}\n{now}"
    about = words_about(told, request.lines, lines, today=dialogue.records.today) or told
    why = resolve_reason(about, rules.reasons)
    faults = {*rules.faults, *rules.warranty.reasons}
    broken = request.reason in faults or any(each in faults for each in why.candidates[:1])
    if not broken or not (wants_the_same(about) or wants_the_same(now)):
        return False
    request.question, request.extras = {}, {}
    if await resend_possible(dialogue):
        request.kind, request.reason, request.extras = "claim_damaged", None, {"resolution": "resend"}
    else:
        request.kind = "defect"
        request.remarks.append(Remark("not_sent_anew", {}))
    return True
