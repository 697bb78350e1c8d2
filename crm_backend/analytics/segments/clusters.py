"""Clusters of behaviour: KMeans on scaled logarithms, as many as come out the same again.

How many is decided by stability: the customers are drawn anew with replacement, clustered, and both clusterings of
all customers compared by the adjusted Rand index (Hubert & Arabie 1985; stability as the criterion: Ben-Hur,
Elisseeff & Guyon 2002). Silhouette alone likes two clusters, one of them a handful of outliers, which nobody can use;
it is told on the card and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from crm_backend.analytics.segments.cluster_names import LEVELS, NAMED_BY

FEATURES = ("recency_days", "order_days", "spend_minor", "average_order_minor", "basket_items")
COUNTS = (2, 3, 4, 5, 6, 7)
STABLE = 0.85
"""Least mean adjusted Rand index between a clustering and those of samples drawn again."""
LEAST_SHARE = 0.03
DRAWS = 15
STARTS = 10
STARTS_AGAIN = 8
FIT_AT_MOST = 5_000
"""Customers that the number is chosen and the centres are fitted on; all are assigned."""
LEAST_CUSTOMERS = 100
TAIL = 0.01
"""Logarithms beyond these quantiles count as the quantile: one wholesaler is no cluster."""
SILHOUETTE_SAMPLE = 2_000
SEED = 20_260_101


@dataclass(frozen=True)
class Clusters:
    """The cluster of each customer, by key; `card` is for people."""

    keys: pd.Series[Any]
    card: dict[str, Any] = field(default_factory=dict)


def features(traits: pd.DataFrame) -> NDArray[np.float64]:
    """Logarithms of FEATURES with their tails cut, of mean 0 and variance 1. One row a customer who bought."""
    raw = np.log1p(np.maximum(traits[list(FEATURES)].to_numpy(dtype=float), 0))
    low, high = np.quantile(raw, [TAIL, 1 - TAIL], axis=0)
    cut = np.clip(raw, low, high)
    deviation = cut.std(axis=0)
    scaled: NDArray[np.float64] = (cut - cut.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    return scaled


def clusters(traits: pd.DataFrame) -> Clusters:
    """Cluster the customers who bought something; none with too few, or where no number of clusters is stable.

    `traits` has the columns of `CustomerTraits`. The same traits give the same clusters.
    """
    bought = traits[traits["orders"] > 0]
    none = pd.Series(None, index=traits.index, dtype=object)
    card: dict[str, Any] = {"customers": len(bought), "features": list(FEATURES), "counts": [], "chosen": None}
    if len(bought) < LEAST_CUSTOMERS:
        return Clusters(none, card)
    points = features(bought)
    chance = np.random.default_rng(SEED)
    sample = points
    if len(points) > FIT_AT_MOST:
        sample = points[np.sort(chance.choice(len(points), FIT_AT_MOST, replace=False))]
    fits = {}
    # A clustering of a few thousand points is done before threads have found each other.
    with threadpool_limits(1):
        for count in COUNTS:
            model = _fit(sample, count, STARTS)
            found = _stability(sample, model, count)
            usable = found["mean"] >= STABLE and found["least_share"] >= LEAST_SHARE
            card["counts"].append({"clusters": count, **found, "usable": usable})
            if usable:
                fits[count] = model
    if not fits:
        return Clusters(none, card)
    # Of those that come out the same again, the one that tells most apart.
    chosen = max(fits)
    labels = fits[chosen].predict(points)
    shares = np.bincount(labels, minlength=chosen) / len(labels)
    card["chosen"] = chosen
    card["stability"] = next(one["mean"] for one in card["counts"] if one["clusters"] == chosen)
    card["least_share"] = round(float(shares.min()), 4)
    names = _names(bought, labels, chosen)
    none[bought.index] = np.array(names, dtype=object)[labels]
    return Clusters(none, card)


def _fit(points: NDArray[np.float64], count: int, starts: int, seed: int = SEED) -> Any:
    return KMeans(count, n_init=starts, random_state=seed).fit(points)


def _stability(points: NDArray[np.float64], model: Any, count: int) -> dict[str, float]:
    found = []
    for draw in range(DRAWS):
        chance = np.random.default_rng([SEED, count, draw])
        again = _fit(points[chance.integers(0, len(points), len(points))], count, STARTS_AGAIN, draw)
        found.append(adjusted_rand_score(model.labels_, again.predict(points)))
    share = np.bincount(model.labels_, minlength=count).min() / len(points)
    several = len(set(model.labels_)) > 1
    silhouette = (
        silhouette_score(points, model.labels_, sample_size=min(SILHOUETTE_SAMPLE, len(points)), random_state=SEED)
        if several
        else 0.0
    )
    return {
        "mean": round(float(np.mean(found)), 4),
        "least": round(float(np.min(found)), 4),
        "least_share": round(float(share), 4),
        "silhouette": round(float(silhouette), 4),
    }


def _names(bought: pd.DataFrame, labels: NDArray[Any], count: int) -> list[str]:
    """By cluster its key: how often, how lately and how much its people buy, against the thirds of all."""
    words: list[list[str]] = [[] for _ in range(count)]
    for name in NAMED_BY:
        values = bought[name].to_numpy(dtype=float)
        edges = np.quantile(values, [1 / 3, 2 / 3])
        for cluster in range(count):
            median = float(np.median(values[labels == cluster]))
            words[cluster].append(LEVELS[int(median > edges[0]) + int(median > edges[1])])
    keys: list[str] = []
    # Two that sound alike are told apart by what they spend, the greater first.
    spend = [float(np.median(bought["spend_minor"].to_numpy(dtype=float)[labels == one])) for one in range(count)]
    places = {one: place for place, one in enumerate(sorted(range(count), key=lambda one: -spend[one]))}
    alike: dict[str, list[int]] = {}
    for cluster in range(count):
        alike.setdefault("_".join(words[cluster]), []).append(cluster)
    for cluster in range(count):
        base = "_".join(words[cluster])
        same = sorted(alike[base], key=places.__getitem__)
        keys.append(base if len(same) == 1 else f"{base}_{same.index(cluster) + 1}")
    return keys
