"""What goes only where something in its place costs too much: "make it oak; more than $30 extra and you cancel it"."""

from __future__ import annotations

import re
from typing import Final

from actions.resolver import Wish, too_dear

_CALLS_OFF: Final = re.compile(
    r"\b(?:cancel|call off|return|send (?:\w+ ){0,3}back|refund|get rid of|remove|drop)\b|取消|退|撤|不要了",
    re.IGNORECASE,
)


def swaps_unless_dear(text: str, wish: Wish | None) -> bool:
    """Whether goods are to go the way of `wish` just where what is wanted in their place costs too much."""
    dear, rest = too_dear(text)
    if dear is None or dear.otherwise != wish or dear.instead:
        return False
    return re.search(r"\w{2}", rest) is not None and _CALLS_OFF.search(rest) is None


__all__ = ["swaps_unless_dear"]
