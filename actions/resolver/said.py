"""What was said, taken apart: clauses with what they wish, and conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from actions.resolver.reading import Element

ConditionKind = Literal["unavailable", "too_late", "dearer"]


@dataclass(slots=True)
class RawCondition:
    """A condition as it was said: when, and what then."""

    kind: ConditionKind
    when: list[Element]
    then: list[Element]


@dataclass(slots=True)
class Clause:
    """One wish: `wish` None when no verb says it, `sources` what it concerns, `target` what is wanted in its place."""

    wish: str | None = None
    sources: list[Element] = field(default_factory=list)
    target: list[Element] = field(default_factory=list)
    trailing: list[Element] = field(default_factory=list)
    """Option words said after a pause ("the coat is too small, I need a 42"): a target, or more of the source."""
    continues: bool = False
    """Whether "it" points at the clause before."""
    stated: bool = False
    """Whether it says how things are, and wants nothing of them."""


@dataclass(slots=True)
class Said:
    """A whole message."""

    clauses: list[Clause]
    excluded: list[Element]
    conditions: list[RawCondition]
    every: bool
    """Whether an exception was made from everything."""


_REFERENCES = ("ordinal", "slice", "sup", "everything", "rest", "each_one", "order_number", "date", "amount")


def refers(element: Element) -> bool:
    """Whether the element speaks of things themselves, not only of a value that they may have."""
    if element.kind == "name":
        return True
    return element.kind in _REFERENCES or element.roles.get("pronoun") in ("other", "others", "both")
