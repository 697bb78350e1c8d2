"""The step `traits`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crm_backend.analytics import netting, rfm
from crm_backend.analytics.frames import CASES, CONTACTS, CUSTOMERS, LINES, ORDERS, VARIANTS, VISITS
from crm_backend.analytics.steps import PartitionedStep, Rows, Work
from crm_backend.analytics.traits import buying, expectations
from crm_backend.analytics.traits.affinities import affinities
from crm_backend.analytics.traits.models import PRICE_BANDS, CustomerAffinity, CustomerTraits
from crm_backend.analytics.traits.service_history import service_history

LOYAL_ORDERS = 3
FALLBACK_AT_RISK_DAYS = 180
FALLBACK_LOST_DAYS = 365
"""Since the last order, where no model could be fitted."""

LAST_DAY = 2_932_896
"""9999-12-31 as a day number. Who buys once in a blue moon has no date that can be stored."""

SCORED = ("recency", "frequency", "monetary")
COUNTS = ("orders", "order_days", "units", "visits_30", "contacts", "contacts_365", "cases", "open_cases")
MONEY = (
    "spend_minor",
    "spend_365_minor",
    "average_order_minor",
    "unit_price_minor",
    "returned_minor",
    "expected_order_minor",
    *(f"expected_spend_{days}_minor" for days in expectations.HORIZONS_DAYS),
)


class Traits(PartitionedStep):
    """Traits and affinities of every person, those who bought nothing among them."""

    name = "traits"
    reads = (CUSTOMERS, ORDERS, LINES, VARIANTS, VISITS, CASES, CONTACTS)
    writes = (CustomerTraits, CustomerAffinity)

    def summarise(self, work: Work) -> pd.DataFrame:
        """By person who bought: what the models are fitted to, and what scores are cut by."""
        bought = _purchases(work)
        orders = buying.baskets(bought, work.policies.shop.timezone)
        return buying.visits_to_buy(orders).join(buying.unit_prices(bought)).reset_index()

    def fit(self, work: Work, summary: pd.DataFrame) -> dict[str, Any]:
        """Parameters of the models, and the cuts of scores and price bands."""
        today = _today(work)
        parameters = expectations.fitted(summary, today)
        recency = today - (summary["first_day"] + summary["t_x"])
        measures = {"recency": recency, "frequency": summary["days"], "monetary": summary["spend_minor"]}
        prices = summary["unit_price_minor"].dropna().to_numpy(dtype=float)
        thirds = np.quantile(prices, [1 / 3, 2 / 3], method="inverted_cdf") if len(prices) else []
        work.card.update({"as_of": work.as_of.isoformat(), "currency": work.currency, **parameters})
        return {
            **parameters,
            "cuts": {name: rfm.cuts(values.to_numpy(dtype=float)) for name, values in measures.items()},
            "price_cuts": [float(value) for value in thirds],
        }

    def compute(self, work: Work, fitted: Mapping[str, Any]) -> Rows:
        """The traits of a partition's people."""
        today = _today(work)
        bought = _purchases(work)
        orders = buying.baskets(bought, work.policies.shop.timezone)
        summary = buying.visits_to_buy(orders)
        rhythm = buying.cadence(orders)
        people = _people(work[CUSTOMERS])
        found = people.join(buying.amounts(bought, orders, today))
        found["order_days"] = summary["days"]
        found["cadence_days"] = rhythm["median"]
        found = found.join(buying.unit_prices(bought))
        found = found.join(expectations.expectations(summary, rhythm, fitted, today))
        found = found.join(service_history(work[CONTACTS], work[CASES], work[VISITS], pd.Timestamp(work.as_of)))
        found["recency_days"] = today - found["last_day"]
        found["tenure_days"] = today - found["first_day"]
        found["cancelled_orders"] = _cancelled(work[ORDERS])
        found["currency"] = work.currency
        found["price_band"] = _bands(found["unit_price_minor"], fitted["price_cuts"])
        _score(found, fitted["cuts"])
        likes = affinities(bought, work[ORDERS], work[VARIANTS], work[VISITS])
        for kind in ("category", "brand", "channel", "store"):
            first = likes[(likes["kind"] == kind) & (likes["place"] == 1)]
            found[f"favourite_{kind}"] = first.set_index("person_id")["value"]
        found["loyalty_state"] = _loyalty_states(found, work)
        return {CustomerTraits: _as_rows(found), CustomerAffinity: _affinity_rows(likes)}


