"""A shop's recommenders, chosen and fitted: what to show a person, and what to show somebody of whom nothing is known.

`fit` takes invoice lines (`purchases.LINE_COLUMNS`); `FittedShop.for_people` and `for_stranger` answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from crm_backend.analytics.recommenders.base import Fits, Scorer
from crm_backend.analytics.recommenders.evaluation import Shelf, lists
from crm_backend.analytics.recommenders.history import Floats, History, Ints, ItemFacts
from crm_backend.analytics.recommenders.purchases import net
from crm_backend.analytics.recommenders.relations import Relations
from crm_backend.analytics.recommenders.selection import Selection, select
from crm_backend.analytics.recommenders.starters import starters_by_country

MOST_STARTERS = 60


@dataclass(eq=False)
class FittedShop:
    """Everything that is fitted on a shop's purchases up to an instant."""

    history: History
    selection: Selection
    fits: Fits

    def scorer(self, shelf: Shelf) -> Scorer:
        """What serves a shelf."""
        return self.fits[self.selection.recommender(shelf)]

    def numbered(self, people: Ints, shelf: Shelf, count: int) -> tuple[Ints, Floats]:
        """Lists by the history's own numbers: items (-1 where nothing is left) and scores, people × count."""
        return lists(self.scorer(shelf), self.history, people, shelf, count)

    def for_people(self, people: Iterable[Any], *, shelf: Shelf = "for_you", count: int = 10) -> dict[Any, list[Any]]:
        """By person the best items of a shelf, best first. People without a history get what strangers get."""
        wanted = list(people)
        place = {person: number for number, person in enumerate(self.history.people)}
        known = [person for person in wanted if person in place]
        chosen, _ = self.numbered(np.array([place[person] for person in known], dtype=np.int64), shelf, count)
        found = {
            person: [self.history.items[item] for item in row if item >= 0]
            for person, row in zip(known, chosen, strict=True)
        }
        for person in wanted:
            if person not in found:
                found[person] = [] if shelf == "buy_again" else self.for_stranger(count=count)
        return found

    def for_stranger(
        self,
        *,
        country: str | None = None,
        category: str | None = None,
        looking_at: Any = None,
        basket: Sequence[Any] = (),
        count: int = 10,
    ) -> list[Any]:
        """What somebody without a history is shown, by as much as is known of their visit.

        What goes with the items they look at or have in their basket comes first, then what their category's and
        their country's people begin with.
        """
        place = {item: number for number, item in enumerate(self.history.items)}
        seen = [place[item] for item in (*basket, looking_at) if item in place]
        chosen: list[int] = []
        if seen:
            chosen += self.relations.going_with(seen, count)
        if category is not None:
            chosen += self.in_category(category, count).tolist()
        by_country = self.starters
        chosen += by_country.get(country or "", by_country[""]).tolist()
        left = [item for item in dict.fromkeys(chosen) if item not in seen]
        return [self.history.items[item] for item in left[:count]]

    @cached_property
    def starters(self) -> dict[str, Ints]:
        """By country, and under "" of all, the list for strangers."""
        return starters_by_country(self.history, self.selection.starter, MOST_STARTERS)

    def in_category(self, category: str, count: int) -> Ints:
        """The list for strangers who ask for a category."""
        inside = np.array([fact.category == category for fact in self.history.facts], dtype=bool)
        return self.selection.starter.order(self.history, count, inside[self.history.item])

    @cached_property
    def relations(self) -> Relations:
        """What goes with what."""
        return Relations.of(self.history)

    def card(self) -> dict[str, Any]:
        """The model card: data, split, scores with their standard errors, choices."""
        history = self.history
        cuts = self.selection.cuts
        return {
            "as_of": history.as_of.isoformat(),
            "data": {
                "people": len(history.people),
                "items": len(history.items),
                "purchases": len(history.item),
                "guest_purchases": int((~history.known).sum()),
                "days": round(history.span_days),
            },
            "split": {
                "cut": cuts[0].isoformat() if cuts else None,
                "earlier": [cut.isoformat() for cut in cuts[1:]],
                "rule": "fitted before each cut; scored on each person's next shopping day up to the next cut",
            },
            "clicks": history.exposure.card(),
            "notes": list(self.selection.notes),
            "shelves": {choice.shelf: choice.card() for choice in self.selection.shelves.values()},
            "starters": self.selection.starters.card(),
        }


def fit(
    lines: pd.DataFrame,
    *,
    as_of: datetime | None = None,
    facts: Mapping[Any, ItemFacts] | None = None,
    wanted_coverage: float = 0.25,
    note: Callable[[str], None] = lambda _words: None,
) -> FittedShop:
    """Choose and fit on invoice lines (`purchases.LINE_COLUMNS`) before `as_of`, by default all of them."""
    return fit_purchases(net(lines), as_of=as_of, facts=facts, wanted_coverage=wanted_coverage, note=note)


def fit_purchases(
    purchases: pd.DataFrame,
    *,
    as_of: datetime | None = None,
    facts: Mapping[Any, ItemFacts] | None = None,
    log: pd.DataFrame | None = None,
    wanted_coverage: float = 0.25,
    note: Callable[[str], None] = lambda _words: None,
) -> FittedShop:
    """The same on purchases that were netted, and on a log of what was shown (`exposure.COLUMNS`).

    Raises ValueError when there are no purchases and no `as_of`.
    """
    if as_of is None:
        if purchases.empty:
            raise ValueError("there is nothing to fit on, and no instant to fit for")
        as_of = purchases["at"].max().to_pydatetime() + timedelta(seconds=1)
    moment: Any = pd.Timestamp(as_of)
    if purchases["at"].dt.tz is None and moment.tzinfo is not None:
        moment = moment.tz_convert("UTC").tz_localize(None)
    earlier = purchases["at"] < moment
    before = purchases if earlier.all() else purchases[earlier]
    # Threads that wait for each other between small products cost more than they bring, and other programs' time.
    with threadpool_limits(limits=1, user_api="blas"):
        selection = select(before, as_of, facts, log=log, wanted_coverage=wanted_coverage, note=note)
        note("fitting the chosen ones")
        history = History.of(before, as_of, facts, log)
        shop = FittedShop(history, selection, Fits(history))
        for choice in selection.shelves.values():
            shop.scorer(choice.shelf)  # type: ignore[arg-type]
    return shop
