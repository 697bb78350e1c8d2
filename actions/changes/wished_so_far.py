"""What a line is wanted as so far, where what was wanted of it cannot be had and others are offered instead.

All that is offered is right-handed: "no, black then" is the right-handed black one, not the left-handed one in black.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.changes.reading import Reader
from actions.resolver import LineCandidate, LineRequest, VariantCandidate, resolve_variant


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


async def without_values_wanted(reader: Reader, text: str, wishes: Sequence[LineRequest]) -> list[LineRequest]:
    """`wishes` without goods that are told by a value alone, which the goods that this is about can be had in.

    "Black then", of mice that are to be others, is no office chair that is black.
    """
    request = reader.request
    meant = [line for key in request.lines if (line := reader.records.line(key)) is not None]
    others = [wish for wish in wishes if _by_value_alone(wish) and not _keys(wish) & request.lines.keys()]
    if not others or len(meant) != 1:
        return list(wishes)
    found = resolve_variant(text, await reader.records.variants(meant[0].sku), current=meant[0], focus=reader.focus)
    return [wish for wish in wishes if wish not in others] if found.matches else list(wishes)


def _keys(wish: LineRequest) -> set[str]:
    return {line.key for line in wish.lines.candidates}


def _by_value_alone(wish: LineRequest) -> bool:
    kinds = {reason.kind for match in wish.lines.matches for reason in match.reasons}
    return bool(kinds) and wish.wish is None and wish.target is None and kinds <= {"option", "pronoun", "only"}


__all__ = ["as_wished", "turns_back", "without_values_wanted"]
