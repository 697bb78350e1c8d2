"""What a line is to become, pointed at after an answer that told one variant: "OK, change mine to that"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.reading import Reader
from actions.resolver import LineCandidate, Match, Reason, Resolution, VariantCandidate

_THAT: Final = re.compile(
    r"\b(?:to|for|have|take|want|into|mine) (?:that|this|it)(?: one| version| instead)?\b|\b(?:that|this) one\b"
    r"|\bthe one you (?:just )?(?:said|told|named|mentioned|showed|found)\b"
    r"|换成?(?:你|您)?(?:刚才?)?(?:说的|推荐的)?(?:这|那)(?:个|款|种)|就(?:要|换)?(?:这|那)(?:个|款|种)"
    r"|换成?(?:你|您)(?:刚才?)?说的|^\W*那?(?:就)?换(?:吧|它|成它)\W*$",
    re.IGNORECASE,
)


def points_at_told(text: str) -> bool:
    """Whether the words point at what was told just now."""
    return _THAT.search(text) is not None


async def as_told(reader: Reader, text: str, line: LineCandidate) -> Resolution[VariantCandidate] | None:
    """The variant of the line's product that was told last, where the words mean it; None where they do not."""
    if not points_at_told(text):
        return None
    told = next(iter(reader.focus.products), None)
    variants = {each.sku: each for each in await reader.records.variants(line.sku)}
    if told not in variants or told == line.sku or not variants[told].available:
        return None
    return Resolution("one", (Match(variants[told], 0.9, (Reason("pronoun"),)),), text)


async def lines_of_told(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> list[LineCandidate]:
    """The lines of the same product as the variant that was told last; none where the words point at none."""
    if not points_at_told(text):
        return []
    return [line for line in lines if await as_told(reader, text, line) is not None]


__all__ = ["as_told", "lines_of_told", "points_at_told"]
