"""The same fact under different names: of one knife the "Edge", of another the "Cutting edge". Pure.

Each product's record was written for itself. Facts that only some of the compared have are put beside those that the
others have, where their names or units say that they tell of the same thing; two that one product has both of never are.
"""  # noqa: E501, RUF100

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from actions.resolver.asked_facts import Entry, concepts, names_concept, tells_of
from actions.resolver.catalogue import stop_words
from actions.resolver.measures import measures_in
from actions.resolver.text import HAN, fold, stems_of

_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_LITTLE: Final = frozenset(
    {
        *("max", "min", "most", "least", "total", "whole", "size", "type", "kind", "item", "need", "needs", "take"),
        *("hold", "itself", "alon", "alone", "upper", "lower", "上限", "下限", "最大", "最小", "可用", "整机", "自身"),
        *("能否", "是否"),
    }
)
"""Words of names that say little of what is told."""
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
    """`rows` with those put together that tell of the same thing, each under the name that comes first.

    What is called alike goes together before what only tells of the same in general, and a unit tells least.
    """
    told = list(rows)
    for akin in (_called_alike, _tell_of_one, _of_one_unit):
        told = _put_together(told, akin)
    return told


def _put_together(rows: Sequence[Row], akin: Callable[[Row, Row, Sequence[Row]], bool]) -> list[Row]:
    left = list(rows)
    told: list[Row] = []
    while left:
        row = left.pop(0)
        fitting = (each for each in left if _apart(row, each) and _in_one_unit(row, each) and akin(row, each, rows))
        while (other := next(fitting, None)) is not None:
            left.remove(other)
            row = Row(row.name, tuple(a or b for a, b in zip(row.values, other.values, strict=True)))
            now = row
            fitting = (each for each in left if _apart(now, each) and _in_one_unit(now, each) and akin(now, each, rows))
        told.append(row)
    return told


def _apart(row: Row, other: Row) -> bool:
    """Whether no product has both."""
    return not any(a and b for a, b in zip(row.values, other.values, strict=True))


def _in_one_unit(row: Row, other: Row) -> bool:
    """Whether what both measure is the same, where both measure something: pounds of pull are no ounces of weight."""
    one, two = _dimensions(row), _dimensions(other)
    return not (one and two) or bool(one & two)


def _dimensions(row: Row) -> set[str]:
    return {each.dimension for value in row.values if value for each in measures_in(value)}


def _called_alike(row: Row, other: Row, _rows: Sequence[Row]) -> bool:
    return bool(_words(row.name) & _words(other.name))


def _tell_of_one(row: Row, other: Row, _rows: Sequence[Row]) -> bool:
    meant = {key for key in concepts() if names_concept(row.name, key)}
    return any(names_concept(other.name, key) for key in meant)


def _of_one_unit(row: Row, other: Row, rows: Sequence[Row]) -> bool:
    """Whether both are the only ones of their products that tell of what is measured in their unit."""
    for concept in _BY_UNIT:
        if _all_tell(row, concept) and _all_tell(other, concept):
            alike = [each for each in rows if _all_tell(each, concept)]
            return all(sum(bool(each.values[place]) for each in alike) < 2 for place in range(len(row.values)))
    return False


def _all_tell(row: Row, concept: str) -> bool:
    return all(tells_of(Entry(row.name, each), concept) for each in row.values if each)


def _words(name: str) -> set[str]:
    """The words of a fact's name that tell what it is of; of a Chinese one its runs of two characters."""
    folded = fold(name.replace("_", " "))
    runs = {run[place : place + 2] for run in _HAN_RUN.findall(folded) for place in range(len(run) - 1)}
    stems = {each for each in stems_of(folded) if each.isascii() and len(each) > 2} - stop_words() - _LITTLE
    return {*(each for each in runs if each not in _LITTLE), *stems}


__all__ = ["Row", "aligned"]
