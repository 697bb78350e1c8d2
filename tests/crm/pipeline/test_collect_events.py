"""Events: each taken once, kept as it came, and orders and parcels brought to what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select, text

from crm_backend.collect.models import Event, RawRecord
from crm_backend.collect.rebuild import rebuild
from crm_backend.orders.models import Order
from crm_backend.pipeline.stored import TABLES
from crm_backend.shipments.models import ScanEvent, Shipment
from tests.crm.pipeline.conftest import LOOKUP_KEYS, BackOffice, complaint, outcomes
from tests.crm.pipeline.test_collect_records import CUSTOMER, ORDER, PRODUCT, STORE, everything

NEW_ORDER: dict[str, Any] = {
    **{name: value for name, value in ORDER.items() if name not in ("shipments", "refunds")},
    "state": "created",
    "shipments": [{"external_id": "S1", "state": "handed_over"}],
}


def scan(number: int, code: str, at: str, **rest: Any) -> dict[str, Any]:
    named = {"order_external_id": "O1", "shipment_external_id": "S1"}
    return {"external_id": f"E{number}", "kind": "carrier_scan", "at": at, "code": code, **named, **rest}


COURSE = [
    {"external_id": "E1", "kind": "order_placed", "at": "2026-03-01T10:00:00Z", "order_external_id": "O1"},
    {"external_id": "E2", "kind": "order_paid", "at": "2026-03-01T10:05:00Z", "order_external_id": "O1"},
    {"external_id": "E3", "kind": "order_packed", "at": "2026-03-01T15:00:00Z", "order_external_id": "O1"},
    scan(4, "in_transit", "2026-03-02T08:00:00Z", place="Leeds"),
    {
        "external_id": "E5",
        "kind": "delivered",
        "at": "2026-03-04T09:00:00Z",
        "order_external_id": "O1",
        "shipment_external_id": "S1",
    },
]


def open_order(back_office: BackOffice) -> None:
    back_office.taken("customers", CUSTOMER)
    back_office.taken("orders", NEW_ORDER)


def standing(back_office: BackOffice) -> tuple[Any, ...]:
    with back_office.crm.records() as session:
        order = session.scalars(select(Order)).one()
        parcel = session.scalars(select(Shipment)).one()
        scans = session.execute(select(ScanEvent.code, ScanEvent.at).order_by(ScanEvent.at)).all()
        return (
            order.state,
            order.approved_at,
            parcel.state,
            parcel.handed_over_at,
            parcel.delivered_at,
            [tuple(row) for row in scans],
        )


def test_events_move_an_order_and_its_parcel(back_office: BackOffice) -> None:
    open_order(back_office)
    seen = []
    for event in COURSE:
        assert outcomes(back_office.events(event)) == ["inserted"]
        seen.append(standing(back_office)[0])
    assert seen == ["created", "approved", "processing", "shipped", "delivered"]
    state = standing(back_office)
    assert state[2:5] == (
        "delivered",
        datetime(2026, 3, 2, 8, tzinfo=UTC),
        datetime(2026, 3, 4, 9, tzinfo=UTC),
    )
    assert [code for code, _at in state[5]] == ["in_transit", "delivered"]


def test_events_in_any_order_end_the_same(back_office: BackOffice) -> None:
    open_order(back_office)
    ends = []
    for number, order in enumerate(list(permutations(COURSE[1:]))[::5]):
        back_office.taken("orders", {**NEW_ORDER, "approved_at": None, "shipments": []})
        back_office.taken("orders", NEW_ORDER)
        for event in order:
            back_office.events({**event, "external_id": f"{number}-{event['external_id']}"})
        ends.append(standing(back_office))
    assert all(end == ends[0] for end in ends)


def test_an_event_is_taken_once(back_office: BackOffice) -> None:
    open_order(back_office)
    back_office.events(*COURSE)
    before = standing(back_office)
    assert set(outcomes(back_office.events(*COURSE))) == {"unchanged"}
    assert standing(back_office) == before
    receipt = back_office.events({**COURSE[1], "at": "2026-03-03T00:00:00Z"})
    assert receipt["items"][0]["problem"]["type"] == "/problems/conflict"
    assert outcomes(back_office.events(COURSE[1], COURSE[1]))[1] == "rejected"
    with back_office.crm.records() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == len(COURSE)


def test_a_cancelled_order_stays_cancelled(back_office: BackOffice) -> None:
    back_office.taken("customers", CUSTOMER)
    back_office.taken("orders", {**NEW_ORDER, "state": "cancelled"})
    back_office.events(*COURSE)
    assert standing(back_office)[0] == "cancelled"


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"external_id": "E1", "kind": "order_paid", "at": "2026-03-01T10:00:00Z"}, "order_external_id"),
        (
            {"external_id": "E1", "kind": "order_paid", "at": "2026-03-01T10:00:00Z", "order_external_id": "O9"},
            "order_external_id",
        ),
        (scan(1, "in_transit", "2026-03-02T08:00:00Z", shipment_external_id="S9"), "shipment_external_id"),
        (scan(1, "teleported", "2026-03-02T08:00:00Z"), "code"),
        (scan(1, "in_transit", "2026-03-02T08:00:00"), "at"),
        (scan(1, "in_transit", "2028-03-02T08:00:00Z"), "at"),
        (scan(1, "in_transit", "1970-01-01T00:00:00Z"), "at"),
        ({"external_id": "E1", "kind": "sneeze", "at": "2026-03-01T10:00:00Z"}, "kind"),
        ({"kind": "page_visit", "at": "2026-03-01T10:00:00Z"}, "external_id"),
        ({"external_id": "E1", "kind": "page_visit", "at": "2026-03-01T10:00:00Z", "colour": 1}, "colour"),
        ({"external_id": "E1", "kind": "store_visit", "at": "2026-03-01T10:00:00Z"}, "store_external_id"),
    ],
)
def test_a_bad_event_is_refused_and_names_its_field(back_office: BackOffice, event: Any, field: str) -> None:
    open_order(back_office)
    receipt = back_office.events(event, {**COURSE[0], "external_id": "good"})
    assert outcomes(receipt) == ["rejected", "inserted"]
    assert complaint(receipt)[0] == f"body.events.0.{field}"


def test_visits_of_strangers_are_nobodys(back_office: BackOffice) -> None:
    visit = {"external_id": "V1", "kind": "page_visit", "at": "2026-03-01T10:00:00", "details": {"path": "/scarf"}}
    receipt = back_office.events(visit, timezone="Asia/Shanghai")
    assert receipt["cleaned"] == {"time_without_zone": 1}
    with back_office.crm.records() as session:
        event = session.scalars(select(Event)).one()
        assert (event.customer_external_id, event.at) == (None, datetime(2026, 3, 1, 2, tzinfo=UTC))
        assert session.scalars(select(RawRecord)).one().body == visit


def test_each_month_has_its_own_partition(back_office: BackOffice) -> None:
    months = ["2025-12-31T23:30:00Z", "2026-01-01T00:00:00Z", "2026-02-28T12:00:00Z", "2026-02-01T00:00:00Z"]
    receipt = back_office.events(
        *({"external_id": f"V{n}", "kind": "page_visit", "at": at} for n, at in enumerate(months))
    )
    assert receipt["inserted"] == 4
    with back_office.crm.records() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 4
        if session.get_bind().dialect.name == "postgresql":
            rows = session.execute(text("SELECT tableoid::regclass::text, count(*) FROM events GROUP BY 1 ORDER BY 1"))
            assert [tuple(row) for row in rows] == [
                ("events_by_month.events_2025_12", 1),
                ("events_by_month.events_2026_01", 1),
                ("events_by_month.events_2026_02", 2),
            ]


def snapshot(back_office: BackOffice) -> dict[str, Any]:
    """Everything that was made of what came in, without the rows' numbers."""
    with back_office.crm.records() as session:
        found = {}
        for name, table in {**TABLES, "events": Event.__table__}.items():
            columns = [
                column
                for column in table.columns
                if column.name not in ("id", "content_hash", "version") and not column.foreign_keys
            ]
            found[name] = sorted(repr(tuple(row)) for row in session.execute(select(*columns)))
        return found


