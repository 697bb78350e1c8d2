"""From a list of products to a shelf: the shop's rules, and reasons that may be told. Pure functions."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_backend.policies.recommendations import RecommendationRules
from shopdesk_schemas.recommendations import RecommendationReason, RecommendationReasonKind

CAPPED_PLACES = 10
"""The caps on categories and brands hold for so many places."""

HOLDOUT, DEFAULT = "holdout", "default"


@dataclass(frozen=True)
class Entry:
    """A product on a list, and why it is there; product ids in `facts` are the CRM's own."""

    product_id: int
    kind: RecommendationReasonKind | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    people: int | None = None
    """How many people the reason rests on; None where it is the person's own doing, or nobody's."""


@dataclass(frozen=True)
class Good:
    """What the rules look at."""

    product_id: int
    external_id: str
    category: str | None
    brand: str | None


@dataclass(frozen=True)
class Personal:
    """What is kept from, or pushed back for, one person."""

    never: Collection[int] = frozenset()
    """Not interested, sent back, bought since."""
    tired: Collection[int] = frozenset()


def arrange(
    entries: Sequence[Entry],
    goods: Mapping[int, Good],
    rules: RecommendationRules,
    limit: int,
    *,
    personal: Personal = Personal(),
    free_of_caps: bool = False,
) -> list[Entry]:
    """The entries to show, at most `limit`. `goods` has what can be had; what is not in it is left out.

    Pinned first, then as listed, then what the person is tired of, then what is buried. The caps push back, they do
    not empty a shelf: what they held back follows when nothing else is left.
    """
    pinned = {reference: place for place, reference in enumerate(rules.pin)}
    seen: set[int] = set()
    ranked: list[tuple[tuple[int, int], Entry]] = []
    for place, entry in enumerate(entries):
        good = goods.get(entry.product_id)
        if good is None or entry.product_id in seen or entry.product_id in personal.never or _excluded(good, rules):
            continue
        seen.add(entry.product_id)
        if good.external_id in rules.bury:
            rank = (3, place)
        elif good.external_id in pinned and not free_of_caps:
            rank = (0, pinned[good.external_id])
        else:
            rank = (2 if entry.product_id in personal.tired else 1, place)
        ranked.append((rank, entry))
    ordered = [entry for _rank, entry in sorted(ranked, key=lambda one: one[0])]
    return ordered[:limit] if free_of_caps else _capped(ordered, goods, rules, limit)


def _excluded(good: Good, rules: RecommendationRules) -> bool:
    if good.external_id in rules.exclude:
        return True
    category = (good.category or "").casefold()
    return any(
        category == named.casefold() or category.startswith(f"{named.casefold()} > ")
        for named in rules.exclude_categories
    )


def _capped(entries: Sequence[Entry], goods: Mapping[int, Good], rules: RecommendationRules, limit: int) -> list[Entry]:
    chosen: list[Entry] = []
    held: list[Entry] = []
    categories: Counter[str] = Counter()
    brands: Counter[str] = Counter()
    for entry in entries:
        good = goods[entry.product_id]
        within = len(chosen) < min(CAPPED_PLACES, limit)
        full = (good.category is not None and categories[good.category] >= rules.per_category) or (
            good.brand is not None and brands[good.brand] >= rules.per_brand
        )
        if within and full:
            held.append(entry)
            continue
        chosen.append(entry)
        if good.category is not None:
            categories[good.category] += 1
        if good.brand is not None:
            brands[good.brand] += 1
    return [*chosen, *held][:limit] if len(chosen) < limit else chosen[:limit]


def reasons(
    entry: Entry, named: Mapping[int, tuple[str, str]], rules: RecommendationRules, *, to_staff: bool
) -> list[RecommendationReason]:
    """Why, as facts. `named` gives external id and name of products that facts speak of.

    Nothing where fewer people than the shop's rule did it, for agents neither: a count of two tells of a person.
    """
    if entry.kind is None or (entry.people is not None and entry.people < rules.reasons_from_people):
        return []
    values = {
        name: value for name, value in entry.facts.items() if name not in ("with", "both", "of", "counted", "buyers")
    }
    if "with" in entry.facts:
        other = named.get(entry.facts["with"])
        if other is None:
            return []
        values["product"], values["name"] = other
    if to_staff:
        values |= {name: entry.facts[name] for name in ("both", "of", "counted", "buyers") if name in entry.facts}
    return [RecommendationReason(kind=entry.kind, values=values)]


def arm_of(subject: str, rules: RecommendationRules) -> str:
    """The arm of a person or conversation: always the same one while the experiment has its name."""
    if _dealt(f"{rules.experiment}:holdout:{subject}") < rules.holdout_percent * 100:
        return HOLDOUT
    place = _dealt(f"{rules.experiment}:arm:{subject}")
    for arm in rules.arms:
        if place < arm.percent * 100:
            return arm.name
        place -= arm.percent * 100
    return DEFAULT


def way_of(arm: str, rules: RecommendationRules) -> str:
    """How an arm is served: chosen, popular or frequent."""
    if arm == HOLDOUT:
        return "popular"
    return next((one.shelf for one in rules.arms if one.name == arm), "chosen")


def _dealt(text: str) -> int:
    """0 … 9999, evenly."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % 10_000
