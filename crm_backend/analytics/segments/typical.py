"""What is typical of the people of a segment, against everybody."""

from __future__ import annotations

from typing import Any

import pandas as pd

MEASURES = (
    "recency_days",
    "order_days",
    "spend_minor",
    "average_order_minor",
    "basket_items",
    "cadence_days",
    "return_rate",
    "churn_risk",
    "expected_spend_365_minor",
    "contacts_365",
)
LABELS = ("favourite_category", "favourite_brand", "favourite_channel", "country", "price_band", "loyalty_state")
SHOWN_LABELS = 3


def typical(members: pd.DataFrame, everybody: pd.DataFrame) -> dict[str, Any]:
    """`measures`: by trait its median here and of everybody, and `difference` in standard deviations of everybody's
    ranks, the greatest first. `labels`: by trait the most frequent values with their share here and of everybody.
    """
    measures: list[dict[str, Any]] = []
    for name in MEASURES:
        here, all_of = members[name].astype("Float64").dropna(), everybody[name].astype("Float64").dropna()
        if here.empty or all_of.nunique() == 1:
            continue
        # Ranks: money and counts are so skewed that means would speak of one customer.
        ranks = all_of.rank(pct=True)
        deviation = float(ranks.std(ddof=0))
        difference = (float(ranks.reindex(here.index).mean()) - float(ranks.mean())) / deviation
        measures.append(
            {
                "trait": name,
                "median": round(float(here.median()), 4),
                "everybody": round(float(all_of.median()), 4),
                "difference": round(difference, 3),
            }
        )
    measures.sort(key=lambda one: (-abs(one["difference"]), one["trait"]))
    labels = {}
    for name in LABELS:
        here, all_of = members[name].dropna(), everybody[name].dropna()
        if here.empty:
            continue
        counts = here.astype(str).value_counts()
        top = sorted(counts.index, key=lambda value: (-int(counts[value]), value))[:SHOWN_LABELS]
        labels[name] = [
            {
                "value": value,
                "share": round(float(counts[value]) / len(here), 4),
                "everybody": round(float((all_of.astype(str) == value).mean()), 4),
            }
            for value in top
        ]
    return {"measures": measures, "labels": labels}
