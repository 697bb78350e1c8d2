"""The same fact under different names: of one knife the "Edge", of another the "Cutting edge". Pure.

Each product's record was written for itself. Facts that only some of the compared have are put beside those that the
others have, where their names or units say that they tell of the same thing; two that one product has both of never are.
"""  # noqa: E501, RUF100

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from actions.resolver.asked_facts import Entry, concepts, names_concept, tells_of
from actions.resolver.text import HAN, fold, stems_of

_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_BEHIND: Final = re.compile(r"\s+(?:for|with|in|of|by|at|on|per)\s+|\s*[(,/–—:]")
_BY_UNIT: Final = ("weight", "noise", "power", "voltage")
"""What an amount tells of whatever it is called, but for names of something else."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fact of several products: what each has of it, in their order; None where one has none under that name."""

    name: str
    values: tuple[str | None, ...]

    @property
    def whole(self) -> bool:
        """Whether every product has it."""
        return all(self.values)

    @property
    def shared(self) -> bool:
        """Whether more than one has it."""
        return sum(map(bool, self.values)) > 1


def aligned(rows: Sequence[Row]) -> list[Row]:
    """`rows` with those put together that tell of the same thing, each under the name that comes first."""
    left = list(rows)
    told: list[Row] = []
    while left:
        row = left.pop(0)
        while not row.whole and (other := next((each for each in left if _goes_with(row, each)), None)) is not None:
            left.remove(other)
            row = Row(row.name, tuple(a or b for a, b in zip(row.values, other.values, strict=True)))
        told.append(row)
    return told


def _goes_with(row: Row, other: Row) -> bool:
    if any(a and b for a, b in zip(row.values, other.values, strict=True)):
        return False
    if _called(row.name) & _called(other.name):
        return True
    meant = {key for key in concepts() if names_concept(row.name, key)}
    if any(names_concept(other.name, key) for key in meant):
        return True
    return any(_all_tell(row, key) and _all_tell(other, key) for key in _BY_UNIT)


def _all_tell(row: Row, concept: str) -> bool:
    return all(tells_of(Entry(row.name, each), concept) for each in row.values if each)


def _called(name: str) -> set[str]:
    """What a fact is called in general: the last word of its name, the last two characters of a Chinese one."""
    folded = fold(name.replace("_", " "))
    runs = _HAN_RUN.findall(folded)
    if runs:
        return {runs[-1][-2:]} if len(runs[-1]) > 1 else set()
    stems = [each for each in stems_of(_BEHIND.split(folded)[0]) if len(each) > 2]
    return set(stems[-1:])


__all__ = ["Row", "aligned"]
