"""Purchases of small invented shops, for recommenders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

AS_OF = datetime(2026, 3, 1)  # noqa: DTZ001 - frames without a zone are UTC
TASTES = 4
ITEMS_OF_TASTE = 12


def lines(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """(basket, person, item, days before AS_OF, quantity, credit) as invoice lines."""
    frame = pd.DataFrame(rows, columns=["basket", "person", "item", "age", "quantity", "credit"])
    frame["at"] = [AS_OF - timedelta(days=float(age)) for age in frame.pop("age")]
    frame["at"] = pd.to_datetime(frame["at"])
    frame["person"] = frame["person"].astype("Int64")
    frame["credit"] = frame["credit"].astype(bool)
    frame["country"] = "GB"
    return frame


def tasteful_shop(people: int = 160, seed: int = 7) -> pd.DataFrame:
    """People of four tastes, who buy from their taste's items every few weeks over half a year and repeat some."""
    chance = np.random.default_rng(seed)
    rows: list[tuple[Any, ...]] = []
    basket = 0
    for person in range(people):
        taste = person % TASTES
        staple = taste * ITEMS_OF_TASTE + int(chance.integers(ITEMS_OF_TASTE))
        age = float(chance.uniform(120, 180))
        while age > 0:
            basket += 1
            bought = {staple} | {taste * ITEMS_OF_TASTE + int(one) for one in chance.integers(ITEMS_OF_TASTE, size=3)}
            rows += [(basket, person, item, age, 1, False) for item in sorted(bought)]
            age -= float(chance.uniform(12, 35))
    return lines(rows)
