"""Goods that a message only tells were bought: "I got a laptop and a lamp last week. I want to send the lamp back".

Nothing is wanted of the laptop, though it is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.resolver import LineCandidate, LineRequest, read_requests

_GOT: Final = re.compile(
    r"\b(?:i|we|my \w+)(?:['’]ve| have| had)? (?:just |also |already |recently |both )?"
    r"(?:got|bought|ordered|received|purchased|picked up|have|own|placed)\b|\b(?:came|arrived|delivered)\b"
    r"|(?:买|订|拍|下单|收到|入手|到货)(?:了|过)",
    re.IGNORECASE,
)
_TROUBLE: Final = re.compile(
    r"\b(?:but|broken?|damaged|faulty|wrong|cracked|chipped|defective|do(?:es)?n['’]?t|did ?n['’]?t|never|not|too|only|late)\b"  # noqa: E501
    r"|坏|破|碎|裂|错|不|太|没|只|但",
    re.IGNORECASE,
)
_DONE_WITH: Final = re.compile(r"\b(?:return|cancel|send|refund|exchange|swap|drop|remove)\b", re.IGNORECASE)
_NAMED: Final = frozenset({"name", "near_name", "option", "category"})
_SENTENCE: Final = re.compile(r"[.!?;。！？；\n]")


def only_told(text: str, wishes: Sequence[LineRequest]) -> set[str]:
    """The lines of `wishes` that `text` tells to have been bought, where it names by words what it wants of others."""
    wished = {
        match.candidate.key
        for wish in wishes
        if (wish.wish is not None or wish.target is not None) and wish.lines.sure and wish.lines.status != "all"
        for match in wish.lines.matches
        if any(reason.kind in _NAMED for reason in match.reasons)
    }
    if not wished:
        return set()
    return {
        line.key
        for wish in wishes
        if wish.wish is None and wish.target is None and not wish.conditions and _tells_of_buying(text, wish)
        for line in wish.lines.candidates
    } - wished


def _tells_of_buying(text: str, wish: LineRequest) -> bool:
    if wish.span is None:
        return False
    start = max((found.end() for found in _SENTENCE.finditer(text, 0, wish.span.start)), default=0)
    ends = _SENTENCE.search(text, wish.span.end)
    said = text[start : ends.start() if ends else len(text)]
    behind = text[wish.span.end : ends.start() if ends else len(text)]
    clause = re.split(r"[,，]", behind, maxsplit=1)[0]
    its = text[wish.span.start : wish.span.end]
    if re.search(r"\b(?:too|also|as well)\W*$", its + behind, re.IGNORECASE):
        return False
    if _DONE_WITH.search(text[start : wish.span.start]) and re.search(r"\b(?:that|which|i|we)\b", its, re.IGNORECASE):
        # "Return the mug and the lamp I have"
        return False
    return _GOT.search(said[: wish.span.end - start] + clause) is not None and _TROUBLE.search(clause) is None


def without_only_told(text: str, lines: Sequence[LineCandidate], *, today: date) -> str:
    """`text` with blanks for what it only tells to have been bought, where it names what it wants of others."""
    if _GOT.search(text) is None:
        return text
    wishes = read_requests(text, lines, today=today)
    if not only_told(text, wishes):
        return text
    for wish in wishes:
        bare = wish.wish is None and wish.target is None and not wish.conditions
        if bare and wish.span is not None and _tells_of_buying(text, wish):
            text = text[: wish.span.start] + " " * (wish.span.end - wish.span.start) + text[wish.span.end :]
    return text


__all__ = ["only_told", "without_only_told"]
