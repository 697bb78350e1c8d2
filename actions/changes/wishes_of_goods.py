"""What is wanted of goods: something done with them, or one version rather than another."""

from __future__ import annotations

import re
from typing import Final

_WISHES: Final = re.compile(
    r"\b(?:return|send(?:ing)? (?:back|it|them|that|those|the|my)|(?:cancel|refund|exchange)(?!lation|able)"
    r"|swap|get rid of)\b"
    r"|\b(?:too (?:small|big|large|tight|loose|short|long|wide|narrow|heavy)|(?:doesn|don|didn)['’]?t fit)\b"
    r"|(?<!不)(?<!别)退(?!休|步)|取消|(?<!不)换(?!成|为|作|个话题)|不想要了|太[大小紧松长短宽窄重]了",
    re.IGNORECASE,
)
_COMPARES: Final = re.compile(
    r"\b(?:same|like|match\w*|as (?:the|my)|instead of|goes? with)\b|一样|同款|跟[^，。]{1,12}配|搭配|像", re.IGNORECASE
)


def wishes_of_goods(text: str) -> bool:
    """Whether `text` wants goods sent back, called off or exchanged, or tells that they do not fit.

    What only describes a version by other goods ("the same grey as my trainers") wants nothing of these.
    """
    return _WISHES.search(text) is not None and _COMPARES.search(text) is None


_PREFERS: Final = re.compile(
    r"\b(?:would|['’]d) be (?:better|best|nice|great|ideal|lovely)\b|\b(?:i['’]d rather|prefer(?:ably)?|ideally)\b"
    r"|更好(?![吗呢？?])|最好(?!的)|更喜欢|优先",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"[?？]|[吗呢]\W*$|哪[个款种]|\bwhich\b", re.IGNORECASE)


def prefers(text: str) -> bool:
    """Whether `text` says which version is liked better, and asks nothing: 要是有侧炉的更好."""
    return _PREFERS.search(text) is not None and _ASKS.search(text) is None
