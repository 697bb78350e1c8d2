"""What was bought before an instant, as compact arrays that every recommender reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
import scipy.sparse as sp

from crm_backend.analytics.recommenders.exposure import Exposure

type Ints = np.ndarray[Any, np.dtype[np.int64]]
type Floats = np.ndarray[Any, np.dtype[np.float32]]

GUEST = -1
YEAR_DAYS = 365.25
LATELY_DAYS = 30
COMING_DAYS = 60
"""How far ahead of the same day a year ago tells of what comes now."""


@dataclass(frozen=True)
class ItemFacts:
    """What is known of an item apart from who bought it."""

    text: str = ""
    """Name, category, brand, attributes and description, as words."""
    category: str | None = None


@dataclass(frozen=True, eq=False)
class History:
    """Purchases up to an instant. People and items are numbered; guests have the person GUEST.

    The row arrays (`person`, `item`, `basket`, `age`) have one entry for each basket and item, the oldest first; `age`
    is in days before `as_of`.
    """

    as_of: datetime
    people: Sequence[Any]
    items: Sequence[Any]
    """All items that were bought, and those that the facts name and nobody bought yet."""
    person: Ints
    item: Ints
    basket: Ints
    age: Floats
    basket_country: np.ndarray[Any, np.dtype[np.object_]]
    facts: tuple[ItemFacts, ...]
    exposure: Exposure
    """What came of showing the items."""

    @classmethod
    def of(
        cls,
        purchases: pd.DataFrame,
        as_of: datetime,
        facts: Mapping[Any, ItemFacts] | None = None,
        log: pd.DataFrame | None = None,
    ) -> Self:
        """Of the purchases (see `purchases.net`) and the log of what was shown (`exposure.COLUMNS`) before `as_of`.

        Nothing later is looked at.
        """
        moment = pd.Timestamp(as_of)
        if purchases["at"].dt.tz is None and moment.tzinfo is not None:
            moment = moment.tz_convert("UTC").tz_localize(None)
        earlier = purchases["at"] < moment
        rows = purchases if earlier.all() else purchases[earlier]
        known = rows["person"].notna().to_numpy()
        people = pd.Index(rows.loc[known, "person"].unique()).sort_values()
        bought = pd.Index(rows["item"].unique())
        others = [item for item in (facts or {}) if item not in bought]
        items = bought.append(pd.Index(others, dtype=bought.dtype)).sort_values() if others else bought.sort_values()
        basket, _ = pd.factorize(rows["basket"])
        person = np.full(len(rows), GUEST, dtype=np.int64)
        person[known] = people.get_indexer(rows.loc[known, "person"])
        _, first = np.unique(basket, return_index=True)
        return cls(
            as_of=as_of,
            people=people.tolist(),
            items=items.tolist(),
            person=person,
            item=items.get_indexer(rows["item"]).astype(np.int64),
            basket=basket.astype(np.int64),
            age=((moment - rows["at"]).dt.total_seconds() / 86_400).to_numpy(dtype=np.float32),
            basket_country=rows["country"].astype(object).to_numpy()[first],
            facts=tuple((facts or {}).get(item, ItemFacts()) for item in items.tolist()),
            exposure=Exposure.of(log, items.tolist(), as_of),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """People × items."""
        return len(self.people), len(self.items)

    @cached_property
    def known(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Rows of people, not guests."""
        return np.asarray(self.person != GUEST, dtype=np.bool_)

    @cached_property
    def counted(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Rows that popularity counts: all, but without guests where most baskets are of known people.

        A till books strangers' purchases as one basket; where people are known they say better what people like.
        """
        # Baskets are numbered from 0 and belong to one person or guest.
        of_people = int(np.count_nonzero(np.bincount(self.basket, self.known)))
        of_guests = int(self.basket.max(initial=-1)) + 1 - of_people
        return self.known if of_people >= of_guests else np.ones(len(self.person), dtype=bool)

    @cached_property
    def country_codes(self) -> tuple[Ints, list[str]]:
        """By basket the number of its country, -1 where none is known; and the countries by number."""
        named = pd.Series(self.basket_country, dtype=object)
        codes, countries = pd.factorize(named.where(named.map(lambda one: isinstance(one, str))))
        return codes.astype(np.int64), [str(country) for country in countries]

    @cached_property
    def on_sale(self) -> int:
        """Items that anybody ever bought: what coverage is a share of."""
        return int(np.count_nonzero(np.bincount(self.item, minlength=len(self.items))))

    @cached_property
    def buyer(self) -> Ints:
        """By row who bought: the person, and each guest's basket as a buyer of its own."""
        return np.where(self.known, self.person, len(self.people) + self.basket)

    @cached_property
    def span_days(self) -> float:
        """Age of the oldest purchase."""
        return float(self.age.max()) if len(self.age) else 0.0

    def decayed_buyers(self, half_life_days: float, within_days: float = np.inf, category: str | None = None) -> Floats:
        """By item, how many bought it; each counted once, by their latest purchase, halved every half-life."""
        mask = self.counted & (self.age < within_days)
        if category is not None:
            mask &= np.array([fact.category == category for fact in self.facts], dtype=bool)[self.item]
        return _latest_by_buyer(self.buyer[mask], self.item[mask], self.age[mask], half_life_days, len(self.items))

    @cached_property
    def owned(self) -> sp.csr_matrix:
        """People × items: 1 where a person bought an item."""
        return self.profile(np.inf, saturate=True)

    def profile(self, half_life_days: float, *, saturate: bool = False) -> sp.csr_matrix:
        """People × items: baskets with the item, each halved every half-life; with `saturate`, √ of at most 1."""
        mask = self.known
        weight = np.exp2(-self.age[mask] / np.float32(half_life_days)).astype(np.float32)
        matrix = sp.csr_matrix((weight, (self.person[mask], self.item[mask])), shape=self.shape, dtype=np.float32)
        matrix.sum_duplicates()
        if saturate:
            matrix.data = np.sqrt(np.minimum(matrix.data, 1.0))
        return matrix

    @cached_property
    def season_weight(self) -> Floats:
        """By row: 1 lately; a year ago in the weeks that now lie ahead 1, too; else 0."""
        lately = self.age < LATELY_DAYS
        ahead = (self.age <= YEAR_DAYS) & (self.age > YEAR_DAYS - COMING_DAYS) & (self.span_days >= YEAR_DAYS)
        return (lately | ahead).astype(np.float32)

    @cached_property
    def trend(self) -> Floats:
        """By item, its share of buyers lately and in the season that comes, over its share of all: 1 is steady.

        Shrunk by a few buyers either way, so that what is rare is neither a fashion nor dead.
        """
        mask = self.counted & (self.season_weight > 0)
        size = len(self.items)
        now = np.zeros(size, dtype=np.float32)
        if mask.any():
            now = _latest_by_buyer(self.buyer[mask], self.item[mask], self.age[mask], np.inf, size)
        ever = self.decayed_buyers(np.inf)
        if not now.sum() or not ever.sum():
            return np.ones(size, dtype=np.float32)
        return ((now + 1) / now.sum() / ((ever + 5) / ever.sum())).astype(np.float32)


def _latest_by_buyer(buyer: Ints, item: Ints, age: Floats, half_life_days: float, size: int) -> Floats:
    # Rows are oldest first, so in reverse the first of a pair is the latest.
    _, first = np.unique((buyer * size + item)[::-1], return_index=True)
    weight = np.exp2(-age[::-1][first] / np.float32(half_life_days))
    return np.bincount(item[::-1][first], weight, minlength=size).astype(np.float32)
