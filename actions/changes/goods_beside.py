"""Whether goods that a message means come beside those of an open change, or in their place.

An order's items can be changed once. So what was agreed to of one thing stays when something is said of another; only
words that take it back, or want just this, leave the rest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from actions.changes.queueing import corrects
from actions.changes.reading import Reader

_ONLY: Final = re.compile(
    r"\b(?:just|only)\b|\b(?:instead|rather)\b(?! of)|\bnot the\b|\bi (?:mean|meant|said)\b"
    r"|只|仅|就(?:换|改)|不是|而是|我说的|算了",
    re.IGNORECASE,
)


def stays_beside(reader: Reader, picked: Mapping[str, int | None], kept: Collection[str]) -> bool:
    """Whether what the request has so far stays beside the lines `picked`; `kept` are said not to be meant."""
    request, text = reader.request, reader.said_of[0]
    before = set(request.lines)
    if not reader.kind.swaps or not before or not picked:
        return False
    agreed = before <= {*request.targets, *request.also}
    if kept:
        # "Not the coat, the kettle", where the coat is in none of it.
        return not before & set(kept)
    narrowed = _ONLY.search(text) is not None or corrects(text)
    if set(picked) <= before:
        # What is said of one of them leaves the others as they are.
        return len(before) > 1 and (not narrowed or any(picked.values()))
    return agreed and not narrowed
