"""A shopper's orders: which, in which order, and what is said of each."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from crm_backend.orders.models import ORDER_STATES, Order
from crm_backend.shipments.models import ScanEvent
from crm_backend.shipments.service import is_late, oldest_first
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner


def _shopper(crm: Crm, fill: Callable[[Any, Any], object]) -> None:
    """A customer whose records `fill(session, customer)` writes, signed in to conversation c1."""
    with crm.records() as session:
        fill(session, records.customer(session, external_id="mina-1"))
    assert crm.identify("c1", crm.sign("mina-1")).status_code == 200


def _whole_order(session: Any, owner: Any) -> None:
    scarf = records.product(
        session,
        "Wool Scarf",
        category="Accessories",
        translations={"zh": {"name": "羊毛围巾", "category": "配饰"}},
    )
    blue = records.variant(
        session, scarf, "SC-B", options={"Colour": "Blue"}, translations={"zh": {"options": {"颜色": "蓝色"}}}
    )
    order = records.order(
        session,
        "SD-1",
        owner,
        source_state="dispatched",
        sales_channel="web",
        placed_at=records.instant("2026-03-02T09:30:00+00:00"),
        approved_at=records.instant("2026-03-02T09:31:00+00:00"),
        subtotal_minor=5000,
        shipping_minor=395,
        discount_minor=500,
        tax_minor=816,
        total_minor=4895,
        promised_on=records.day("2026-03-10"),
        recipient="Mina Park",
        line1="1 Old Street",
        city="London",
        postcode="EC1V 9AA",
        country="GB",
        delivery_note="Ring twice",
        contact_email="mina@example.org",
    )
    records.payment(session, order, 4895, brand="Visa", last4="4242")
    records.line(
        session, order, 1, sku="SC-B", variant_id=blue.id, title="Scarf (2025)", options={"Colour": "Blue"},
        quantity=2, unit_price_minor=2500, total_minor=5000, ship_by=records.instant("2026-03-04T00:00:00+00:00"),
    )  # fmt: skip
    records.line(session, order, 2, kind="shipping", total_minor=395)
    records.line(session, order, 3, sku="GONE", title=None, quantity=1)
    parcel = records.shipment(
        session, order, "JD 0002 3344", carrier="Royal Mail", handed_over_at=records.instant("2026-03-04T08:00+00:00")
    )
    records.packed(session, parcel, 3)
    records.packed(session, parcel, 1, 2)
    records.scan(session, parcel, 2, "in_transit", records.instant("2026-03-05T01:00+00:00"))
    records.scan(session, parcel, 1, "handed_over", records.instant("2026-03-04T08:00+00:00"))
    records.refund(session, order, 300, target="original", requested_at=records.instant("2026-03-06T00:00+00:00"))


def test_one_order_proved_opens_neither_its_address_nor_its_card(crm: Crm) -> None:
    _shopper(crm, _whole_order)
    crm.verify("c2", "SD-1", postcode="EC1V 9AA")
    assert crm.verification("c2")["level"] == "order"
    own, proved = crm.order("c1", "SD-1").json(), crm.order("c2", "SD-1").json()
    assert own["delivery"]["line1"] == "1 Old Street"
    assert proved["delivery"] is None
    assert (own["payments"][0]["last4"], proved["payments"][0]["last4"]) == ("4242", None)


def test_an_order_is_told_whole(run_crm: CrmRunner) -> None:
    crm = run_crm(business_now=records.instant("2026-03-06T12:00+00:00"))
    _shopper(crm, _whole_order)
    assert crm.order("c1", "sd1").json() == {
        "number": "SD-1",
        "state": "shipped",
        "source_state": "dispatched",
        "sales_channel": "web",
        "placed_at": "2026-03-02T09:30:00Z",
        "approved_at": "2026-03-02T09:31:00Z",
        "cancelled_at": None,
        "currency": "GBP",
        "subtotal_minor": 5000,
        "shipping_minor": 395,
        "discount_minor": 500,
        "tax_minor": 816,
        "total_minor": 4895,
        "promised_on": "2026-03-10",
        "timezone": "Europe/London",
        "late": False,
        "lines": [
            {
                "line_number": 1, "kind": "item", "sku": "SC-B", "title": "Scarf (2025)", "other_titles": [],
                "category": "Accessories", "options": {"Colour": "Blue"}, "other_options": [],
                "quantity": 2, "cancelled_quantity": 0, "returned_quantity": 0,
                "unit_price_minor": 2500, "total_minor": 5000,
                "ship_by": "2026-03-04T00:00:00Z",
            },
            {
                "line_number": 2, "kind": "shipping", "sku": None, "title": None, "other_titles": [],
                "category": None, "options": {}, "other_options": [],
                "quantity": 1, "cancelled_quantity": 0, "returned_quantity": 0,
                "unit_price_minor": None, "total_minor": 395, "ship_by": None,
            },
            {
                "line_number": 3, "kind": "item", "sku": "GONE", "title": None, "other_titles": [],
                "category": None, "options": {}, "other_options": [],
                "quantity": 1, "cancelled_quantity": 0, "returned_quantity": 0,
                "unit_price_minor": None, "total_minor": None, "ship_by": None,
            },
        ],
        "lines_known": True,
        "shipments": [
            {
                "carrier": "Royal Mail",
                "tracking_number": "JD 0002 3344",
                "state": "in_transit",
                "handed_over_at": "2026-03-04T08:00:00Z",
                "delivered_at": None,
                "promised_on": None,
                "late": False,
                "predicted_on": None,
                "predicted_by": None,
                "late_probability": None,
                "lines": [1, 3],
                "events": [
                    {"at": "2026-03-04T08:00:00Z", "code": "handed_over", "place": None, "description": None},
                    {"at": "2026-03-05T01:00:00Z", "code": "in_transit", "place": None, "description": None},
                ],
            }
        ],
        "refunds": [
            {
                "amount_minor": 300, "currency": "GBP", "state": "paid", "target": "original",
                "requested_at": "2026-03-06T00:00:00Z", "paid_at": None,
            }
        ],
        "delivery": {
            "recipient": "Mina Park", "phone": None, "line1": "1 Old Street", "line2": None, "district": None,
            "city": "London", "region": None, "postcode": "EC1V 9AA", "country": "GB", "note": "Ring twice",
        },
        "payments": [
            {
                "method": "card", "brand": "Visa", "last4": "4242", "amount_minor": 4895, "currency": "GBP",
                "state": "captured",
            }
        ],
    }  # fmt: skip


def test_names_and_options_come_in_the_language_asked_for(crm: Crm) -> None:
    _shopper(crm, _whole_order)
    line = crm.order("c1", "SD-1", language="zh").json()["lines"][0]
    assert (line["title"], line["category"], line["options"]) == ("羊毛围巾", "配饰", {"颜色": "蓝色"})
    assert crm.orders("c1", language="zh")[0]["titles"] == ["羊毛围巾"]
    assert crm.orders("c1", language="en")[0]["titles"] == ["Scarf (2025)"]
    assert crm.order("c1", "SD-1", language="fr").status_code == 422
    # The conversation's own language counts where none is asked for.
    crm.start("c1", language="zh")
    assert crm.orders("c1")[0]["titles"] == ["羊毛围巾"]
    assert crm.order("c1", "SD-1", language="en").json()["lines"][0]["title"] == "Scarf (2025)"


def test_options_that_are_no_longer_the_variant_s_stay_as_they_were_ordered(crm: Crm) -> None:
    def fill(session: Any, owner: Any) -> None:
        scarf = records.product(session, "Scarf")
        blue = records.variant(
            session, scarf, "S", options={"Colour": "Navy"}, translations={"zh": {"options": {"颜色": "藏青"}}}
        )
        order = records.order(session, "1", owner)
        records.line(session, order, 1, variant_id=blue.id, options={"Colour": "Blue"})

    _shopper(crm, fill)
    line = crm.order("c1", "1", language="zh").json()["lines"][0]
    assert (line["title"], line["options"]) == ("Scarf", {"Colour": "Blue"})


def test_the_list_is_newest_first_with_names_and_counts(crm: Crm) -> None:
    def fill(session: Any, owner: Any) -> None:
        for number, hour in (("old", 1), ("new", 3), ("middle", 2)):
            order = records.order(
                session, number, owner, placed_at=datetime(2026, 3, 1, hour, tzinfo=UTC), total_minor=hour
            )
            records.line(session, order, 1, title="Kettle", quantity=2)
            records.line(session, order, 2, title=None, quantity=1)
            for extra in range(3):
                records.line(session, order, 3 + extra, title=f"Mug {extra}")
            records.line(session, order, 9, kind="shipping", title="Postage")
        records.order(session, "empty", owner, placed_at=datetime(2026, 2, 1, tzinfo=UTC), state="unavailable")
        records.order(session, "credit", owner, kind="credit_note")
        records.order(session, "guest")

    _shopper(crm, fill)
    listed = crm.orders("c1")
    assert [order["number"] for order in listed] == ["new", "middle", "old", "empty"]
    assert listed[0] == {
        "number": "new",
        "state": "shipped",
        "placed_at": "2026-03-01T03:00:00Z",
        "currency": "GBP",
        "total_minor": 3,
        "titles": ["Kettle", "Mug 0", "Mug 1"],
        "sales_channel": None,
        "item_count": 6,
    }
    assert (listed[3]["titles"], listed[3]["item_count"]) == ([], 0)
    assert [order["number"] for order in crm.orders("c1", limit=1)] == ["new"]


@pytest.mark.parametrize("state", ORDER_STATES)
def test_an_order_of_every_state_can_be_told_even_without_lines(crm: Crm, state: str) -> None:
    _shopper(crm, lambda session, owner: records.order(session, "1", owner, state=state))
    told = crm.order("c1", "1").json()
    assert told["state"] == state
    assert (told["lines"], told["lines_known"], told["shipments"], told["refunds"]) == ([], False, [], [])
    assert (told["late"], told["promised_on"], told["total_minor"]) == (False, None, None)


def test_an_order_is_found_by_a_parcel_s_number_and_by_a_number_with_slashes(crm: Crm) -> None:
    def fill(session: Any, owner: Any) -> None:
        order = records.order(session, "2026/0815", owner)
        records.shipment(session, order, "TRACK 1")
        # A number that is another parcel's tracking number is first of all a number.
        records.order(session, "TRACK2", owner, placed_at=datetime(2020, 1, 1, tzinfo=UTC))
        records.shipment(session, order, "TRACK2")

    _shopper(crm, fill)
    for written in ("2026/0815", "2026%2F0815", "20260815", "track1"):
        assert crm.order("c1", written).json()["number"] == "2026/0815", written
    assert crm.order("c1", "TRACK2").json()["number"] == "TRACK2"
    assert crm.order("c1", "---").status_code == 404


def test_strangers_and_the_unknown_look_the_same(crm: Crm) -> None:
    def fill(session: Any, owner: Any) -> None:
        records.order(session, "mine", owner)
        theirs = records.order(session, "theirs", records.customer(session))
        records.shipment(session, theirs, "THEIRTRACK")

    _shopper(crm, fill)
    assert crm.order("c1", "mine").status_code == 200
    answers = {
        (answer.status_code, answer.content)
        for answer in (
            crm.order("c1", "theirs"),
            crm.order("c1", "theirtrack"),
            crm.order("c1", "nothing"),
            crm.order("c2", "mine"),
        )
    }
    assert len(answers) == 1
    assert crm.order("c2", "mine").status_code == 404
    assert crm.orders("c2") == []


def test_more_requests_at_once_than_threads_and_connections_are_all_answered(crm: Crm) -> None:
    _shopper(crm, lambda session, owner: records.order(session, "1", owner))

    def ask(number: int) -> int:
        if number % 4 == 0:
            crm.start(f"other{number}")
        return crm.order("c1", "1").status_code

    with ThreadPoolExecutor(80) as pool:
        assert set(pool.map(ask, range(160))) == {200}


@pytest.mark.parametrize("path", ["/orders", "/orders/1"])
def test_the_number_of_statements_does_not_grow_with_the_record(run_crm: CrmRunner, path: str) -> None:
    crm = run_crm()

    def fill(session: Any, owner: Any, copies: int) -> None:
        for copy in range(copies):
            order = records.order(session, str(copy + 1), owner)
            scarf = records.product(session, "Scarf")
            for number in range(copies):
                kind = records.variant(session, scarf, f"V{number}")
                records.line(session, order, number, variant_id=kind.id)
                parcel = records.shipment(session, order)
                records.packed(session, parcel, number)
                records.scan(session, parcel, 1, "in_transit", None)
                records.refund(session, order, 1)

    with crm.records() as session:
        fill(session, records.customer(session, external_id="small"), 1)
        fill(session, records.customer(session, external_id="big"), 6)
    counts = []
    for customer in ("small", "big"):
        assert crm.identify(customer, crm.sign(customer)).status_code == 200
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any, to: list[str] = seen) -> None:
            to.append(statement)

        engine = crm.app.state.resources.database.engine
        event.listen(engine, "before_cursor_execute", note)
        answer = crm.call.get(f"/shopper/{customer}{path}")
        event.remove(engine, "before_cursor_execute", note)
        assert answer.status_code == 200
        counts.append(len([statement for statement in seen if statement.startswith("SELECT")]))
    # One of them is the forecast of the parcels on their way, which an analysis wrote; one the goods' other names.
    assert counts[0] == counts[1] <= 9


# --- Late -------------------------------------------------------------------------------------------------------

LATE = {
    # business time, zone, promised, state, delivered at, late
    "on the day": ("2026-03-10T23:59+00:00", "Europe/London", "2026-03-10", "shipped", None, False),
    "the day after": ("2026-03-11T00:00+00:00", "Europe/London", "2026-03-10", "shipped", None, True),
    "still the day in São Paulo": ("2026-03-11T02:59+00:00", "America/Sao_Paulo", "2026-03-10", "shipped", None, False),
    "already the next in Shanghai": ("2026-03-10T16:00+00:00", "Asia/Shanghai", "2026-03-10", "shipped", None, True),
    "not even packed": ("2026-03-12T00:00+00:00", "Europe/London", "2026-03-10", "processing", None, True),
    "delivered in time": (
        "2026-04-01T00:00+00:00", "Europe/London", "2026-03-10", "delivered", "2026-03-10T20:00+00:00", False,
    ),
    "delivered late": (
        "2026-04-01T00:00+00:00", "Europe/London", "2026-03-10", "delivered", "2026-03-11T08:00+00:00", True,
    ),
    "delivered in time by its own clock": (
        "2026-04-01T00:00+00:00", "America/Sao_Paulo", "2026-03-10", "delivered", "2026-03-11T02:00+00:00", False,
    ),
    "delivered, nobody knows when": ("2026-04-01T00:00+00:00", "Europe/London", "2026-03-10", "delivered", None, False),
    "nothing promised": ("2026-04-01T00:00+00:00", "Europe/London", None, "shipped", None, False),
    "cancelled": ("2026-04-01T00:00+00:00", "Europe/London", "2026-03-10", "cancelled", None, False),
    "cannot be supplied": ("2026-04-01T00:00+00:00", "Europe/London", "2026-03-10", "unavailable", None, False),
}  # fmt: skip


@pytest.mark.parametrize("case", LATE)
def test_an_order_is_late_by_its_own_zone_s_day(run_crm: CrmRunner, case: str) -> None:
    now, zone, promised, state, delivered_at, late = LATE[case]
    crm = run_crm(business_now=records.instant(now))

    def fill(session: Any, owner: Any) -> None:
        order: Order = records.order(
            session, "1", owner, state=state, timezone=zone, promised_on=records.day(promised) if promised else None
        )
        records.shipment(
            session,
            order,
            state="delivered" if state == "delivered" else "in_transit",
            delivered_at=records.instant(delivered_at) if delivered_at else None,
        )

    _shopper(crm, fill)
    told = crm.order("c1", "1").json()
    assert told["late"] is late
    assert told["shipments"][0]["late"] is late
    assert told["promised_on"] == promised


def test_each_parcel_is_late_by_its_own_promise(run_crm: CrmRunner) -> None:
    crm = run_crm(business_now=records.instant("2026-03-12T12:00+00:00"))

    def fill(session: Any, owner: Any) -> None:
        order = records.order(session, "1", owner, promised_on=records.day("2026-03-20"))
        early = records.instant("2026-03-01T00:00+00:00")
        records.shipment(session, order, promised_on=records.day("2026-03-11"), handed_over_at=early)
        records.shipment(session, order, state="delivered", delivered_at=records.instant("2026-03-05T10:00+00:00"))
        records.shipment(session, order, state="returned", promised_on=records.day("2026-03-11"))

    _shopper(crm, fill)
    told = crm.order("c1", "1").json()
    assert told["late"] is False
    assert [parcel["late"] for parcel in told["shipments"]] == [True, False, False]


ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Kiritimati", "Europe/London"])
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(promised=st.dates(date(2000, 1, 2), date(2099, 1, 1)), now=INSTANTS, zone=ZONES, delivered=st.booleans())
def test_late_means_a_later_day_and_once_late_stays_late(
    promised: date, now: datetime, zone: str, delivered: bool
) -> None:
    place = ZoneInfo(zone)

    def late_at(at: datetime) -> bool:
        return is_late(promised, delivered=delivered, delivered_at=at, zone=place, now=at)

    assert late_at(now) == (now.astimezone(place).date() > promised)
    assert not (late_at(now) and not late_at(now + timedelta(hours=1)))


@given(st.lists(st.one_of(st.none(), INSTANTS), max_size=12), st.randoms())
def test_scans_are_oldest_first_and_none_is_lost(times: list[datetime | None], random: Any) -> None:
    scans = [ScanEvent(sequence=index, at=at, code="in_transit") for index, at in enumerate(times)]
    shuffled = list(scans)
    random.shuffle(shuffled)
    ordered = oldest_first(shuffled)
    assert sorted(scan.sequence for scan in ordered) == list(range(len(times)))
    known = [scan.at for scan in ordered if scan.at is not None]
    assert known == sorted(known)
    if all(at is None for at in times) or times == sorted(times, key=lambda at: at or datetime.min.replace(tzinfo=UTC)):
        assert [scan.sequence for scan in ordered] == list(range(len(times)))
