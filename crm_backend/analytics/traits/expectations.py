"""Traits about what is to come: how likely somebody still buys, how much, and when next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from crm_backend.analytics.lifetime import bgnbd, gamma_gamma
from crm_backend.analytics.lifetime.bgnbd import BgNbd, NotFitted
from crm_backend.analytics.lifetime.gamma_gamma import GammaGamma

WEEK_DAYS = 7.0
HORIZONS_DAYS = (30, 90, 365)
CHURN_DAYS = 365
"""A customer who will not buy for a year counts as having left."""

LEAST_CUSTOMERS = 50
LEAST_REPEATERS = 10
"""With fewer, four parameters say more about chance than about customers."""

REGULAR_GAPS = 3
REGULAR_SPREAD = 0.35
"""From so many gaps on, varying so little around their median, a customer's own rhythm tells the next purchase better
than the model, for which purchases have no rhythm."""

NARROW, WIDE = 0.2, 0.8
"""The next purchase is expected between these quantiles."""


def fitted(summary: pd.DataFrame, today: int) -> dict[str, Any]:
    """Parameters of both models, in weeks and minor units, and how many they were fitted to; null where one was not."""
    repeaters = int((summary["x"] > 0).sum())
    card: dict[str, Any] = {
        "customers": len(summary),
        "repeat_customers": repeaters,
        "bgnbd": None,
        "gamma_gamma": None,
    }
    if len(summary) < LEAST_CUSTOMERS or repeaters < LEAST_REPEATERS:
        return card
    days = summary["days"].to_numpy(dtype=float)
    try:
        model = bgnbd.fit(*_observed(summary, today))
        card["bgnbd"] = asdict(model)
        spend = gamma_gamma.fit(days, summary["spend_minor"].to_numpy(dtype=float) / days)
        card["gamma_gamma"] = asdict(spend)
    except NotFitted as reason:
        card["not_fitted"] = str(reason)
    return card


def _observed(summary: pd.DataFrame, today: int) -> tuple[Any, Any, Any]:
    """x, t_x and T, in weeks."""
    return (
        summary["x"].to_numpy(dtype=float),
        summary["t_x"].to_numpy(dtype=float) / WEEK_DAYS,
        (today - summary["first_day"].to_numpy(dtype=float)) / WEEK_DAYS,
    )


def expectations(
    summary: pd.DataFrame, rhythm: pd.DataFrame, parameters: Mapping[str, Any], today: int
) -> pd.DataFrame:
    """By person in `summary` what to expect; columns of missing values where nothing was fitted. Days are numbers."""
    found = pd.DataFrame(index=summary.index)
    if parameters["bgnbd"] is None:
        return found
    model = BgNbd(**parameters["bgnbd"])
    x, t_x, observed = _observed(summary, today)
    found["p_active"] = model.probability_active(x, t_x, observed)
    found["churn_risk"] = model.probability_of_none(CHURN_DAYS / WEEK_DAYS, x, t_x, observed)
    for days in HORIZONS_DAYS:
        found[f"expected_orders_{days}"] = model.expected_purchases(days / WEEK_DAYS, x, t_x, observed)
    if parameters["gamma_gamma"] is not None:
        days_bought = summary["days"].to_numpy(dtype=float)
        value = GammaGamma(**parameters["gamma_gamma"]).expected_amount(
            days_bought, summary["spend_minor"].to_numpy(dtype=float) / days_bought
        )
        found["expected_order_minor"] = value
        for days in HORIZONS_DAYS:
            found[f"expected_spend_{days}_minor"] = found[f"expected_orders_{days}"] * value
    for name, share in (("next_order_from", NARROW), ("next_order_on", 0.5), ("next_order_until", WIDE)):
        found[name] = today + np.ceil(model.waiting_time(share, x, observed) * WEEK_DAYS)
    regular = rhythm[(rhythm["gaps"] >= REGULAR_GAPS) & (rhythm["spread"] <= REGULAR_SPREAD)]
    last = summary["first_day"] + summary["t_x"]
    due = (last + regular["median"]).reindex(found.index)
    spread = (regular["median"] * regular["spread"]).reindex(found.index)
    # Overdue, the rhythm is broken, and the model speaks again.
    on_time = due + spread >= today
    found.loc[on_time, "next_order_on"] = np.maximum(due, today)
    found.loc[on_time, "next_order_from"] = np.maximum(due - spread, today)
    found.loc[on_time, "next_order_until"] = np.maximum(due + spread, today)
    return found
