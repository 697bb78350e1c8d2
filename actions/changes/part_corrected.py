"""A correction of what one of several goods that are offered becomes: "no, the chair in red please".

What was said of the others stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.request import ChangeRequest
from actions.resolver import LineRequest

_ALONE: Final = re.compile(
    r"\b(?:only|just|nothing (?:else|but)|instead of|rather than|no other|alone|leave|keep|cancel|not the|forget|without|solely)\b"  # noqa: E501
    r"|只|仅|光|单独|别的|其[他它余]|不要|不换|不用|留|取消|算了",
    re.IGNORECASE,
)
"""Words by which the others may stay as they were bought."""


def corrects_a_part(request: ChangeRequest, wishes: Sequence[LineRequest], text: str) -> bool:
    """Whether `wishes`, read in `text`, only say what some of the goods become that become others in `request`."""
    if len(request.lines) < 2 or not wishes or _ALONE.search(text):
        return False
    if any(wish.wish not in (None, "exchange") or wish.target is None or not wish.lines.sure for wish in wishes):
        return False
    named = {line.key for wish in wishes for line in wish.lines.candidates}
    return bool(named) and named < request.targets.keys() & request.lines.keys()


__all__ = ["corrects_a_part"]
