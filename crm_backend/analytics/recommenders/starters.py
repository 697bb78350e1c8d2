"""What to show somebody of whom nothing is known: a short list in which as many as possible find something.

The ten best sellers are often bought by the same people, so a list of them serves fewer visitors than it could. Each
place of ours goes to the item that most baskets contain which the places before have not served yet: the greedy
solution of maximum coverage (Nemhauser, Wolsey and Fisher 1978: within 1 - 1/e of the best).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from crm_backend.analytics.recommenders.base import top
from crm_backend.analytics.recommenders.history import COMING_DAYS, YEAR_DAYS, Floats, History, Ints

LEAST_BASKETS = 300
"""With fewer, a country's or a category's own list would be noise: the whole shop's stands in."""


@dataclass(frozen=True)
class Starters:
    """How a list for strangers is made."""

    name: str
    half_life_days: float = 90
    repeat_weight: float = 0.3
    """A basket of somebody who bought before, against a first one: a stranger's will be a first one."""
    served_weight: float | None = 0.2
    """A basket in which something of the list is already, against one without; None: plain popularity."""

    def order(self, history: History, count: int, rows: Any = None) -> Ints:
        """The items, best first, at most `count`; of the rows given (a mask) only."""
        mask = history.counted if rows is None else history.counted & rows
        if not mask.any():
            return np.zeros(0, dtype=np.int64)
        baskets, numbers = np.unique(history.basket[mask], return_inverse=True)
        weight = basket_weights(history, self.half_life_days, self.repeat_weight)[baskets]
        contents = sp.csr_matrix(
            (np.ones(len(numbers), dtype=np.float32), (numbers, history.item[mask])),
            shape=(len(baskets), len(history.items)),
        )
        contents.data[:] = 1
        by_item = contents.T.tocsr()
        if self.served_weight is None:
            reached = np.asarray(by_item @ weight, dtype=np.float32)
            best_sellers: Ints = top(reached[None, :], min(count, int((reached > 0).sum())))[0]
            return best_sellers
        chosen: list[int] = []
        while len(chosen) < count:
            reached = np.asarray(by_item @ weight, dtype=np.float64)
            reached[chosen] = 0
            best = int(reached.argmax())
            if reached[best] <= 0:
                break
            chosen.append(best)
            served = by_item.indices[by_item.indptr[best] : by_item.indptr[best + 1]]
            weight[served] *= np.float32(self.served_weight)
        return np.array(chosen, dtype=np.int64)


def basket_weights(history: History, half_life_days: float, repeat_weight: float) -> Floats:
    """By basket: newer ones weigh more, and those of a year ago in the season that now comes; first ones most."""
    size = int(history.basket.max(initial=-1)) + 1
    age = np.zeros(size, dtype=np.float32)
    age[history.basket] = history.age
    owner = np.full(size, -1, dtype=np.int64)
    owner[history.basket] = history.person
    weight = np.exp2(-age / np.float32(half_life_days))
    if history.span_days >= YEAR_DAYS:
        weight += (age <= YEAR_DAYS) & (age > YEAR_DAYS - COMING_DAYS)
    oldest = np.zeros(len(history.people) + 1, dtype=np.float32)
    np.maximum.at(oldest, owner, age)
    first = (owner < 0) | (age >= oldest[owner])
    return np.asarray(np.where(first, weight, weight * np.float32(repeat_weight)), dtype=np.float32)


def starters_by_country(history: History, starters: Starters, count: int) -> dict[str, Ints]:
    """By country with enough baskets its own list; under "" that of the whole shop."""
    lists = {"": starters.order(history, count)}
    codes, countries = history.country_codes
    counted = np.unique(history.basket[history.counted])
    enough = np.bincount(codes[counted][codes[counted] >= 0], minlength=len(countries)) >= LEAST_BASKETS
    of_row = codes[history.basket]
    for code in np.flatnonzero(enough):
        lists[countries[int(code)]] = starters.order(history, count, of_row == code)
    return lists
