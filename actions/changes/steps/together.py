"""That all of what was said goes into one change, and nothing else: "both in the same change please", 也一起改."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.several import ITEMS
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import take_note
from actions.changes.steps.step import Step
from actions.desk import Event

_ONLY: Final = re.compile(
    r"\W{0,4}(?:(?:and|yes|ok|okay|please|pls|both|all|of|them|it|that|this|those|do|put|make|in|into|with"
    r"|the|one|same|single|change|go|order|together|at once|as well|too|then|i|i['’]d|want|like|to|be"
    r"|should|changed|swap|also|everything|as|just|thanks)\b\W*){1,14}"
    r"|\W{0,4}(?:对|好的?|嗯|是|要|也|都|请|帮我|给我|那|就|这些|它们?){0,6}(?:一起|一并|同时|一块儿?|一次性?)"
    r"(?:改|换|办|弄|处理|修改)?(?:了|吧|啊|哦|呀|好了|就行|的|哈){0,4}\W{0,4}",
    re.IGNORECASE,
)
_TOGETHER: Final = re.compile(
    r"\b(?:same (?:change|go|order|time)|one (?:change|go)|together|at once|both|everything)\b"
    r"|一起|一并|同时|一块|一次",
    re.IGNORECASE,
)
_AGREES: Final = re.compile(r"\W*(?:yes|yeah|yep|sure|ok(?:ay)?|好|对|嗯|可以|行)", re.IGNORECASE)


async def all_together(step: Step, asked: str) -> list[Event] | None:
    """The question, or the offer with all that was said, once more; None where more is said, or it is a yes."""
    text, request = step.turn.text, step.dialogue.request
    if request.kind != ITEMS or step.turn.pressed or not (_ONLY.fullmatch(text) and _TOGETHER.search(text)):
        return None
    if asked in ("target", "payment_method"):
        return take_note(step)
    if asked != "confirmation" or _AGREES.match(text):
        return None
    return await advanced(step)
