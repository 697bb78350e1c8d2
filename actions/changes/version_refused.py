"""A version that is refused beside the one that is wanted: "not the maple, the bamboo one", 不要枫木，竹子的."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.changes.reading import Reader
from actions.changes.turned_down import calls_off_plainly
from actions.resolver import LineCandidate, Resolution, VariantCandidate
from actions.resolver.goods_words import goods_words
from actions.resolver.refusals import without_refused
from actions.resolver.text import fold

_OF_ONES: Final = r"[\w-]+ (?:ones?|versions?|models?)\b"
_NOT: Final = re.compile(rf"\bnot\b|\bno {_OF_ONES}|n['’]?t (?:want|like|need)\b|不要|不想要|不是", re.IGNORECASE)
_LACKS: Final = re.compile(
    rf"\b(?:without|no(?! {_OF_ONES})|non|except|apart from|other than)\b|除了|没有|无", re.IGNORECASE
)
"""What is wanted is that something is lacking: "the one without a hood"."""
_LEAST_LATIN: Final = 2


async def without_refused_version(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> str:
    """`text` without the values that it refuses of goods that become others, where more is said; else as it is.

    A version is refused, not the thing: nothing is called off by it.
    """
    if not reader.kind.swaps or calls_off_plainly(text) or not _NOT.search(text):
        return text
    refused = without_refused(text)
    if not refused.words or not refused.kept.strip(" ，。！？,.!?"):
        return text
    values: set[str] = set()
    for line in lines:
        for variant in await reader.records.variants(line.sku) if line.sku else ():
            for options in (variant.options, *variant.other_options):
                values |= {fold(str(value)) for value in options.values()}
    if _LACKS.search(_without(fold(text), values)):
        return text
    if any(goods_words(each) and fold(each) not in values for each in refused.words):
        # A sort of goods is called off, unless it is just what one of the versions is called: 扫地机器人 of vacuums.
        return text
    if not all(any(fold(word) in value or _holds(fold(word), value) for value in values) for word in refused.words):
        return text
    reader.refused = list(refused.words)
    return refused.kept.strip(" ，,")


def allowed(variants: Sequence[VariantCandidate], refused: Sequence[str]) -> list[VariantCandidate]:
    """The versions without those that have one of the `refused` values; all where none would be left."""
    return [each for each in variants if not _has(each, refused)] or list(variants)


def fitting(found: Resolution[VariantCandidate], refused: Sequence[str]) -> Resolution[VariantCandidate]:
    """What was found without the versions that have one of the `refused` values, where any are left."""
    left = tuple(each for each in found.matches if not _has(each.candidate, refused))
    if not refused or not left or len(left) == len(found.matches):
        return found
    return replace(found, status="one" if len(left) == 1 else found.status, matches=left)


def _without(text: str, values: set[str]) -> str:
    """`text` without what versions are called: 无尘袋 is a value, and says of nothing that it is lacking."""
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, " ") if len(value) > 1 and not value.isascii() else text
    return text


def _has(variant: VariantCandidate, refused: Sequence[str]) -> bool:
    values = [fold(str(value)) for each in (variant.options, *variant.other_options) for value in each.values()]
    return any(fold(word) == value or _holds(fold(word), value) for word in refused for value in values)


def _holds(word: str, value: str) -> bool:
    return len(value) > (_LEAST_LATIN if value.isascii() else 0) and value in word


__all__ = ["allowed", "fitting", "without_refused_version"]
