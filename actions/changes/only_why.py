"""What only tells why something is wanted that the same message says next: 手表下重了，取消单独那单."""

from __future__ import annotations

import re
from typing import Final

from actions.desk import Turn

_TWICE: Final = re.compile(
    r"(?:下|买|拍|订|点|选)(?:重|多|错)(?:复)?了?|重复(?:下单|购买|下|买|拍)|(?:下|买|拍|订)了两(?:次|遍|单|回)"
    r"|\b(?:ordered|bought|placed|clicked)\b[^.;!?]*\b(?:twice|by mistake|by accident|accidentally|double|two orders)\b"
    r"|\b(?:accidentally|mistakenly) (?:ordered|bought|placed)\b|\bduplicate\b|\bdouble[- ]ordered\b",
    re.IGNORECASE,
)
_COMPARES: Final = re.compile(
    r"[贵宜大小早晚](?:的|那)"
    r"|\b(?:dearer|cheaper|more expensive|larger|smaller|bigger|older|newer|later|earlier)\b",
    re.IGNORECASE,
)
_WANTS: Final = re.compile(
    r"\b(?:cancel\w*|return\w*|send\w*|refund\w*|swap\w*|exchang\w*|chang\w*|drop|remove|keep|switch|don['’]?t (?:want|need))\b"  # noqa: E501
    r"|取消|退|换|改|不要|去掉|撤|留|要(?:的)?是|想要",
    re.IGNORECASE,
)
_BOUGHT: Final = re.compile(
    r"(?:下|买|拍|订)了[两三几23](?:单|次|个|台|条|双|只|套|把|件)"
    r"|\b(?:ordered|bought|got)\b[^.;!?]{0,12}\b(?:two|three|2|3)\b",
    re.IGNORECASE,
)


def tells_what_was_bought(turn: Turn) -> bool:
    """Whether the first part of a message tells that goods were bought, and a later part wants something of them."""
    later = _later_part(turn, _BOUGHT)
    return _COMPARES.search(later) is not None and _WANTS.search(later) is not None


def only_tells_why(turn: Turn) -> bool:
    """Whether the first part of a message tells that something was ordered twice or by mistake, and a later part wants
    something: nothing is asked for by it.
    """
    return _WANTS.search(_later_part(turn, _TWICE)) is not None


def _later_part(turn: Turn, tells: re.Pattern[str]) -> str:
    """What stands behind the first part of a message, where that `tells` and wants nothing; else empty."""
    whole = turn.metadata.get("whole")
    if turn.pressed or not isinstance(whole, dict) or int(turn.metadata.get("request") or 1) > 1:
        return ""
    said, text = str(whole.get("text") or ""), turn.text
    return said[len(text) :] if tells.search(text) and not _WANTS.search(text) and said.startswith(text) else ""


__all__ = ["only_tells_why", "tells_what_was_bought"]
