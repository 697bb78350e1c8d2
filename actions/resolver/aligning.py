"""Which option of one language is which of another: by their values, for the order in which they come tells nothing.

A file may have the options of each language in the order of their names, so 板面 stands where "design" does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

_MOST_PERMUTED = 6
"""With more options than that their order is taken as it is."""


def places_of(variants: Sequence[tuple[Sequence[str], Mapping[str, str]]]) -> dict[str, int]:
    """The place of each option of another language among those of the first.

    `variants` are the values in the first language, by place, and the same variant's options in the other. An option
    stands for one where each of its values goes with one value only; where several orders are right the given one is
    taken, and so it is where none is.
    """
    names = list(dict.fromkeys(name for _, other in variants for name in other))
    count = max((len(values) for values, _ in variants), default=0)
    if not 1 < len(names) <= _MOST_PERMUTED or len(names) != count:
        return {name: place for place, name in enumerate(names)}
    fits = {(name, place): _fits(variants, name, place) for name in names for place in range(count)}
    best = max(permutations(range(count)), key=lambda order: sum(fits[each] for each in zip(names, order, strict=True)))
    return dict(zip(names, best, strict=True))


def _fits(variants: Sequence[tuple[Sequence[str], Mapping[str, str]]], name: str, place: int) -> float:
    """Whether a value always goes with the same one; a little more where the reverse holds too, or they are alike."""
    pairs = {(o[name], values[place]) for values, o in variants if name in o and place < len(values)}
    if len({said for said, _ in pairs}) != len(pairs):
        return 0.0
    alike = sum(said == value for said, value in pairs) / max(1, len(pairs))
    return 1.0 + alike / 2 + (len({value for _, value in pairs}) == len(pairs)) / 4


__all__ = ["places_of"]
