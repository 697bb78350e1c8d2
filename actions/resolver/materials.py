"""Materials that are wanted and that no version of the goods is made of: a glass one of a kettle that comes in steel. Pure.

What goods come in is the shop's own words; a material is known as one by general words for it (`vocabulary/values.yml`),
so that "the glass one" is never taken for one that says nothing of what it is made of.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from actions.resolver.candidates import VariantCandidate
from actions.resolver.resolution import Absent, Span
from actions.resolver.text import fold
from actions.resolver.vocabulary import read

_DENIED = re.compile(
    r"(?:\b(?:not|no|non|isn't|aren't|without|instead of|rather than|from|than|don't want|hate|never)"
    r"(?: (?:the|a|an|any|my|in|of|made))*[\s-]*"
    r"|(?:不要|不是|别要|不想要|讨厌|而不是|没有)(?:那个|那款|这个)?)$"
)
_SEGMENT = re.compile(r"[.;!?,。；！？，]")


@cache
def _groups() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(fold(str(word)) for word in group) for group in read("values")["materials"])


@cache
def _said() -> re.Pattern[str]:
    words = sorted({word for group in _groups() for word in group if len(word) > 1}, key=len, reverse=True)
    english = "|".join(re.escape(word) for word in words if word.isascii())
    han = "|".join(re.escape(word) for word in words if not word.isascii())
    return re.compile(rf"(?<![a-z-])(?:{english})(?![a-z])|(?:{han})")


@lru_cache(maxsize=256)
def _spoken(variants: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]) -> tuple[str, str]:
    """All values of the variants, and all their titles."""
    values = {fold(value) for said, _ in variants for value in said}
    titles = {fold(title) for _, called in variants for title in called}
    return "\n".join(sorted(values)), "\n".join(sorted(titles))


def not_made_of(text: str, variants: Sequence[VariantCandidate]) -> list[Absent]:
    """The materials that a message wants and that no variant is made of; none where they are not told by material."""
    said = list(_said().finditer(fold(text)))
    if not said or not variants:
        return []
    values, titles = _spoken(
        tuple(
            ((*each.options.values(), *(v for other in each.other_options for v in other.values())), tuple(each.titles))
            for each in variants
        )
    )
    if not any(word in values for group in _groups() for word in group):
        return []
    found: list[Absent] = []
    for hit in said:
        group = next(group for group in _groups() if hit[0] in group)
        if any(word in values or re.search(rf"(?<!\w){re.escape(word)}(?!\w)", titles) for word in group):
            continue
        lead = _SEGMENT.split(fold(text)[: hit.start()])[-1]
        if _DENIED.search(lead):
            continue
        span = Span(*hit.span())
        words = text[hit.start() : hit.end()]
        found.append(Absent("value", words, value=words, span=span))
    return found


__all__ = ["not_made_of"]
