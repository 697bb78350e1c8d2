"""Goods that become others, named beside goods that are called off: "cancel the grill, that board in oak instead"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.changes.reading import Reader
from actions.resolver import LineCandidate, LineRequest, swaps_said

_GOES: Final = ("cancel", "return")
_OTHERWISE: Final = re.compile(
    r"\b(?:instead|to be|should be|become|swap|switch|change|exchange|replace|make|in|into|as|with)\b|换|改|要(?!不要)",
    re.IGNORECASE,
)


async def without_swapped(
    reader: Reader, text: str, wishes: Sequence[LineRequest], lines: Sequence[LineCandidate]
) -> list[LineRequest]:
    """`wishes` in which what is named without a wish, beside what plainly goes, with what it becomes is exchanged."""
    open_lines = [
        wish.lines.matches[0].candidate for wish in wishes if wish.wish is None and len(wish.lines.matches) == 1
    ]
    goes = [wish for wish in wishes if wish.wish in _GOES and wish.lines.matches]
    if not open_lines or not goes or not _OTHERWISE.search(text):
        return list(wishes)
    variants = {line.sku: await reader.records.variants(line.sku) for line in lines if line.sku}
    read = swaps_said(text, wishes, lines, variants=variants, focus=reader.focus, today=reader.records.today)
    becomes = {
        wish.lines.matches[0].candidate.key: wish
        for wish in read
        if wish.wish == "exchange" and len(wish.lines.matches) == 1 and wish.target is not None and wish.target.matches
    }
    told = []
    for wish in wishes:
        key = wish.lines.matches[0].candidate.key if wish.wish is None and len(wish.lines.matches) == 1 else ""
        told.append(replace(becomes[key], conditions=wish.conditions) if key in becomes else wish)
    return told


__all__ = ["without_swapped"]
