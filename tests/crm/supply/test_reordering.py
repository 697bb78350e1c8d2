"""How long stock lasts and what to order again. It is 5 March 2026, noon."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.stores.models import Stock
from crm_backend.supply.models import PurchaseOrder, PurchaseOrderLine, Supplier
from crm_backend.supply.reordering import Demand, LeadTime, suggest
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with

NOON = records.instant("2026-03-05T12:00:00+00:00")
RULES = {"demand_days": 30, "review_days": 5, "service_level": 0.95, "lead_time_days": 20, "lead_time_spread_days": 0}


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    """A warehouse and a store; mugs sell two a day, lids never; Clay & Co delivers mugs in 9, 10 and 11 days."""
    crm = run_crm(policies=policies_with(sections={"supply": RULES, "fulfilment": {"stores": ["WH"]}}))
    with crm.records() as session:
        warehouse = records.store(session, "Warehouse", external_id="WH")
        bristol = records.store(session, "Bristol", external_id="bristol")
        for place, sku, quantity in ((warehouse, "M1", 15), (bristol, "m1", 4), (warehouse, "LID", 3)):
            session.add(Stock(store_id=place.id, sku=sku, sku_key=sku.upper(), quantity=quantity, reserved=0))
        session.add(Supplier(source="web", external_id="s1", name="Clay & Co", lead_time_days=30))
        for day in range(1, 31):
            order = records.order(session, f"SD-{day}", placed_at=NOON - timedelta(days=day - 0.5))
            records.line(session, order, 1, sku="m1", quantity=3, cancelled_quantity=1)
        gone = records.order(session, "SD-X", placed_at=NOON - timedelta(days=2), state="cancelled")
        records.line(session, gone, 1, sku="M1", quantity=50)
        old = records.order(session, "SD-OLD", placed_at=NOON - timedelta(days=200))
        records.line(session, old, 1, sku="LID", quantity=9)
        for number, days in enumerate((9, 10, 11)):
            placed = NOON - timedelta(days=100 + number)
            purchase(session, f"p{number}", placed, received_at=placed + timedelta(days=days), state="received")
    return crm


def purchase(session: Any, number: str, placed_at: Any, *, quantity: int = 20, received: int = 0, **more: Any) -> None:
    order = PurchaseOrder(
        source="web", external_id=number, number=number, number_key=number.upper(), supplier_external_id="s1",
        placed_at=placed_at, **more,
    )  # fmt: skip
    session.add(order)
    session.flush()
    session.add(
        PurchaseOrderLine(
            purchase_order_id=order.id, line_number=1, sku="M1", sku_key="M1", quantity=quantity,
            received_quantity=received,
        )
    )  # fmt: skip


def told(crm: Crm, **query: Any) -> list[dict[str, Any]]:
    answer = crm.staff("GET", "/reorder", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["suggestions"]
    return found


def test_what_sells_is_ordered_again_with_its_reasons(shop: Crm) -> None:
    mug, *others = told(shop)
    assert (mug["sku"], mug["store"], mug["supplier"]) == ("M1", "WH", "Clay & Co")
    assert (mug["demand_per_day"], mug["demand_spread"], mug["demand_days"]) == (2.0, 0.0, 30)
    assert mug["lead_time"] == {"days": 10.0, "spread_days": 1.0, "known_from": "sku", "deliveries": 3}
    # Demand is steady, so the safety stock is that of the lead time alone: 1.645 × 2 a day × 1 day.
    assert (mug["safety_stock"], mug["reorder_point"], mug["order_up_to"]) == (4, 24, 34)
    assert (mug["cover_days"], mug["due"], mug["quantity"], mug["order_on"]) == (7.5, True, 19, "2026-03-05")
    # Orders are sent from the warehouse; nobody asked for a mug in Bristol, and lids have not sold for long.
    assert [(one["store"], one["sku"], one["due"], one["cover_days"], one["order_on"]) for one in others] == [
        ("WH", "LID", False, None, None),
        ("bristol", "m1", False, None, None),
    ]


def test_what_is_on_order_is_counted_in(shop: Crm) -> None:
    with shop.records() as session:
        purchase(session, "p9", NOON - timedelta(days=1), quantity=30, received=10, state="confirmed")
    [mug] = told(shop, sku="m1", store="WH")
    assert (mug["on_order"], mug["due"], mug["quantity"]) == (20, False, 0)
    # 35 are there or coming, the point is 24, two a day go.
    assert mug["order_on"] == "2026-03-11"
    assert told(shop, due=True) == []


def test_a_lead_time_is_told_by_the_nearest_thing_that_is_known(shop: Crm) -> None:
    lid = next(one for one in told(shop) if one["sku"] == "LID")
    assert (lid["lead_time"]["known_from"], lid["lead_time"]["days"], lid["supplier"]) == ("policy", 20.0, None)


def test_only_agents_are_told(shop: Crm) -> None:
    assert shop.call.get("/staff/reorder").status_code == 403
    assert shop.staff("GET", "/reorder", params={"sku": ""}).status_code == 422


demands = st.builds(Demand.of, st.lists(st.integers(1, 50), max_size=30), st.integers(30, 90))
lead_times = st.builds(LeadTime, st.floats(0, 60), st.floats(0, 20), st.integers(0, 9))
levels = st.floats(0.5, 0.999)


@given(demands, lead_times, st.integers(0, 500), st.integers(0, 500), st.integers(1, 30), levels, levels)
def test_suggestions_keep_their_order(
    demand: Demand, lead_time: LeadTime, available: int, on_order: int, review: int, one: float, other: float
) -> None:
    low, high = (
        suggest(demand, lead_time, available=available, on_order=on_order, review_days=review, service_level=level)
        for level in sorted((one, other))
    )
    assert low.safety_stock <= high.safety_stock
    for told in (low, high):
        assert 0 <= told.safety_stock <= told.reorder_point <= told.order_up_to
        if told.quantity:
            assert available + on_order <= told.reorder_point
            assert available + on_order + told.quantity == told.order_up_to
        if demand.mean == 0:
            assert (told.quantity, told.cover_days, told.days_left) == (0, None, None)


@given(st.lists(st.integers(0, 20), min_size=30, max_size=30))
def test_days_without_demand_count(by_day: list[int]) -> None:
    demand = Demand.of([units for units in by_day if units], 30)
    mean = sum(by_day) / 30
    assert math.isclose(demand.mean, mean)
    assert math.isclose(demand.spread, math.sqrt(sum((units - mean) ** 2 for units in by_day) / 29), abs_tol=1e-9)
