"""Chains of events with their gaps and broken promises, carriers, stock. It is 5 March 2026, noon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.stores.models import Stock
from crm_backend.supply import log
from crm_backend.supply.log import Event
from crm_backend.supply.models import (
    PurchaseOrder,
    PurchaseOrderEvent,
    PurchaseOrderLine,
    StockMovement,
    Supplier,
)
from tests.crm import records
from tests.crm.conftest import Crm

AT = records.instant


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """A parcel that was late and silent for a while, one that is lost, and a purchase order that waits."""
    with crm.records() as session:
        order = records.order(
            session, "SD-1", placed_at=AT("2026-02-01T09:00+00:00"), approved_at=AT("2026-02-01T09:01+00:00"),
            promised_on=records.day("2026-02-06"), state="delivered",
        )  # fmt: skip
        records.line(session, order, 1, ship_by=AT("2026-02-02T12:00+00:00"))
        parcel = records.shipment(
            session, order, "TRK 1", carrier="Swift", state="delivered",
            handed_over_at=AT("2026-02-02T18:00+00:00"), delivered_at=AT("2026-02-09T10:00+00:00"),
        )  # fmt: skip
        records.scan(session, parcel, 1, "in_transit", AT("2026-02-03T08:00+00:00"))
        records.scan(session, parcel, 2, "customs", None)
        records.scan(session, parcel, 3, "out_for_delivery", AT("2026-02-09T07:00+00:00"))
        records.scan(session, parcel, 4, "delivered", AT("2026-02-09T10:00+00:00"))
        waiting = records.order(
            session, "SD-2", placed_at=AT("2026-02-20T09:00+00:00"), promised_on=records.day("2026-02-26")
        )
        lost = records.shipment(session, waiting, "TRK2", carrier="Swift", handed_over_at=AT("2026-02-21T09:00+00:00"))
        records.scan(session, lost, 1, "in_transit", AT("2026-02-22T09:00+00:00"))
        fine = records.order(session, "SD-3", promised_on=records.day("2026-03-10"))
        records.shipment(
            session, fine, "TRK3", carrier="Bay Post", state="delivered",
            handed_over_at=AT("2026-03-02T12:00+00:00"), delivered_at=AT("2026-03-04T12:00+00:00"),
        )  # fmt: skip
        session.add(Supplier(source="web", external_id="s1", name="Clay & Co"))
        purchase = PurchaseOrder(
            source="web", external_id="p1", number="PO-7", number_key="PO7", supplier_external_id="s1",
            state="confirmed", placed_at=AT("2026-02-01T00:00+00:00"), promised_on=records.day("2026-03-01"),
        )  # fmt: skip
        session.add(purchase)
        session.flush()
        session.add(
            PurchaseOrderLine(
                purchase_order_id=purchase.id, line_number=1, sku="m1", sku_key="M1", quantity=20, received_quantity=5
            )
        )
        session.add(
            PurchaseOrderEvent(
                purchase_order_id=purchase.id, sequence=1, at=AT("2026-02-03T00:00+00:00"), code="confirmed"
            )
        )
        store = records.store(session, "Bristol", external_id="bristol")
        session.add(Stock(store_id=store.id, sku="M1", sku_key="M1", quantity=4, reserved=1))
        session.add(
            StockMovement(
                source="web", external_id="m", sku="M1", quantity=-2, reason="damaged",
                moved_at=AT("2026-03-01T00:00+00:00"), store_external_id="bristol",
            )
        )  # fmt: skip
    return crm


def told(crm: Crm, path: str, **query: str) -> dict[str, Any]:
    answer = crm.staff("GET", path, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_parcels_chain_of_events(shop: Crm) -> None:
    chain = told(shop, "/shipments/trk1/log")
    assert [(event["code"], event["recorded"], event["late"]) for event in chain["events"]] == [
        ("order_placed", False, False),
        ("payment_approved", False, False),
        ("handed_over", False, True),
        ("in_transit", True, False),
        ("customs", True, False),
        ("out_for_delivery", True, False),
        ("delivered", True, True),
    ]
    assert [(gap["since"], gap["hours"], gap["open"]) for gap in chain["gaps"]] == [
        ("2026-02-03T08:00:00Z", 143.0, False)
    ]
    # The promised day ends at midnight in London.
    assert [(one["promise"], one["promised"], one["hours_late"]) for one in chain["breaches"]] == [
        ("ship_by", "2026-02-02T12:00:00Z", 6.0),
        ("delivery", "2026-02-07T00:00:00Z", 58.0),
    ]


def test_a_chain_between_two_times(shop: Crm) -> None:
    window = {"from": "2026-02-03T00:00:00Z", "to": "2026-02-04T00:00:00+01:00"}
    chain = told(shop, "/shipments/TRK-1/log", **window)
    assert [event["code"] for event in chain["events"]] == ["in_transit", "customs"]
    assert len(chain["gaps"]) == 1
    later = told(shop, "/shipments/TRK-1/log", **{"from": "2026-02-10T00:00:00Z"})
    assert (later["events"], later["gaps"], len(later["breaches"])) == ([], [], 2)


def test_a_silence_that_lasts_and_a_promise_that_is_not_kept(shop: Crm) -> None:
    chain = told(shop, "/shipments/TRK2/log")
    assert [(gap["since"], gap["open"]) for gap in chain["gaps"]] == [("2026-02-22T09:00:00Z", True)]
    assert [(one["promise"], one["kept_at"]) for one in chain["breaches"]] == [("delivery", None)]


def test_a_purchase_orders_chain(shop: Crm) -> None:
    chain = told(shop, "/purchase-orders/po-7/log")
    assert [event["code"] for event in chain["events"]] == ["placed", "confirmed"]
    assert [gap["open"] for gap in chain["gaps"]] == [True]
    assert [(one["promise"], one["promised"]) for one in chain["breaches"]] == [("arrival", "2026-03-02T00:00:00Z")]


def test_carriers_are_measured_by_their_promises(shop: Crm) -> None:
    swift, bay = told(shop, "/carriers")["carriers"]
    assert (swift["carrier"], swift["parcels"], swift["late"], swift["on_time_share"]) == ("Swift", 2, 2, 0.0)
    assert (bay["carrier"], bay["on_time"], bay["on_time_share"], bay["median_days"]) == ("Bay Post", 1, 1.0, 2.0)
    assert len(told(shop, "/carriers", **{"from": "2026-03-01T00:00:00Z"})["carriers"]) == 1


def test_stock_per_location_on_order_and_moved(shop: Crm) -> None:
    found = told(shop, "/stock", sku="m1")
    assert [(one["store"], one["quantity"], one["available"]) for one in found["locations"]] == [("bristol", 4, 3)]
    assert [(one["purchase_order"], one["supplier"], one["quantity"]) for one in found["on_order"]] == [
        ("PO-7", "Clay & Co", 15)
    ]
    assert [(one["quantity"], one["store"]) for one in found["movements"]] == [(-2, "bristol")]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/shipments/none/log", {}, 404),
        ("/purchase-orders/none/log", {}, 404),
        ("/shipments/TRK2/log", {"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, 422),
        ("/shipments/TRK2/log", {"from": "2026-03-02T00:00:00"}, 422),
        ("/carriers", {"from": "0001-01-01T00:00:00+14:00"}, 422),
    ],
)
def test_what_is_not_there_or_cannot_be(shop: Crm, path: str, query: dict[str, str], status: int) -> None:
    assert shop.staff("GET", path, params=query).status_code == status


def test_only_agents_are_told(shop: Crm) -> None:
    assert shop.call.get("/staff/shipments/TRK2/log").status_code == 403


START = datetime(2026, 1, 1, tzinfo=UTC)
times = st.lists(
    st.one_of(st.none(), st.integers(0, 2000).map(lambda hours: START + timedelta(hours=hours))), max_size=12
)


@given(times, st.integers(1, 200))
def test_gaps_lie_between_neighbours_and_are_long(instants: list[datetime | None], longest: int) -> None:
    events = [Event("x", at) for at in instants]
    ordered = log.in_order(events)
    assert sorted(map(id, ordered)) == sorted(map(id, events))
    known = [event.at for event in ordered if event.at is not None]
    assert known == sorted(known)
    for gap in log.gaps(events, timedelta(hours=longest), finished=False, now=START + timedelta(hours=2100)):
        assert gap.hours > longest
        assert not [at for at in known if gap.since < at < gap.until]
