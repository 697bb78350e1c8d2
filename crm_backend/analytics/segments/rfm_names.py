"""Named segments by the scores of recency and of frequency and value: who bought lately, and who is worth much.

The scores are fifths of the shop's own customers (`rfm.py`), so that the names fit a shop whose customers come weekly
and one whose customers come once a year. Every pair of scores has exactly one name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

NAMES = (
    "champions",
    "loyal",
    "promising",
    "newcomers",
    "need_attention",
    "about_to_sleep",
    "cannot_lose",
    "at_risk",
    "hibernating",
    "lost",
)

_GRID = {
    # By recency score; each for the mean of frequency and monetary score from 1 to 5.
    5: ("newcomers", "promising", "loyal", "champions", "champions"),
    4: ("promising", "promising", "loyal", "loyal", "champions"),
    3: ("about_to_sleep", "about_to_sleep", "need_attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose"),
    1: ("lost", "lost", "hibernating", "at_risk", "cannot_lose"),
}

LEAST_SHARE = 0.03
"""A segment of fewer customers joins the one beside it."""

_BESIDE = {
    "newcomers": "promising",
    "promising": "loyal",
    "champions": "loyal",
    "loyal": "champions",
    "need_attention": "about_to_sleep",
    "about_to_sleep": "hibernating",
    "cannot_lose": "at_risk",
    "at_risk": "hibernating",
    "hibernating": "lost",
    "lost": "hibernating",
}

_BY_PLACE = np.array([_GRID[score] for score in range(1, 6)], dtype=object)


def rfm_names(traits: pd.DataFrame) -> pd.Series[Any]:
    """By row of `CustomerTraits` the name of its segment; missing for those who bought nothing."""
    known = traits["recency_score"].notna()
    scores = traits.loc[known, ["recency_score", "frequency_score", "monetary_score"]].astype("int64")
    # A half goes up: who comes often or spends much is worth keeping.
    value = (scores["frequency_score"] + scores["monetary_score"] + 1) // 2
    names = pd.Series(None, index=traits.index, dtype=object)
    names[known] = _BY_PLACE[scores["recency_score"].to_numpy() - 1, value.to_numpy() - 1]
    return _joined(names)


def _joined(names: pd.Series[Any]) -> pd.Series[Any]:
    """The smallest first, until none is too small or one is left."""
    while True:
        counts = names.value_counts()
        small = counts[counts < LEAST_SHARE * counts.sum()]
        if small.empty or len(counts) == 1:
            return names
        name = min(small.index, key=lambda one: (int(small[one]), one))
        beside, passed = _BESIDE[name], {name}
        while beside not in counts.index:
            passed.add(beside)
            beside = _BESIDE[beside]
            if beside in passed:
                beside = next(one for one in NAMES if one in counts.index and one != name)
        names = names.where(names != name, beside)
