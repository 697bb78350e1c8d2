"""Groups messages that say about the same, to see what the assistant is asked for and cannot do. Pure.

Leader clustering over the search index's terms, weighted by how rare they are among the messages: one pass, no model
and no library in the gateway, and 300 messages take a few milliseconds. A message joins the group whose leader is most
alike; what is alike to none leads a new one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gateway.search.terms import document_terms

ALIKE: Final = 0.4
"""From this weighted part of common terms (Dice's coefficient) on two messages are of one group."""


@dataclass
class Cluster:
    """A group: the index of its leader and of all its messages, in their order."""

    leader: int
    members: list[int] = field(default_factory=list)


def cluster(messages: Sequence[str], alike: float = ALIKE) -> list[Cluster]:
    """The groups, the largest first. Every message is in exactly one."""
    terms = [frozenset(document_terms(one)) for one in messages]
    seen = Counter(term for one in terms for term in one)
    weight = {term: math.log1p(len(messages) / count) for term, count in seen.items()}
    sizes = [sum(weight[term] for term in one) for one in terms]
    clusters: list[Cluster] = []
    by_term: dict[str, list[int]] = {}
    for index, mine in enumerate(terms):
        common: dict[int, float] = {}
        for term in mine:
            for number in by_term.get(term, ()):
                common[number] = common.get(number, 0.0) + weight[term]
        best, likeness = -1, 0.0
        for number, shared in common.items():
            found = 2 * shared / ((sizes[index] + sizes[clusters[number].leader]) or 1.0)
            if found > likeness:
                best, likeness = number, found
        if best < 0 or likeness < alike:
            best = len(clusters)
            clusters.append(Cluster(index))
            for term in mine:
                by_term.setdefault(term, []).append(best)
        clusters[best].members.append(index)
    return sorted(clusters, key=lambda one: (-len(one.members), one.leader))
