"""A question beside which the change that is open is denied: "I never said I'd swap them, I asked what they cost"."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.kinds import BY_KEY
from actions.changes.request import ChangeRequest

_END: Final = "，。；！？,;!?"
_HAN: Final = re.compile(
    rf"(?:^|[{_END}\s])(?:我|都|又|也|根本|真的|就是|可|说了|说过|已经)*"
    r"(?:没(?:有)?(?:说|要|想|打算|让你?)(?:过)?(?:我)?(?:要|想)?|不(?:是)?(?:想|要|打算|用)?)"
    rf"(?P<verb>换|退|取消)(?:货|掉|了|的|啊|呀)*(?P<thing>[^{_END}\s]{{0,8}}?)(?:啊|呀|了|的)*(?=$|[{_END}])"
)
_ENGLISH: Final = re.compile(
    r"\b(?:i (?:never|did ?n['’]?t|did not|have ?n['’]?t) (?:say|said|ask(?:ed)?|want(?:ed)?|mean(?:t)?)(?: that)?(?: i(?:['’]d| want(?:ed)?)?)?(?: to)?"  # noqa: E501
    r"|i['’]?m not|i do ?n['’]?t want to|not to) "
    r"(?P<verb>swap|exchang|return|cancel)(?:e|ping|ing|ling)?"
    r"(?: (?P<thing>(?:(?:the|my|any|those|these) )?[\w-]+))?(?=\W*(?:$|[,.;!?]))",
    re.IGNORECASE,
)
_VERBS: Final = {"换": "exchange", "退": "return", "取消": "cancel", "swap": "exchange", "exchang": "exchange"}
_NO_NAME: Final = re.compile(r"(?:any|them|it|those|these|that|this|anything|它们?|这个|那个)", re.IGNORECASE)


_LIMITED: Final = re.compile(r"\b(?:if|unless|until|except|just|only)\b|除非|要是|如果|只[要是退换取]", re.IGNORECASE)
"""It is denied under a condition, or of a part."""


def is_denied(request: ChangeRequest, text: str) -> bool:
    """Whether `text` says that the open change was never wanted, and of no part of it alone.

    What is denied is named nowhere else, or in the question beside it: "not the size" denies no exchange. What is
    offered is turned down by its own answers.
    """
    said = _HAN.search(text) or _ENGLISH.search(text)
    kind = BY_KEY.get(request.kind)
    if said is None or kind is None or request.proposals or request.then or _LIMITED.search(text):
        return False
    verb = said["verb"].casefold()
    wish = _VERBS.get(verb, verb)
    if wish not in (kind.wish, "return" if kind.goes_back and not kind.swaps else kind.wish):
        return False
    thing = re.sub(r"^(?:the|my|any|those|these) ", "", (said["thing"] or "").casefold())
    rest = f"{text[: said.start()]} {text[said.end() :]}".casefold()
    if not thing or _NO_NAME.fullmatch(thing) is not None:
        return True
    # Of several things the others may be wanted all the same.
    return len(request.lines) <= 1 and thing in rest


__all__ = ["is_denied"]
