"""Having goods kept in a store: never more than there are, given back in time, handed out once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_backend.stores import reservations
from crm_backend.stores.models import Stock
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.stores.conftest import fill


def sign_in(crm: Crm, *conversations: str) -> None:
    with crm.records() as session:
        for conversation in conversations:
            records.customer(session, external_id=f"of-{conversation}")
    for conversation in conversations:
        assert crm.identify(conversation, crm.sign(f"of-{conversation}")).status_code == 200


def shelf(crm: Crm, sku: str = "M1") -> list[tuple[int, int]]:
    """Quantity and kept, by store name."""
    with crm.database.read() as session:
        rows = session.scalars(select(Stock).where(Stock.sku_key == sku).order_by(Stock.store_id))
        return [(row.quantity, row.reserved) for row in rows]


def mine(crm: Crm, conversation: str = "c1") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = crm.call.get(f"/shopper/{conversation}/reservations").json()["reservations"]
    return listed


def test_a_reservation_is_offered_confirmed_and_collected(shop: Crm) -> None:
    sign_in(shop, "c1", "c2")
    offered = shop.propose("c1", "store.reserve", store="edinburgh", sku="m1", quantity=2).json()
    assert offered["lines"] == [{"key": "goods_reserved", "values": {"sku": "M1", "quantity": 2, "store": "edinburgh"}}]
    # Two days on is a Saturday; the store opens the next time on Thursday night, until two.
    assert offered["notes"][0]["values"]["at"] == "2026-03-13T02:00:00+00:00"
    assert shelf(shop) == [(0, 0), (3, 0), (1, 0)]
    confirmed = shop.confirm("c1", offered["id"]).json()
    assert confirmed["outcome"]["effects"][0]["kind"] == "store.reserve"
    assert shop.confirm("c1", offered["id"]).json() == confirmed
    assert shelf(shop) == [(0, 0), (3, 2), (1, 0)]
    assert [(one["state"], one["quantity"], one["name"]) for one in mine(shop)] == [("reserved", 2, "Mug")]
    assert mine(shop, "c2") == mine(shop, "c3") == []
    reservation = mine(shop)[0]["id"]
    assert shop.staff("POST", f"/reservations/{reservation}/ready").json()["state"] == "ready"
    assert shop.staff("POST", f"/reservations/{reservation}/collected").json()["state"] == "collected"
    assert shop.staff("POST", f"/reservations/{reservation}/collected").json()["state"] == "collected"
    assert shelf(shop) == [(0, 0), (1, 0), (1, 0)]
    assert shop.staff("POST", f"/reservations/{reservation}/ready").status_code == 409
    listed = shop.staff("GET", "/stores/edinburgh/reservations", params={"state": "collected"}).json()
    assert [one["id"] for one in listed["reservations"]] == [reservation]


def test_a_refusal_names_the_rule_and_other_stores(shop: Crm) -> None:
    sign_in(shop, "c1")
    empty = shop.propose("c1", "store.reserve", store="london", sku="M1")
    assert (empty.status_code, empty.json()["rule"], empty.json()["values"]) == (
        409, "not_enough_in_store", {"available": 0}
    )  # fmt: skip
    assert [one["values"]["store"] for one in empty.json()["alternatives"]] == ["edinburgh", "berlin"]
    assert shop.propose("c1", "store.reserve", store="edinburgh", sku="M1", quantity=6).json()["rule"] == (
        "too_many_to_reserve"
    )
    unknown = shop.propose("c1", "store.reserve", store="x", sku="y").json()
    assert [one["field"] for one in unknown["errors"]] == ["body.details.store", "body.details.sku"]
    assert shop.propose("c9", "store.reserve", store="edinburgh", sku="M1").status_code == 403


def test_a_shop_can_say_no_or_how_many(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(sections={"stores": {"reservations": {"maximum_open": 1}}}))
    fill(crm)
    sign_in(crm, "c1")
    crm.change("c1", "store.reserve", store="edinburgh", sku="M1")
    assert crm.propose("c1", "store.reserve", store="berlin", sku="M1").json()["rule"] == "too_many_reservations"
    closed = run_crm(policies=policies_with(sections={"stores": {"reservations": {"enabled": False}}}))
    assert closed.propose("c1", "store.reserve", store="berlin", sku="M1").json()["rule"] == "reservations_not_offered"


def test_whoever_is_second_gets_nothing(shop: Crm) -> None:
    sign_in(shop, "c1", "c2")
    offers = [
        shop.propose(who, "store.reserve", store="edinburgh", sku="M1", quantity=2).json() for who in ("c1", "c2")
    ]
    assert shop.confirm("c1", offers[0]["id"]).status_code == 200
    second = shop.confirm("c2", offers[1]["id"])
    assert (second.status_code, second.json()["type"]) == (409, "/problems/proposal-void")
    assert shelf(shop)[1] == (3, 2)


def test_of_many_at_once_as_many_succeed_as_there_are_goods(shop: Crm) -> None:
    shoppers = [f"c{number}" for number in range(1, 9)]
    sign_in(shop, *shoppers)
    offers = {who: shop.propose(who, "store.reserve", store="edinburgh", sku="M1").json()["id"] for who in shoppers}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda who: shop.confirm(who, offers[who]).status_code, shoppers))
    assert sorted(answers) == [200] * 3 + [409] * 5
    assert shelf(shop)[1] == (3, 3)


def test_what_is_not_fetched_in_time_can_be_had_again(run_crm: CrmRunner) -> None:
    start = datetime(2026, 3, 5, 12, tzinfo=UTC)
    crm = run_crm(business_now=start)
    fill(crm)
    sign_in(crm, "c1", "c2")
    crm.change("c1", "store.reserve", store="berlin", sku="M1")
    assert crm.propose("c2", "store.reserve", store="berlin", sku="M1").status_code == 409
    later = run_crm(business_now=start + timedelta(hours=49))
    assert mine(later)[0]["state"] == "expired"
    # Whether or not the job was there already.
    later.change("c2", "store.reserve", store="berlin", sku="M1")
    assert shelf(later)[2] == (1, 1)
    with later.records() as session:
        assert reservations.expire(session, start + timedelta(days=9)) == 1
    assert shelf(later)[2] == (1, 0)


def test_a_shopper_gives_back_what_is_theirs_alone(shop: Crm) -> None:
    sign_in(shop, "c1", "c2")
    shop.change("c1", "store.reserve", store="edinburgh", sku="M1")
    reservation = mine(shop)[0]["id"]
    foreign = shop.propose("c2", "store.cancel_reservation", reservation=reservation)
    missing = shop.propose("c2", "store.cancel_reservation", reservation="res_0")
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    given_back = shop.propose("c1", "store.cancel_reservation", reservation=reservation).json()
    assert given_back["state"] == "confirmed"
    assert shelf(shop)[1] == (3, 0)
    again = shop.propose("c1", "store.cancel_reservation", reservation=reservation).json()
    assert (again["rule"], again["values"]) == ("reservation_is_over", {"state": "cancelled"})


def test_an_agent_reserves_for_the_buyer_of_an_order(shop: Crm) -> None:
    sign_in(shop, "c1")
    with shop.records() as session:
        records.order(session, "SD-9", records.customer(session, external_id="buyer"))
        records.order(session, "SD-8")
    details = {"store": "edinburgh", "sku": "M1"}
    body = {"kind": "store.reserve", "details": details}
    unnamed = shop.staff("POST", "/proposals", json=body)
    assert (unnamed.status_code, unnamed.json()["errors"][0]["field"]) == (422, "body.details.order")
    named = {**body, "details": {**details, "order": "SD-9"}}
    offered = shop.staff("POST", "/proposals", json=named).json()
    assert shop.staff("POST", f"/proposals/{offered['id']}/confirm").status_code == 200
    assert shop.identify("c5", shop.sign("buyer")).status_code == 200
    assert [one["sku"] for one in mine(shop, "c5")] == ["M1"]
    guest = {**body, "details": {**details, "order": "SD-8"}}
    assert shop.staff("POST", "/proposals", json=guest).status_code == 404
    # To a shopper, another's order is no order.
    assert shop.propose("c1", "store.reserve", store="edinburgh", sku="M1", order="SD-9").status_code == 404


@pytest.mark.parametrize("counted", [0, 1, 5])
def test_an_import_of_the_shelf_leaves_reservations_alone(sqlite_shop: Crm, counted: int) -> None:
    sign_in(sqlite_shop, "c1")
    sqlite_shop.change("c1", "store.reserve", store="edinburgh", sku="M1", quantity=2)
    with sqlite_shop.records() as session:
        row = session.scalars(select(Stock).where(Stock.reserved == 2)).one()
        row.quantity = counted
    told = sqlite_shop.call.get("/stores/edinburgh/stock").json()["stock"][0]
    assert told["quantity"] == max(counted - 2, 0)
    reservation = mine(sqlite_shop)[0]["id"]
    assert sqlite_shop.staff("POST", f"/reservations/{reservation}/collected").status_code == 200
    assert shelf(sqlite_shop)[1] == (max(counted - 2, 0), 0)
