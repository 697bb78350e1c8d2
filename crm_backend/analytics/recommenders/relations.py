"""What goes with what: counts of people and baskets that had both, and likeness of words.

Guests are left out: a till's receipts of strangers would make everything go with everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp

from crm_backend.analytics.recommenders.base import top
from crm_backend.analytics.recommenders.history import Floats, History, Ints
from crm_backend.analytics.recommenders.models import LARGEST_DENSE, most_bought, word_vectors

WIDEST_BASKET = 100
"""Of a wider basket nothing can be said of what goes with what: it is a stock-up or a wholesaler's."""
SHRINK = 10
CHUNK_ITEMS = 512


@dataclass(frozen=True, eq=False)
class Relations:
    """Counts over `columns`, the items that enough people bought; all arrays are in the history's numbers."""

    columns: Ints
    place: Ints
    """By item its place among `columns`; -1 where it has none."""
    baskets_with_both: sp.csr_matrix
    baskets_with: Floats
    people_with_both: Floats
    """columns × columns: how many people bought both at any time; the diagonal: who bought it."""
    words: sp.csr_matrix

    @classmethod
    def of(cls, history: History) -> Self:
        """Count."""
        columns = most_bought(history, LARGEST_DENSE)
        place = np.full(len(history.items), -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        mask = history.known & (place[history.item] >= 0)
        baskets, number = np.unique(history.basket[mask], return_inverse=True)
        contents = sp.csr_matrix(
            (np.ones(len(number), dtype=np.float32), (number, place[history.item[mask]])),
            shape=(len(baskets), len(columns)),
        )
        narrow = contents[np.diff(contents.indptr) <= WIDEST_BASKET]
        owned = (history.owned[:, columns] > 0).astype(np.float32)
        return cls(
            columns,
            place,
            sp.csr_matrix(narrow.T @ narrow),
            np.asarray(narrow.sum(axis=0), dtype=np.float32).ravel(),
            np.asarray((owned.T @ owned).toarray(), dtype=np.float32),
            word_vectors(history),
        )

    def bought_together(self, rows: Ints) -> Floats:
        """Likeness (shrunk cosine over baskets) of some columns to all columns: rows × columns."""
        both = np.asarray(self.baskets_with_both[rows].toarray(), dtype=np.float32)
        both[np.arange(len(rows)), rows] = 0
        root = np.sqrt(np.maximum(self.baskets_with, 1))
        return np.asarray(both / (root[rows][:, None] * root[None, :] + SHRINK), dtype=np.float32)

    def baskets(self, item: int, other: int) -> tuple[int, int]:
        """(baskets with both, baskets with `item`), by the history's numbers."""
        one, two = self.place[item], self.place[other]
        if one < 0 or two < 0:
            return 0, 0
        return int(self.baskets_with_both[one, two]), int(self.baskets_with[one])

    def alike(self, items: Ints) -> Floats:
        """Likeness of what items are and of who bought them: items × all items.

        Words decide for what nobody bought yet; of what is bought, the people who did.
        """
        by_words = np.asarray((self.words[items] @ self.words.T).toarray(), dtype=np.float32)
        scored = by_words * np.float32(0.5)
        places = self.place[items]
        sold = np.flatnonzero(places >= 0)
        if len(sold):
            both = self.people_with_both[places[sold]].copy()
            buyers = np.sqrt(np.maximum(self.people_with_both.diagonal(), 1))
            both /= buyers[places[sold]][:, None] * buyers[None, :] + SHRINK
            scored[np.ix_(sold, self.columns)] += both
        scored[np.arange(len(items)), items] = 0
        return scored

    def going_with(self, items: Sequence[int], count: int) -> list[int]:
        """What goes with several items at once, best first, without them."""
        places = np.array([self.place[item] for item in items if self.place[item] >= 0], dtype=np.int64)
        scored = np.zeros(len(self.place), dtype=np.float32)
        if len(places):
            scored[self.columns] = self.bought_together(places).sum(axis=0)
        # What is alike only breaks ties and fills what nobody bought together.
        scored += self.alike(np.array(items, dtype=np.int64)).sum(axis=0) * np.float32(1e-3)
        scored[list(items)] = 0
        best = top(scored[None, :], count)[0]
        return [int(item) for item in best if scored[item] > 0]

    def because(self, owned: Ints, items: Ints) -> list[tuple[int, int, int] | None]:
        """For each item, of the owned ones that whose buyers most bought it, too: (owned, both, buyers of owned).

        None where the counts hold nothing. Compared by the share of buyers, shrunk, over how common the item is anyway.
        """
        mine = owned[self.place[owned] >= 0]
        if not len(mine):
            return [None] * len(items)
        rows, columns = self.place[mine], self.place[items]
        both = self.people_with_both[np.ix_(rows, np.maximum(columns, 0))]
        buyers = self.people_with_both.diagonal()
        share = both / (buyers[rows][:, None] + SHRINK) / np.sqrt(buyers[np.maximum(columns, 0)] + SHRINK)[None, :]
        share[mine[:, None] == items[None, :]] = 0
        best = share.argmax(axis=0)
        found: list[tuple[int, int, int] | None] = []
        for at, row in enumerate(best):
            count = int(both[row, at])
            known = columns[at] >= 0 and count > 0 and share[row, at] > 0
            found.append((int(mine[row]), count, int(buyers[rows[row]])) if known else None)
        return found
