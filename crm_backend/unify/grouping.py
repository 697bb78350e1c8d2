"""From pairs to profiles: who belongs together, given what the rules say of pairs and what people decided.

A pure function of its arguments, and of no order in them. People's decisions come first: who was put apart is never in
one profile, who was put together is unless that would break it. Then the rules' pairs, the surest first; one that
would bring together two who contradict each other, or more than a profile may hold, is held back for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

Key = tuple[str, str]
"""Source and external id of a customer."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two customers that the rules (`rules`) or a person (`person`) say are the same."""

    low: Key
    high: Key
    said_by: Literal["rules", "person"]
    score: int = 0

    def __post_init__(self) -> None:
        if self.low > self.high:
            low, high = self.high, self.low
            object.__setattr__(self, "low", low)
            object.__setattr__(self, "high", high)


@dataclass(slots=True)
class Grouping:
    """The profiles, each with two members or more, and the ties that were held back."""

    profiles: set[frozenset[Key]] = field(default_factory=set)
    held: set[tuple[Key, Key]] = field(default_factory=set)


def group(
    ties: Iterable[Tie],
    apart: Iterable[tuple[Key, Key]],
    contradicting: Callable[[Key, Key], bool],
    largest: int,
) -> Grouping:
    """Who belongs together. `apart` are pairs that must not share a profile; `largest` is a profile's limit."""
    enemies: dict[Key, set[Key]] = {}
    for one, other in apart:
        enemies.setdefault(one, set()).add(other)
        enemies.setdefault(other, set()).add(one)
    member_of: dict[Key, set[Key]] = {}
    result = Grouping()
    for tie in sorted(set(ties), key=lambda tie: (tie.said_by == "rules", -tie.score, tie.low, tie.high)):
        left = member_of.setdefault(tie.low, {tie.low})
        right = member_of.setdefault(tie.high, {tie.high})
        if left is right:
            continue
        if len(left) < len(right):
            left, right = right, left
        if any(enemies.get(one, set()) & left for one in right) or (
            tie.said_by == "rules"
            and (len(left) + len(right) > largest or any(contradicting(one, other) for one in left for other in right))
        ):
            result.held.add((tie.low, tie.high))
            continue
        left |= right
        for one in right:
            member_of[one] = left
    result.profiles = {frozenset(members) for members in member_of.values() if len(members) > 1}
    return result
