"""Where money goes, where a message names two ways, each for something else, or one only in case of the other.

"The $120 on the card, only the return onto the gift card", "my gift card if you can, else leave it on the card",
退到礼品卡，不要退卡里.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from actions.resolver import Resolution, resolve_refund_target

Of = Literal["return", "change"]
"""What money comes of: goods that go back, or a change of an order."""

_CLAUSE: Final = re.compile(r"[,，;；。\n!！]+|\.(?!\d)|\b(?:but|and|while|whereas)\b|但|而", re.IGNORECASE)
_ELSE: Final = re.compile(
    r"\b(?:else|otherwise|or else|if not|if (?:that|it) (?:is not|isn['’]?t|does ?n['’]?t)[^,;]*)\b"
    r"|不行的?话?|否则|不然|要不",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"\b(?:not|no|n[o']t|don['’]?t|rather than|instead of)\b|不要?[退打回放]?|别|不是", re.IGNORECASE
)
_RETURN: Final = re.compile(r"\b(?:returns?|goes back|sent back|sending back|send back)\b|退货|退回去的", re.IGNORECASE)
_CHANGE: Final = re.compile(r"\b(?:change|swap|cancel\w*|difference)\b|换货|换的|差价|取消|改的", re.IGNORECASE)


def refund_way(text: str, offered: Sequence[str], of: Of) -> Resolution[str]:
    """The way that `text` names for the money that comes `of` this; unclear where it does not tell two ways apart."""
    found = resolve_refund_target(text, offered)
    if found.status in ("one", "none"):
        return found
    own, other = (_RETURN, _CHANGE) if of == "return" else (_CHANGE, _RETURN)
    told: list[Resolution[str]] = []
    for clause in _CLAUSE.split(text):
        if not clause or _ELSE.search(clause) or other.search(clause) or _NOT.search(clause):
            continue
        read = resolve_refund_target(clause, offered)
        if read.status == "one" and own.search(clause):
            return read
        if read.status == "one":
            told.append(read)
    return told[0] if len({each.first for each in told}) == 1 else found
