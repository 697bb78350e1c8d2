"""Words that call goods off and put nothing in their place. Pure."""

from __future__ import annotations

import re
from typing import Final

_CALLS_OFF: Final = re.compile(r"\b(?:cancel(?:l?ing)?|call(?:ing)? off)\b|取消", re.IGNORECASE)
_ELSE: Final = re.compile(
    r"\b(?:swap|exchang|chang|switch|replac|mak|add|send|return|keep|instead|into|for (?:a|an|the)\b|rather)\w*"
    r"|[换改加退留]|别取消|不取消|\b(?:don['’]?t|do not|not) cancel",
    re.IGNORECASE,
)
"""Something else is wanted too, or it is not to be called off."""


def only_calls_off(text: str) -> bool:
    """Whether words call something off, and say nothing of what comes in its place."""
    return _CALLS_OFF.search(text) is not None and _ELSE.search(text) is None


__all__ = ["only_calls_off"]
