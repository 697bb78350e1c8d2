"""Which store is near, open, and has the thing. It is Thursday, 5 March 2026, noon in London."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.stores.places import Point, distance_km
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner
from tests.crm.stores.conftest import fill


def listed(crm: Crm, path: str = "/stores", **query: Any) -> dict[str, Any]:
    answer = crm.call.get(path, params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def names(told: dict[str, Any]) -> list[str]:
    return [store["external_id"] for store in told["stores"]]


@pytest.mark.parametrize(
    ("where", "near", "first"),
    [
        ({"latitude": 55.95, "longitude": -3.19}, "coordinates", ["edinburgh", "london", "berlin"]),
        ({"postcode": "EH3 5AA"}, "postcode", ["edinburgh", "london", "berlin"]),
        ({"postcode": "w1a 1aa", "country": "GB"}, "postcode", ["london", "edinburgh", "berlin"]),
        ({"postcode": "10115"}, "postcode", ["berlin", "london", "edinburgh"]),
        ({"city": "edinburgh"}, "city", ["edinburgh", "london", "berlin"]),
        ({"city": "伦敦"}, "city", ["london", "edinburgh", "berlin"]),
        ({"region": "scotland"}, "region", ["edinburgh", "berlin", "london"]),
        ({"country": "DE"}, "country", ["berlin", "edinburgh", "london"]),
        ({"city": "Atlantis"}, "unknown", ["berlin", "edinburgh", "london"]),
        ({}, None, ["berlin", "edinburgh", "london"]),
    ],
)
def test_the_nearest_store_comes_first(shop: Crm, where: dict[str, Any], near: str | None, first: list[str]) -> None:
    told = listed(shop, **where)
    assert (told["near"], names(told)) == (near, first)


def test_a_town_without_a_store_is_placed_by_the_shops_addresses(shop: Crm) -> None:
    with shop.records() as session:
        someone = records.customer(session)
        records.address(session, someone, city="Leith", postcode="EH6 6AA", region="Scotland", country="GB")
    told = listed(shop, city="leith")
    assert (told["near"], names(told)[0]) == ("postcode", "edinburgh")


def test_distances_are_told_where_they_can_be(shop: Crm) -> None:
    told = listed(shop, latitude=51.5186, longitude=-0.1525)
    assert [store["distance_km"] for store in told["stores"]] == [
        0.0,
        pytest.approx(534, abs=3),
        pytest.approx(933, abs=5),
    ]
    assert listed(shop, country="GB")["stores"][0]["distance_km"] is None


def test_stores_that_have_a_variant(shop: Crm) -> None:
    told = listed(shop, sku="m1", city="London")
    assert [(store["external_id"], store["quantity"]) for store in told["stores"]] == [
        ("london", 0), ("edinburgh", 3), ("berlin", 1)
    ]  # fmt: skip
    assert names(listed(shop, sku="M1", with_stock=True, city="London")) == ["edinburgh", "berlin"]
    assert names(listed(shop, sku="none", with_stock=True)) == []


def test_whether_a_store_is_open(run_crm: CrmRunner) -> None:
    crm = run_crm(business_now=datetime(2026, 3, 5, 12, 0, tzinfo=UTC))
    fill(crm)
    by_id = {store["external_id"]: store for store in listed(crm)["stores"]}
    assert (by_id["london"]["open_now"], by_id["london"]["closes_at"]) == (True, "2026-03-05T18:00:00Z")
    assert (by_id["edinburgh"]["open_now"], by_id["edinburgh"]["opens_at"]) == (False, "2026-03-05T22:00:00Z")
    assert (by_id["berlin"]["open_now"], by_id["berlin"]["hours_known"]) == (None, False)
    assert names(listed(crm, open_now=True)) == ["london"]
    # After midnight the store that opened yesterday still is.
    night = run_crm(business_now=datetime(2026, 3, 6, 1, 30, tzinfo=UTC))
    assert names(listed(night, open_now=True)) == ["edinburgh"]


def test_a_week_of_hours(shop: Crm) -> None:
    told = shop.call.get("/stores/edinburgh").json()
    assert [len(day["spans"]) for day in told["days"]] == [1, 0, 0, 0, 0, 0, 0]
    assert told["days"][0] == {
        "day": "2026-03-05",
        "holiday": False,
        "spans": [{"opens_at": "2026-03-05T22:00:00Z", "closes_at": "2026-03-06T02:00:00Z"}],
    }
    assert shop.call.get("/stores/nowhere").status_code == 404


def test_what_lies_in_a_store(shop: Crm) -> None:
    told = shop.call.get("/stores/berlin/stock", params={"language": "zh"}).json()
    assert told["stock"] == [{"sku": "m1", "name": "马克杯", "options": {"colour": "blue"}, "quantity": 1}]
    assert shop.call.get("/stores/berlin/stock", params={"sku": "x"}).json()["stock"] == []


def test_a_signed_in_shopper_has_a_home(shop: Crm) -> None:
    with shop.records() as session:
        mina = records.customer(session, external_id="mina")
        records.address(session, mina, city="Glasgow", postcode="EH1 1AA", country="GB", is_default=True)
        records.address(session, mina, city="Berlin", country="DE")
    nobody = listed(shop, "/shopper/c1/stores")
    assert (nobody["near"], names(nobody)) == (None, ["berlin", "edinburgh", "london"])
    assert shop.identify("c1", shop.sign("mina")).status_code == 200
    assert names(listed(shop, "/shopper/c1/stores"))[0] == "edinburgh"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"latitude": 1}, "query.longitude"),
        ({"latitude": 91, "longitude": 0}, "query.latitude"),
        ({"with_stock": True}, "query.sku"),
        ({"country": "uk"}, "query.country"),
    ],
)
def test_what_cannot_be_is_named(sqlite_shop: Crm, query: dict[str, Any], field: str) -> None:
    answer = sqlite_shop.call.get("/stores", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@given(points, points)
def test_distance_is_symmetric_and_no_more_than_half_the_globe(one: Point, other: Point) -> None:
    there, back = distance_km(one, other), distance_km(other, one)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20016
