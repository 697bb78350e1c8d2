"""Another version of goods that were just named, called by its value alone: 金属的不要了，硅胶的也取消一块. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from actions.resolver.reading import Element


def names_another(before: Sequence[Element], said: Sequence[Element]) -> bool:
    """Whether `said` has a value of the goods named in `before` that those told there have not.

    "The metal watch, and one of the silicone ones": these are two, and none is both.
    """
    named = _together([each for each in before if each.kind == "name" and each.strengths])
    told = named & _together([each for each in before if each.kind == "option"])
    values = [each for each in said if each.kind == "option"]
    meant = named & _together(values)
    return bool(values and told and meant) and not told & meant


def _together(elements: Sequence[Element]) -> set[int]:
    """The candidates that all of `elements` speak of."""
    sets = [set(each.strengths) for each in elements]
    return set.intersection(*sets) if sets else set()


__all__ = ["names_another"]
