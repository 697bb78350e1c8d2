"""Words that call goods off and put nothing in their place. Pure."""

from __future__ import annotations

import re
from typing import Final

_CALLS_OFF: Final = re.compile(r"(?<!noise )(?<!noise-)\b(?:cancel(?:l?ing)?|call(?:ing)? off)\b|取消", re.IGNORECASE)
_DENIED: Final = re.compile(
    r"(?:n['’]t|\b(?:(?:do|did|wo|does|is|was|have|has)nt|not|never|no need|nothing|nobody|without|hope|asked?|said"
    r"|told|why|who|when|how come|did|has|have|was|were))\b[^,.;!?]{0,24}\bcancel"
    r"|\bcancel\w* nothing\b|\bcancel (?:the|that|my) cancel"
    r"|(?:不(?:是|要|想|用|准|许|能|必|需要|打算|该|应该|可以)|没有?(?:让|叫|要|说|想|打算|申请)|别(?!的)|甭)"
    r"(?!(?:(?!取消)[^，。]){0,3}[的那这])[^，。；,;！？!?]{0,6}取消"
    r"|(?:为什么|为啥|怎么|谁)[^，。；]{0,6}取消|千万别|取消(?:不|[^，。]{0,4}(?:了|过)[吗么没])",
    re.IGNORECASE,
)
"""It is not to be called off, or was not asked for, or is asked about."""
_WANTS_IT_OFF: Final = re.compile(
    r"\b(?:want|need|like|have|get|rather)(?: you)?(?: to)?(?: (?:cancel|call off)| (?:it|them|that|this) cancel\w*)\b"
    r"|(?:\b(?:i|we) )?(?:do ?n['’]?o?t|no longer|still) (?:want|need) [^,.;!?]*"
    r"|(?:想要?|要|需要|给我|给)(?=取消)|不(?:想)?要了|用不着了",
    re.IGNORECASE,
)
"""That it goes, in words which elsewhere say what is to come."""
_ELSE: Final = re.compile(
    r"\b(?:swap|exchang|chang|switch|replac|mak|add|send|return|keep|instead|into|for (?:a|an|the)\b|rather)\w*"
    r"|\b(?:get|give|need|want|buy|order (?:a|an|the|me|one)|have|take|like)\b"
    r"|[换改加退留要给]|来(?=[一个件条双只套台那这])",
    re.IGNORECASE,
)
"""Something else is wanted too."""


def only_calls_off(text: str) -> bool:
    """Whether words call something off, and say nothing of what comes in its place."""
    if _CALLS_OFF.search(text) is None or _DENIED.search(text):
        return False
    off = _WANTS_IT_OFF.sub(lambda said: " cancel" if "cancel" in said.group().casefold() else " ", text)
    return _ELSE.search(off) is None


__all__ = ["only_calls_off"]
