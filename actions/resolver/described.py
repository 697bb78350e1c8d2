"""Words that say how a thing is now, and not how it is to be: "swap the red M for a size up", 硅胶白盘那块换黑盘的.

They name what the shopper has, so what stands there stays only as far as it can.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.resolver.candidates import VariantCandidate
from actions.resolver.comparing import Comparison
from actions.resolver.option_index import Options
from actions.resolver.option_words import OptionWord
from actions.resolver.text import fold

_BECOMES = re.compile(
    r"换成?|改成?|改为|换为"
    r"|\b(?:swap|swapp?ed|change|changed|exchange|exchanged|switch|switched|replace|replaced|trade|turn)\b[^.;!?]*?\b(?:to|for|with|into)\b"
    r"|\b(?:should|could|to|can) (?:be|become)\b|->|→"
)
_SIZE_WRONG = re.compile(
    r"^[^,，.。;；]{0,14}?(?:(?:is|are|was|were|turned out|came|feels?) (?:a (?:bit|little) |way |much |far |rather )?(?:too |so )?(?:small|big|large|tight|loose|long|short)"  # noqa: E501
    r"|[太偏有点]*[小大紧松长短]了|买[大小]了)"
)
_THAT = re.compile(r"^[^,，。;；\s]{0,6}?[那这][件个块双台把条只款张副盏套支本辆]")


def without_described(
    text: str,
    words: Sequence[OptionWord],
    here: VariantCandidate,
    options: Options,
    *,
    compared: Sequence[Comparison],
) -> list[OptionWord]:
    """The mentions without those of what the shopper has, where others or `compared` say what is wanted instead."""
    folded = fold(text)
    pivot = next((hit for hit in _BECOMES.finditer(folded)), None)
    wished = [each for each in words if not each.keeps and not each.frees and not _is_here(each, here, options)]
    left: list[OptionWord] = []
    for word in words:
        if any(_is_how_it_is(word, each, here, options) for each in compared):
            continue
        if word.keeps or word.frees or word.negated or not _is_here(word, here, options):
            left.append(word)
            continue
        behind = folded[word.span.end :]
        before = pivot is not None and word.span.end <= pivot.end() and pivot.end() < len(folded.rstrip())
        wanted_later = any(
            span.start > word.span.end for span in (*(w.span for w in wished), *(c.span for c in compared))
        )
        described = before or _THAT.match(behind) or _SIZE_WRONG.match(behind)
        if described and wanted_later:
            continue
        left.append(word)
    return left


def _is_how_it_is(word: OptionWord, said: Comparison, here: VariantCandidate, options: Options) -> bool:
    """Whether a value is on no side that a comparison goes to: "a size up, it's an M", "it is rather small"."""
    if said.extreme or said.place is None or word.keeps or word.frees or said.place not in word.meant:
        return False
    ranks = options.ranks(said.place)
    own = ranks.get(here.options.get(options.names[said.place], ""))
    there = [ranks[value] for value in word.meant[said.place] if value in ranks]
    return own is not None and not any(rank > own if said.most else rank < own for rank in there)


def _is_here(word: OptionWord, here: VariantCandidate, options: Options) -> bool:
    return any(here.options.get(options.names[place]) in values for place, values in word.meant.items())


__all__ = ["without_described"]
