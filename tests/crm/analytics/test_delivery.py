"""When parcels arrive: a shop whose north is slow, fitted, published and told to the shopper."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.analytics.delivery.features import mean_before
from crm_backend.analytics.delivery.forecast import Curve, forecast
from crm_backend.analytics.delivery.landmarks import landmarks, settled
from crm_backend.analytics.delivery.model import TooFew, fit, fit_and_judge
from crm_backend.analytics.delivery.step import Delivery
from crm_backend.analytics.runs import analyse
from crm_backend.orders.models import Order
from crm_backend.shipments.models import Shipment
from tests.crm import records
from tests.crm.changes.conftest import sign_in
from tests.crm.conftest import Crm

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
NO_SCANS = pd.DataFrame({"shipment_id": [], "code": [], "at": []})


def shop(count: int, *, seed: int = 7, until: datetime = NOW) -> pd.DataFrame:
    """Parcels of 100 days, promised in five: the south takes 2 to 4 days, the north 3 to 8."""
    chance = np.random.default_rng(seed)
    north = chance.random(count) < 0.5
    placed = pd.Timestamp(until) - pd.to_timedelta(np.sort(chance.integers(0, 144_000, count))[::-1], unit="min")
    handed = placed + pd.Timedelta(hours=20)
    days = np.where(north, chance.integers(3, 9, count), chance.integers(2, 5, count))
    delivered = pd.Series(handed + pd.to_timedelta(days, unit="D"))
    return pd.DataFrame(
        {
            "shipment_id": np.arange(count),
            "carrier": "Swift",
            "service": None,
            "origin": "web",
            "country": "GB",
            "region": np.where(north, "north", "south"),
            "postcode": "12345",
            "placed_at": placed,
            "handed_over_at": pd.Series(handed).where(handed <= until),
            "delivered_at": delivered.where(delivered <= until),
            "promised_on": (placed.normalize() + pd.Timedelta(days=6)).tz_localize(None),
            "timezone": "Europe/London",
        }
    )


def test_nothing_later_than_the_instant_is_known() -> None:
    parcels = shop(400)
    early = NOW - timedelta(days=40)
    blind = parcels.copy()
    for column in ("handed_over_at", "delivered_at"):
        blind[column] = blind[column].where(blind[column] <= early)
    blind = blind[blind["placed_at"] <= early].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        landmarks(parcels, NO_SCANS, early).drop(columns=["handed_over_at"]),
        landmarks(blind, NO_SCANS, early).drop(columns=["handed_over_at"]),
    )


def test_a_landmark_counts_days_where_the_order_is_and_scans_begin_stages() -> None:
    parcels = shop(1)
    parcels.loc[0, "placed_at"] = pd.Timestamp("2026-02-01T23:30:00Z")
    parcels.loc[0, "handed_over_at"] = pd.Timestamp("2026-02-03T15:30:00Z")
    parcels.loc[0, "delivered_at"] = pd.Timestamp("2026-02-05T16:30:00Z")
    parcels.loc[0, "promised_on"] = pd.Timestamp("2026-02-05")
    parcels["timezone"] = "Asia/Shanghai"
    scans = pd.DataFrame(
        {
            "shipment_id": [0, 0, 0],
            "code": ["in_transit", "in_transit", "label_created"],
            "at": pd.to_datetime(["2026-02-04T01:00Z", "2026-02-05T01:00Z", "2026-02-01T23:45Z"], utc=True),
        }
    )
    told = landmarks(parcels, scans, NOW)
    assert list(zip(told["stage"], told["since"].dt.date, told["days"], told["late"], strict=True)) == [
        ("placed", date(2026, 2, 2), 4, 1.0),
        ("handed_over", date(2026, 2, 3), 3, 1.0),
        ("in_transit", date(2026, 2, 4), 2, 1.0),
    ]


def test_which_promises_are_settled_does_not_depend_on_what_came_of_them() -> None:
    parcels = shop(300)
    kept = settled(landmarks(parcels, NO_SCANS, NOW), NOW)
    never = parcels.assign(delivered_at=pd.Series(pd.NaT, index=parcels.index, dtype=parcels["delivered_at"].dtype))
    assert list(settled(landmarks(never, NO_SCANS, NOW), NOW)["shipment_id"]) == list(kept["shipment_id"])
    assert kept["late"].notna().all()


def test_the_slow_route_is_told_from_the_fast_one_and_the_interval_holds() -> None:
    fitted = fit_and_judge(shop(1600), NO_SCANS, NOW)
    scores = fitted.card["scores"]
    assert scores["auroc"] > 0.75
    assert scores["brier"] < scores["brier_of_base_rate"]
    assert scores["coverage_by"] > 0.85
    assert sum(row["landmarks"] for row in scores["reliability"]) == scores["landmarks"]
    assert max(abs(row["told"] - row["late"]) for row in scores["reliability"]) < 0.25


def test_too_few_parcels_teach_nothing() -> None:
    with pytest.raises(TooFew):
        fit(shop(100), NO_SCANS, NOW)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 100), st.integers(-9, 9)), max_size=25),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 100)), min_size=1, max_size=10),
    st.one_of(st.none(), st.integers(1, 50)),
)
def test_a_mean_is_of_what_was_known_before(
    events: list[tuple[int, int, int]], questions: list[tuple[int, int]], window: int | None
) -> None:
    key, at, value = (np.array([event[place] for event in events]) for place in range(3))
    asked_key, asked_at = (np.array([question[place] for question in questions]) for place in range(2))
    found = mean_before(
        key.astype(np.int64), at.astype(float), value.astype(float), asked_key, asked_at.astype(float), window, np.nan
    )
    for (asked, when), mean in zip(questions, found, strict=True):
        start = when - window if window is not None else -1
        known = [number for one, moment, number in events if one == asked and start <= moment < when]
        assert (np.isnan(mean) and not known) or math.isclose(mean, float(np.mean(known)), abs_tol=1e-9)


hazards = st.lists(st.floats(0.01, 0.9), min_size=3, max_size=61)


@given(hazards, st.integers(0, 80), st.one_of(st.none(), st.integers(-5, 90)), st.floats(0.5, 0.99))
def test_a_forecast_never_lies_in_the_past_and_its_days_are_in_order(
    daily: list[float], age: int, promised_in: int | None, level: float
) -> None:
    since = date(2026, 3, 1)
    curve = Curve(since, list(np.cumprod([1 - one for one in daily])), 1.0, 0.0, level)
    promised_on = since + timedelta(days=promised_in) if promised_in is not None else None
    told = forecast(curve, promised_on, since + timedelta(days=age))
    if told is None:
        return
    if told.predicted_by is not None:
        assert told.predicted_on is not None
        assert since + timedelta(days=age) <= told.predicted_on <= told.predicted_by
    if promised_on is None:
        assert told.late_probability is None
    else:
        assert told.late_probability is not None
        assert 0 <= told.late_probability <= 1
        assert (promised_on >= since + timedelta(days=age)) or told.late_probability == 1


def test_waiting_makes_a_parcel_later_and_likelier_to_be_late() -> None:
    since = date(2026, 3, 2)
    curve = Curve(since, [0.9, 0.6, 0.3, 0.2, 0.1, 0.05, 0.02], 1.0, 0.0, 0.9)
    promised = since + timedelta(days=3)
    first, later = (forecast(curve, promised, since + timedelta(days=age)) for age in (0, 3))
    assert first is not None
    assert later is not None
    assert (first.predicted_on, first.predicted_by) == (date(2026, 3, 4), date(2026, 3, 6))
    assert (later.predicted_on, later.predicted_by) == (date(2026, 3, 6), date(2026, 3, 8))
    assert first.late_probability == pytest.approx(0.2)
    assert later.late_probability == pytest.approx(0.2 / 0.3)


def test_a_curve_that_hardly_falls_tells_no_day_and_still_how_likely_lateness_is() -> None:
    since = date(2026, 3, 2)
    curve = Curve(since=since, waiting=[0.95, 0.9, 0.85, 0.8, 0.75, 0.7], slope=1.0, intercept=0.0, by_level=0.9)
    told = forecast(curve, date(2026, 3, 4), since)
    assert told is not None
    assert (told.predicted_on, told.predicted_by) == (None, None)
    assert told.late_probability == pytest.approx(0.85)


def stored(crm: Crm, parcels: pd.DataFrame) -> None:
    """The parcels as the shop's records have them, and three orders of Mina's that are on their way or arrived."""
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1")
        records.customer(session, external_id="otto-1")
        for row in parcels.to_dict("records"):
            order = _order(session, f"X{row['shipment_id']}", row)
            _parcel(session, order, row)
        for number, region in (("NORTH", "north"), ("SOUTH", "south")):
            row = {
                "region": region,
                "placed_at": pd.Timestamp(NOW - timedelta(days=2)),
                "handed_over_at": pd.Timestamp(NOW - timedelta(days=1)),
                "delivered_at": pd.NaT,
                "promised_on": pd.Timestamp("2026-03-09"),
            }
            _parcel(session, _order(session, number, row, mina), row)
        there = {**row, "delivered_at": pd.Timestamp(NOW - timedelta(hours=3))}
        _parcel(session, _order(session, "THERE", there, mina), there)


def _order(session: Any, number: str, row: dict[str, Any], owner: Any = None) -> Order:
    arrived = not pd.isna(row["delivered_at"])
    return records.order(
        session, number, owner, state="delivered" if arrived else "shipped", placed_at=row["placed_at"].to_pydatetime(),
        promised_on=row["promised_on"].date(), region=row["region"], country="GB",
    )  # fmt: skip


def _parcel(session: Any, order: Order, row: dict[str, Any]) -> Shipment:
    handed, arrived = row["handed_over_at"], row["delivered_at"]
    return records.shipment(
        session, order, f"T{order.number}", carrier="Swift", state="in_transit" if pd.isna(arrived) else "delivered",
        handed_over_at=None if pd.isna(handed) else handed.to_pydatetime(),
        delivered_at=None if pd.isna(arrived) else arrived.to_pydatetime(),
    )  # fmt: skip


def told(crm: Crm, number: str) -> dict[str, Any]:
    """The one parcel of an order as its owner is told of it."""
    answer = crm.order("c1", number)
    assert answer.status_code == 200, answer.text
    [parcel] = answer.json()["shipments"]
    return {key: parcel[key] for key in ("predicted_on", "predicted_by", "late_probability")}


NOTHING = {"predicted_on": None, "predicted_by": None, "late_probability": None}


def test_the_shopper_is_told_of_parcels_on_their_way(crm: Crm) -> None:
    stored(crm, shop(700))
    sign_in(crm)
    assert told(crm, "NORTH") == NOTHING
    held = crm.app.state.resources
    report = analyse(crm.database, held.policies, held.clock, steps=(Delivery(),))
    assert [(one.step, one.outcome) for one in report.steps] == [("delivery", "computed")]
    assert report.steps[0].rows > 2
    north, south = told(crm, "NORTH"), told(crm, "SOUTH")
    assert "2026-03-05" <= south["predicted_on"] <= south["predicted_by"] <= north["predicted_by"]
    assert 0 <= south["late_probability"] < north["late_probability"] <= 1
    assert told(crm, "THERE") == NOTHING
    again = analyse(crm.database, held.policies, held.clock, steps=(Delivery(),))
    assert [one.outcome for one in again.steps] == ["reused"]


def test_a_shop_without_parcels_is_analysed_all_the_same(sqlite_crm: Crm) -> None:
    held = sqlite_crm.app.state.resources
    report = analyse(sqlite_crm.database, held.policies, held.clock, steps=(Delivery(),))
    assert report.published
    assert report.steps[0].rows == 0
