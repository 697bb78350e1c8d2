"""Wishes of a message read part by part, where each part names one thing and its values: "boots in size 10, the laptop one
with 16GB". A part without a verb wants the same as the others: another version.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.requests import LineRequest, read_requests

_PARTS: Final = re.compile(
    r"\s+(?:and|plus)\s+(?:also\s+)?(?=(?:the|my|both|those|these)\b)|[,;，；。\n]\s*|[.!]\s+|还有|并且", re.IGNORECASE
)
_IF: Final = re.compile(r"\b(?:if|unless|otherwise|else|instead)\b|要是|如果|否则|不然|没有", re.IGNORECASE)
_TITLES: Final = frozenset({"name", "near_name"})
_SEVERAL: Final = 2


def unclear_between(wishes: Sequence[LineRequest]) -> bool:
    """Whether a message was read as one wish about several things, or one without a wish: they may be several."""
    return any(
        len({match.candidate.titles[0] for match in wish.lines.matches}) >= _SEVERAL and wish.wish in (None, "exchange")
        for wish in wishes
    )


def read_part_by_part(
    text: str,
    lines: Sequence[LineCandidate],
    *,
    variants: Mapping[str, Sequence[VariantCandidate]],
    focus: Focus = NO_FOCUS,
    today: date,
) -> list[LineRequest]:
    """One wish for each part; empty where fewer than two name a thing, or one does not say what it becomes."""
    if _IF.search(text):
        return []
    found: list[LineRequest] = []
    for part in _PARTS.split(text):
        if not part.strip():
            continue
        read = read_requests(part, lines, variants=variants, focus=focus, today=today)
        if not read:
            continue
        if len(read) == 1 and read[0].wish is None and _named(read[0]):
            read = read_requests(f"make {part.strip()}", lines, variants=variants, focus=focus, today=today) or read
        if len(read) != 1 or not _named(read[0]) or not read[0].lines.sure:
            return []
        found += read
    keys = [match.candidate.key for wish in found for match in wish.lines.matches]
    changes = [wish for wish in found if wish.wish == "exchange" and wish.wanted]
    whole = all(wish in changes or wish.wish in ("cancel", "keep") for wish in found)
    return found if whole and len(found) >= _SEVERAL and len(set(keys)) == len(keys) else []


def _named(wish: LineRequest) -> bool:
    return bool(wish.lines.matches) and all(
        any(reason.kind in _TITLES for reason in match.reasons) for match in wish.lines.matches
    )


__all__ = ["read_part_by_part", "unclear_between"]
