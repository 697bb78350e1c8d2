"""From invoice lines to purchases: what people kept, one row for each basket and item.

A purchase counts once a basket, whatever its quantity: in the data looked at, a wholesaler's 5,000 pieces say no more
of what goes together or comes again than a shopper's two, and weighting by quantity lowered every score.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

LINE_COLUMNS = ("basket", "person", "item", "at", "quantity", "credit", "country")
"""basket: the order · person: NA for a guest · item: what is recommended · at: datetime64, UTC · quantity: positive ·
credit: whether the line takes goods back · country: ISO 3166-1 alpha-2 or NA."""


def net(lines: pd.DataFrame) -> pd.DataFrame:
    """What people kept: rows `basket, person, item, at, quantity, country`, one a basket and item, oldest first.

    A credit takes back the person's latest purchases of the item that are not later than it; what it cannot match (a
    sale before the data begins, a guest's) takes nothing. `lines` has LINE_COLUMNS; only lines of goods belong in it.
    """
    sold = lines[~lines["credit"].to_numpy(dtype=bool)].drop(columns="credit").reset_index(drop=True)
    taken = _taken_back(sold, lines[lines["credit"].to_numpy(dtype=bool)])
    kept = sold.assign(quantity=sold["quantity"].to_numpy() - taken)
    kept = kept[kept["quantity"] > 0].sort_values(["at", "basket", "item"], kind="stable")
    joined = kept.drop_duplicates(["basket", "item"]).copy()
    if len(joined) < len(kept):
        totals = kept.groupby(["basket", "item"], observed=True, sort=False)["quantity"].sum()
        joined["quantity"] = totals.to_numpy()
    # A few names, said hundreds of thousands of times.
    joined["country"] = joined["country"].astype("category")
    return joined.reset_index(drop=True)


def _taken_back(sold: pd.DataFrame, credited: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """By sold line, how many pieces came back."""
    taken = np.zeros(len(sold), dtype=np.int64)
    credited = credited[credited["person"].notna()].sort_values("at", kind="stable")
    if credited.empty:
        return taken
    pairs = pd.MultiIndex.from_frame(credited[["person", "item"]].drop_duplicates())
    concerned = sold[sold["person"].notna()]
    concerned = concerned[pd.MultiIndex.from_frame(concerned[["person", "item"]]).isin(pairs)]
    concerned = concerned.sort_values("at", kind="stable")
    bought: defaultdict[tuple[Any, Any], list[tuple[Any, int, int]]] = defaultdict(list)
    for row, person, item, at, quantity in zip(
        concerned.index,
        concerned["person"],
        concerned["item"],
        concerned["at"],
        concerned["quantity"],
        strict=True,
    ):
        bought[person, item].append((at, int(row), int(quantity)))
    for person, item, at, quantity in zip(
        credited["person"], credited["item"], credited["at"], credited["quantity"], strict=True
    ):
        left = int(quantity)
        for sold_at, row, pieces in reversed(bought[person, item]):
            if left <= 0:
                break
            if sold_at <= at:
                back = min(left, pieces - int(taken[row]))
                taken[row] += back
                left -= back
    return taken
