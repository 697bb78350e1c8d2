"""A version that is refused beside the one that is wanted: "not the maple, the bamboo one", 不要枫木，竹子的."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.reading import Reader
from actions.changes.turned_down import calls_off_plainly
from actions.resolver import LineCandidate
from actions.resolver.goods_words import goods_words
from actions.resolver.refusals import without_refused
from actions.resolver.text import fold

_NOT: Final = re.compile(r"\bnot\b|n['’]?t (?:want|like|need)\b|不要|不想要|不是", re.IGNORECASE)
_LACKS: Final = re.compile(r"\b(?:without|no|non|except|apart from|other than)\b|除了|没有|无", re.IGNORECASE)
"""What is wanted is that something is lacking: "the one without a hood"."""
_LEAST_LATIN: Final = 2


async def without_refused_version(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> str:
    """`text` without the values that it refuses of goods that become others, where more is said; else as it is.

    A version is refused, not the thing: nothing is called off by it.
    """
    if not reader.kind.swaps or calls_off_plainly(text) or not _NOT.search(text) or _LACKS.search(text):
        return text
    refused = without_refused(text)
    if not refused.words or not refused.kept.strip(" ，。！？,.!?") or any(goods_words(each) for each in refused.words):
        return text
    values: set[str] = set()
    for line in lines:
        for variant in await reader.records.variants(line.sku) if line.sku else ():
            for options in (variant.options, *variant.other_options):
                values |= {fold(str(value)) for value in options.values()}
    if not all(any(fold(word) in value or _holds(fold(word), value) for value in values) for word in refused.words):
        return text
    return refused.kept.strip(" ，,")


def _holds(word: str, value: str) -> bool:
    return len(value) > (_LEAST_LATIN if value.isascii() else 0) and value in word


__all__ = ["without_refused_version"]
