"""The shop has something of everything that the assistant, the desk and the analytics are asked about."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import combinations, pairwise
from statistics import median

import pytest

from crm_backend.orders.models import ORDER_STATES
from crm_backend.pipeline.canonical.orders import SCAN_EVENTS, SHIPMENTS
from shopdesk.demo.calendar import business_day
from shopdesk.demo.files import card
from shopdesk.demo.money import included_tax, price_point, share
from shopdesk.demo.orders import Order
from shopdesk.demo.settings import DemoSettings, PriceRule
from shopdesk.demo.shop import DemoShop
from tests.demo.checks import by_order


@pytest.fixture(scope="session")
def stories(demo_shop: DemoShop) -> dict[str, Order]:
    return {order.story: order for order in demo_shop.orders if order.story is not None}


def test_sizes(demo_shop: DemoShop) -> None:
    counts = {name: len(rows) for name, rows in demo_shop.records.items()}
    assert counts["customers"] == 400
    assert counts["products"] >= 110
    assert counts["variants"] >= 600
    assert 2000 <= counts["orders"] <= 3500
    assert counts["stores"] >= 5


def test_every_state_and_scan_is_there(demo_shop: DemoShop) -> None:
    assert {row["state"] for row in demo_shop.records["orders"]} == set(ORDER_STATES)
    assert {row["state"] for row in demo_shop.records["shipments"]} == set(SHIPMENTS.by_name["state"].choices)
    assert {row["code"] for row in demo_shop.records["scan_events"]} == set(SCAN_EVENTS.by_name["code"].choices)
    assert {row["state"] for row in demo_shop.records["refunds"]} >= {"requested", "pending", "paid"}
    assert {row["kind"] for row in demo_shop.records["payment_methods"]} == {"card", "wallet", "gift_card", "bank"}
    assert {row["currency"] for row in demo_shop.records["orders"]} == {"GBP", "USD", "EUR", "CNY"}
    assert {row["availability"] for row in demo_shop.records["variants"]} == {
        "in_stock",
        "out_of_stock",
        "preorder",
        "discontinued",
    }
    assert {row["sales_channel"] for row in demo_shop.records["orders"]} == {"web", "store"}


def test_the_stories_tell_what_they_say(stories: dict[str, Order], demo_shop: DemoShop) -> None:
    day = demo_shop.day
    late = stories["late"]
    assert late.promised_on is not None
    assert late.promised_on < day
    assert late.state == "shipped"
    assert stories["on-its-way"].promised_on == day + timedelta(days=2)
    assert [parcel.state for parcel in stories["two-parcels"].parcels] == ["delivered", "in_transit"]
    assert len({parcel.carrier for parcel in stories["two-parcels"].parcels}) == 2
    assert stories["out-for-delivery"].parcels[0].state == "out_for_delivery"
    assert stories["out-for-delivery"].promised_on == day
    assert stories["ready-in-store"].parcels[0].state == "ready_for_pickup"
    assert stories["ready-in-store"].parcels[0].tracking_number is None
    assert stories["returned-to-sender"].parcels[0].state == "returned"
    assert stories["customs-hold"].parcels[0].state == "exception"
    delivered = stories["delivered-yesterday"].parcels[0].first("delivered")
    assert delivered is not None
    assert business_day(delivered, "Europe/London") == day - timedelta(days=1)
    assert stories["cancelled-refund-pending"].refunds[0].state == "pending"
    assert stories["cancelled-refund-paid"].refunds[0].state == "paid"
    assert stories["cancelled-unpaid"].refunds == []
    assert len(stories["gift-card-part"].payments) == 2
    partly = stories["partly-available"]
    assert {number for number, _ in partly.parcels[0].lines} == {1, 2}
    assert partly.refunds[0].amount == partly.line_totals[2]
    assert stories["unavailable"].state == "unavailable"
    assert all(stories[key].person.language == "zh" for key in stories if key.startswith("chinese"))


def test_some_people_have_several_open_orders(demo_shop: DemoShop) -> None:
    unfinished = Counter(
        order.person.key for order in demo_shop.orders if order.state not in ("delivered", "cancelled", "unavailable")
    )
    assert sum(count > 1 for count in unfinished.values()) >= 4


def test_guests_have_no_account_and_can_be_found(demo_shop: DemoShop) -> None:
    guests = [row for row in demo_shop.records["orders"] if row["customer_external_id"] is None]
    assert len(guests) > 50
    assert all(row["contact_email"] and row["postcode"] for row in guests)


def test_chinese_orders_look_chinese(demo_shop: DemoShop) -> None:
    chinese = [row for row in demo_shop.records["orders"] if row["country"] == "CN"]
    assert all(row["currency"] == "CNY" and row["timezone"] == "Asia/Shanghai" and row["district"] for row in chinese)
    phones = {row["contact_phone"] for row in chinese}
    assert any(phone.startswith("+86") for phone in phones if phone)
    assert any(len(phone) == 11 for phone in phones if phone)
    carriers = Counter(row["carrier"] for row in demo_shop.records["shipments"])
    assert carriers["顺丰速运"] > 50
    assert carriers["中通快递"] > 50


def test_regulars_come_back_for_the_same_things(demo_shop: DemoShop) -> None:
    bought: dict[tuple[str, str], list] = defaultdict(list)
    for order in demo_shop.orders:
        if order.person.kind == "regular":
            for choice in order.choices:
                if choice.item.product.repeat_days is None:
                    continue
                bought[order.person.key, choice.item.sku].append((order.placed_at, choice))
    often = {key: times for key, times in bought.items() if len(times) >= 5}
    assert len(often) > 60
    # The rhythm is that of how long a pack lasts, so "buy again" has something to find.
    for times in often.values():
        gaps = [(later[0] - earlier[0]).days for earlier, later in pairwise(times)]
        lasts = times[0][1].item.product.repeat_days
        assert lasts is not None
        assert 0.5 * lasts <= median(gaps) <= 4 * lasts


def test_lapsed_customers_stopped(demo_shop: DemoShop) -> None:
    last: dict[str, timedelta] = {}
    newest = max(order.placed_at for order in demo_shop.orders)
    for order in demo_shop.orders:
        if order.person.kind == "lapsed":
            last[order.person.key] = newest - order.placed_at
    assert len(last) > 15
    assert min(last.values()) > timedelta(days=180)


def test_what_goes_together_is_bought_together(demo_shop: DemoShop, demo_settings: DemoSettings) -> None:
    baskets = [{choice.item.product.code for choice in order.choices} for order in demo_shop.orders]
    alone = Counter(code for basket in baskets for code in basket)
    together = Counter(frozenset(pair) for basket in baskets for pair in combinations(sorted(basket), 2))
    meant = {frozenset((product.code, code)) for product in demo_settings.products for code in product.goes_with}
    expected = sum(alone[a] * alone[b] / len(baskets) for a, b in map(sorted, meant))
    assert sum(together[pair] for pair in meant) > 2 * expected


def test_seasons_show(demo_shop: DemoShop) -> None:
    months = Counter(
        order.placed_at.month
        for order in demo_shop.orders
        for choice in order.choices
        if choice.item.product.season == "christmas"
    )
    assert sum(months[month] for month in (10, 11, 12)) > 0.75 * months.total()


def test_delivery_is_mostly_on_time(demo_shop: DemoShop) -> None:
    arrived = [
        (parcel.first("delivered"), parcel.promised_on) for order in demo_shop.orders for parcel in order.parcels
    ]
    late = sum(at.date() > promised for at, promised in arrived if at is not None)
    assert 0.04 < late / len(arrived) < 0.2


def test_returns_and_refunds_are_of_a_usual_size(demo_shop: DemoShop) -> None:
    refunds = by_order(demo_shop, "refunds")
    assert 0.03 < sum(bool(rows) for rows in refunds.values()) / len(demo_shop.orders) < 0.2
    reasons = {row["reason"] for rows in refunds.values() for row in rows}
    assert {"too small", "too large", "arrived damaged", "item no longer available"} <= reasons


def test_stores_have_hours_and_stock(demo_shop: DemoShop) -> None:
    stock = Counter(row["store_external_id"] for row in demo_shop.records["stock"])
    for store in demo_shop.records["stores"]:
        hours = store["opening_hours"]
        assert set(hours) == {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "holidays"}
        assert all(start < end for name, spans in hours.items() if name != "holidays" for start, end in spans)
        assert hours["holidays"]
        assert stock[store["external_id"]] > 100
    assert any(row["quantity"] == 0 for row in demo_shop.records["stock"])


def test_the_card_can_be_tried(demo_shop: DemoShop, demo_settings: DemoSettings) -> None:
    entries = card(demo_settings, demo_shop)
    assert 7 <= len(entries) <= 15
    orders = {row["number"]: row for row in demo_shop.records["orders"]}
    for entry in entries:
        order = orders[entry["order_number"]]
        assert entry["postcode"] == order["postcode"]
        assert entry["email"] == order["contact_email"]
        assert order["contact_phone"].endswith(entry["phone_last4"])
        assert entry["state"] == order["state"]
        assert entry["note"]["en"]
        assert entry["note"]["zh"]
    assert {entry["language"] for entry in entries} == {"en", "zh"}
    assert {entry["state"] for entry in entries} >= {"shipped", "delivered", "cancelled"}
    json.dumps(entries)


def test_prices_in_other_markets_are_price_points(demo_shop: DemoShop) -> None:
    for product in demo_shop.records["products"]:
        for prices in product["attributes"]["market_prices"].values():
            assert prices["USD"] % 100 == 95
            assert prices["EUR"] % 100 == 90
            assert prices["CNY"] % 1000 == 800


@pytest.mark.parametrize(
    ("pence", "rule", "expected"),
    [
        (350, PriceRule(per_thousand=1000, step=1, less=0), 350),
        (350, PriceRule(per_thousand=1330, step=100, less=5), 495),
        (1000, PriceRule(per_thousand=9100, step=1000, less=200), 9800),
    ],
)
def test_price_point(pence: int, rule: PriceRule, expected: int) -> None:
    assert price_point(pence, rule) == expected


def test_tax_and_shares_round_as_they_say() -> None:
    assert included_tax(12000, 200) == 2000
    assert included_tax(1, 200) == 0
    assert included_tax(3, 200) == 1  # 0.5 rounds up
    assert share(100, 1, 3) + share(100, 1, 3) + share(100, 1, 3) <= 100
    assert share(100, 1, 0) == 0


def test_the_desk_has_something_of_everything(demo_shop: DemoShop, stories: dict[str, Order]) -> None:
    records = demo_shop.records
    assert [name for name, rows in records.items() if not rows] == []
    assert {row["state"] for row in records["returns"]} >= {"approved", "in_transit", "inspected", "refunded"}
    assert {row["kind"] for row in records["returns"]} == {"refund", "exchange"}
    assert {row["state"] for row in records["claims"]} == {"open", "refused"}
    assert {row["state"] for row in records["invoices"]} == {"requested", "sent"}
    assert {row["state"] for row in records["reservations"]} == {"ready", "collected"}
    exchange = next(row for row in records["return_lines"] if row["new_sku"] is not None)
    (hold,) = records["stock_holds"]
    assert hold["sku"] == exchange["new_sku"]
    shelf = {(row["store_external_id"], row["sku"]): row["quantity"] for row in records["stock"]}
    kept = [(row["store_external_id"], row["sku"], row["quantity"]) for row in records["stock_holds"]]
    kept += [
        (row["store_external_id"], row["sku"], row["quantity"]) for row in records["reservations"]
        if row["state"] == "ready"
    ]  # fmt: skip
    assert all(shelf.get((store, sku), 0) >= quantity for store, sku, quantity in kept)
    returned = stories["partly-returned"]
    assert [
        row["line_number"] for row in records["order_lines"]
        if row["order_external_id"] == returned.external_id and row["returned_quantity"]
    ] == [2]  # fmt: skip
    points = defaultdict(int)
    for row in records["loyalty_entries"]:
        points[row["customer_external_id"]] += row["points"]
    assert min(points.values()) >= 0