def _today(work: Work) -> int:
    """The day that is counted from: the last one before `as_of`."""
    return int((work.as_of.timestamp() - 1) // 86_400)


def _purchases(work: Work) -> pd.DataFrame:
    rules = work.policies.analytics
    return netting.purchases(work[ORDERS], work[LINES], work.currency, rules.exchange_rates)


def _people(customers: pd.DataFrame) -> pd.DataFrame:
    """What is known of each person from their customers: the first that says something."""
    texts = customers.assign(country=customers["country"].astype("str"), language=customers["language"].astype("str"))
    grouped = texts.groupby("person_id", sort=True)
    return grouped[["country", "language"]].first().join(grouped["registered_at"].min())


def _cancelled(orders: pd.DataFrame) -> pd.Series[Any]:
    undone = orders[orders["state"].isin(netting.UNDONE) & (orders["kind"] == "sale") & orders["person_id"].notna()]
    return undone.groupby("person_id").size()


def _bands(prices: pd.Series[Any], edges: list[float]) -> pd.Series[Any]:
    """By thirds of all customers. Where nearly all pay the same, there are no bands."""
    bands = pd.Series(None, index=prices.index, dtype=object)
    if len(set(edges)) == len(PRICE_BANDS) - 1:
        known = prices.notna()
        place = np.searchsorted(edges, prices[known].to_numpy(dtype=float), side="left")
        bands[known] = np.array(PRICE_BANDS, dtype=object)[place]
    return bands


def _score(found: pd.DataFrame, edges: Mapping[str, list[float]]) -> None:
    """Fill in the three scores of those who bought."""
    bought = found["orders"].notna()
    for name, column in zip(SCORED, ("recency_days", "order_days", "spend_minor"), strict=True):
        values = found.loc[bought, column].to_numpy(dtype=float)
        found.loc[bought, f"{name}_score"] = rfm.scores(values, edges[name], low_is_good=name == "recency")


def _loyalty_states(found: pd.DataFrame, work: Work) -> Any:
    """See the trait's definition in the locale files; the first that holds."""
    rules = work.policies.analytics
    recency, risk = found["recency_days"], found.get("churn_risk", pd.Series(np.nan, index=found.index))
    unknown = risk.isna()
    return np.select(
        [
            found["orders"].isna(),
            found["tenure_days"] < rules.new_for_days,
            (risk >= rules.churn_lost) | (unknown & (recency > FALLBACK_LOST_DAYS)),
            (risk >= rules.churn_at_risk) | (unknown & (recency > FALLBACK_AT_RISK_DAYS)),
            found["order_days"] >= LOYAL_ORDERS,
        ],
        ["prospect", "new", "lost", "at_risk", "loyal"],
        "active",
    )


def _as_rows(found: pd.DataFrame) -> pd.DataFrame:
    """As the table wants them: every column, whole numbers whole."""
    rows = found.reindex(columns=[c.name for c in CustomerTraits.__table__.columns if c.name not in _KEYS])
    for name in ("first_order_at", "last_order_at", "last_visit_at", "last_contact_at"):
        rows[name] = pd.to_datetime(rows[name], utc=True)
    rows["registered_on"] = found["registered_at"].dt.date
    for name in COUNTS:
        rows[name] = rows[name].fillna(0).astype("int64")
    rows["cancelled_orders"] = rows["cancelled_orders"].fillna(0).astype("int64")
    for name in MONEY:
        rows[name] = rows[name].astype("Float64").round().astype("Int64")
    for name in ("spend_minor", "spend_365_minor", "returned_minor"):
        rows[name] = rows[name].fillna(0)
    for name in ("recency_days", "tenure_days", *(f"{score}_score" for score in SCORED)):
        rows[name] = rows[name].astype("Float64").astype("Int64")
    for name in ("next_order_from", "next_order_on", "next_order_until"):
        days = rows[name].astype("Float64")
        moment = pd.to_datetime(days.where(days <= LAST_DAY).astype("Int64"), unit="D", errors="coerce")
        rows[name] = moment.dt.date
    return rows.rename_axis("customer_id").reset_index()


_KEYS = ("run_id", "customer_id")


def _affinity_rows(likes: pd.DataFrame) -> pd.DataFrame:
    rows = likes.rename(columns={"person_id": "customer_id"})
    rows["spend_minor"] = rows["spend_minor"].astype("Float64").round().astype("Int64")
    return rows
