"""What came of showing items: how much more, or less, an item is clicked than the places where it stood would have it.

Clicks over expected clicks (Zhang and Jones 2007): what stands first is clicked more whatever it is, so an item is
compared with the mean of its places, each by shelf and position. Few impressions say little: the ratio is drawn
towards 1 by a gamma prior worth `PRIOR` expected clicks, a place's mean towards its shelf's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np
import pandas as pd

COLUMNS = ("item", "kind", "shelf", "position", "conversation", "at")
"""Of the log: `kind` is shown or clicked, `position` counts from 1, `at` is an instant."""
DAYS = 180
"""What was shown earlier tells of another season."""
PRIOR = 5.0
"""Expected clicks that stand against what was seen: who is clicked twice as often needs as many to count 1.5."""
PLACE_PRIOR = 50.0
"""Impressions of the shelf's mean that each place begins with."""


@dataclass(frozen=True, eq=False)
class Exposure:
    """Of the log up to an instant."""

    appeal: np.ndarray[Any, np.dtype[np.float32]]
    """By item of a history: 1 is what its places get, or that it was never shown; always more than 0."""
    shown: int = 0
    clicked: int = 0
    """Clicks on one item in one conversation count once."""
    items: int = 0
    """Items that were shown."""

    @classmethod
    def of(cls, log: pd.DataFrame | None, items: Sequence[Any], until: datetime) -> Self:
        """Of what the log (`COLUMNS`) has of these items up to an instant; nothing later is looked at."""
        neutral = np.ones(len(items), dtype=np.float32)
        if log is None or log.empty:
            return cls(neutral)
        end: Any = pd.Timestamp(until)
        if log["at"].dt.tz is None and end.tzinfo is not None:
            end = end.tz_convert("UTC").tz_localize(None)
        known = pd.Index(items).get_indexer(log["item"])
        kept = (known >= 0) & (log["at"] <= end).to_numpy() & (log["at"] >= end - pd.Timedelta(days=DAYS)).to_numpy()
        rows = log[kept].assign(number=known[kept])
        shown = rows[rows["kind"] == "shown"]
        clicked = rows[rows["kind"] == "clicked"].drop_duplicates(["conversation", "item"])
        if shown.empty:
            return cls(neutral, clicked=len(clicked))
        rate = _rates(shown, clicked)
        place = pd.MultiIndex.from_frame(shown[["shelf", "position"]])
        size = len(items)
        expected = np.bincount(shown["number"], rate.reindex(place).to_numpy(), minlength=size)
        seen = np.bincount(shown["number"], minlength=size) > 0
        clicks = np.bincount(clicked["number"], minlength=size)
        # A click without an impression in the log compares with nothing.
        appeal = np.where(seen, (clicks + PRIOR) / (expected + PRIOR), 1.0)
        return cls(appeal.astype(np.float32), len(shown), len(clicked), int(seen.sum()))

    def card(self) -> dict[str, Any]:
        """For the model card."""
        return {"shown": self.shown, "clicked": self.clicked, "items": self.items, "days": DAYS}


def _rates(shown: pd.DataFrame, clicked: pd.DataFrame) -> pd.Series[float]:
    """By shelf and position the share of impressions that were clicked, drawn towards the shelf's."""
    places = shown.groupby(["shelf", "position"]).size()
    clicks = clicked.groupby(["shelf", "position"]).size().reindex(places.index, fill_value=0)
    by_shelf = clicks.groupby(level="shelf").sum() / places.groupby(level="shelf").sum()
    usual = by_shelf.reindex(places.index.get_level_values("shelf")).to_numpy()
    return (clicks + PLACE_PRIOR * usual) / (places + PLACE_PRIOR)