def test_everything_can_be_made_again_from_what_came(back_office: BackOffice) -> None:
    everything(back_office)
    open_order(back_office)
    back_office.crm.wall.advance(minutes=1)
    back_office.events(*COURSE[:3])
    back_office.taken("orders", {**{k: v for k, v in NEW_ORDER.items() if k != "shipments"}, "number": "10099"})
    back_office.taken("shipments", {"external_id": "S1", "order_external_id": "O1", "state": "in_transit"})
    back_office.events(*COURSE[3:], {"external_id": "V1", "kind": "page_visit", "at": "2026-01-05T10:00:00Z"})
    before = snapshot(back_office)
    assert before["events"]
    database = back_office.crm.database

    report = rebuild(database, "GB", LOOKUP_KEYS)
    assert not report.rejected
    assert report.records["events"] == report.events_before == 6
    assert snapshot(back_office) == before, "made again beside what was there"

    with back_office.crm.records() as session:
        for table in reversed(Event.metadata.sorted_tables):
            if table.name in {*TABLES, "events"}:
                session.execute(table.delete())
    assert not snapshot(back_office)["orders"]
    rebuild(database, "GB", LOOKUP_KEYS)
    assert snapshot(back_office) == before, "made again from nothing"
    assert {CUSTOMER["external_id"], PRODUCT["external_id"], STORE["external_id"]} == {"C1", "P1", "ST1"}
