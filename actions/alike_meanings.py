"""Meanings that are nearly one: a message torn between them is answered by what they have in common. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

ASKED_OF_RETURNS: Final = "ask_return_policy"
_RETURNS: Final = frozenset({"ask_return_policy", "ask_how_to_return", "return_in_store"})
_ABSENT: Final = frozenset({"report_not_received", "report_missing_item"})
_TOGETHER: Final = 0.8
"""So probable they have to be together."""
_BACK: Final = re.compile(r"\b(?:return\w*|sen[dt]|take[n]?|bring|brought|give[n]?)\b|退|换货", re.IGNORECASE)
_IN_STORE: Final = re.compile(r"\b(?:stores?|shops?|branch\w*|in person|counter)\b|店|柜", re.IGNORECASE)
_EMPTY: Final = re.compile(
    r"\bempty\b|\b(?:nothing|nowt) (?:was |is |at all )?(?:inside|in it|in there|in the \w+)\b"
    r"|空的|空空|空包|空盒|空箱|里[面边头]?(?:什么|啥|东西)?(?:都|也)?没(?:有)?|没有?东西",
    re.IGNORECASE,
)
"""A parcel came, with nothing in it."""


def alike_meaning(text: str, ranked: Sequence[tuple[str, float]]) -> str | None:
    """The one intent that a message is answered by, whichever of its two likeliest it has; None where they differ.

    `ranked` are intents and their probabilities, the likeliest first.
    """
    first = ranked[:2]
    names = {name for name, _ in first}
    if len(first) < 2 or sum(probability for _, probability in first) < _TOGETHER:
        return None
    if names <= _RETURNS and _BACK.search(text) and not _IN_STORE.search(text):
        return ASKED_OF_RETURNS
    if names <= _ABSENT and _EMPTY.search(text):
        return "report_missing_item"
    return None


__all__ = ["ASKED_OF_RETURNS", "alike_meaning"]
