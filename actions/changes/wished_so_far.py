"""What a line is wanted as so far, where what was wanted of it cannot be had and others are offered instead.

All that is offered is right-handed: "no, black then" is the right-handed black one, not the left-handed one in black.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.resolver import LineCandidate, VariantCandidate


def as_wished(
    line: LineCandidate, variants: Sequence[VariantCandidate], shown: Sequence[str]
) -> VariantCandidate | None:
    """The line with the values that all of `shown` have and it has not; None where those have none in common."""
    offered = [each for each in variants if each.sku in shown]
    if not offered or len(offered) == sum(each.available for each in variants):
        return None
    common = {
        name: value
        for name, value in offered[0].options.items()
        if line.options.get(name) != value and all(each.options.get(name) == value for each in offered)
    }
    if not common or len(common) == len(line.options):
        return None
    wanted = {**line.options, **common}
    known = next((each for each in variants if dict(each.options) == wanted), None)
    return known or VariantCandidate("", line.titles, line.product, options=wanted, available=False)


def turns_back(found: VariantCandidate, wished: VariantCandidate, line: LineCandidate, text: str) -> bool:
    """Whether a variant has a value of the line again that was to be another, and `text` does not say it."""
    for name, value in wished.options.items():
        if line.options.get(name) == value or found.options.get(name) == value:
            continue
        words = {found.options.get(name, ""), *(v for other in found.other_options for v in other.values())}
        stems = {stem for word in words for stem in re.findall(r"[a-z]{4,}|[\u4e00-\u9fff]+", word.lower())}
        kept = set(re.findall(r"[a-z]{4,}", value.lower()))
        if not any(stem in text.lower() for stem in stems - kept):
            return True
    return False


__all__ = ["as_wished", "turns_back"]
