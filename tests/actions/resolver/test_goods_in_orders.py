"""Which order, and which line of it, is meant by what is said of goods that several orders have."""

from __future__ import annotations

from datetime import date

import pytest

from actions.resolver import (
    NO_FOCUS,
    LineCandidate,
    OrderCandidate,
    compared_goods,
    resolve_lines,
    resolve_orders,
    without_order_words,
)

TODAY = date(2026, 11, 18)


def _line(order: str, number: int, title: str, price: int, quantity: int = 1, **options: str) -> LineCandidate:
    return LineCandidate(
        order, number, title.split("|"), sku=f"{order}-{number}", quantity=quantity, unit_price_minor=price,
        options=options,
    )  # fmt: skip


DRILL, RADIO, TRAY = "Cordless Drill|充电电钻", "Kitchen Radio|厨房收音机", "Serving Tray|托盘"
ORDERS = [
    OrderCandidate(
        "K100", date(2026, 11, 17), "open", 42000, "GBP",
        [_line("K100", 1, DRILL, 9900, volts="18"), _line("K100", 2, RADIO, 32100, colour="Red")],
    ),
    OrderCandidate(
        "K200", date(2026, 11, 16), "open", 14900, "GBP",
        [_line("K200", 1, DRILL, 12900, 2, volts="2000"), _line("K200", 2, TRAY, 2000)],
    ),
    OrderCandidate(
        "K300", date(2026, 11, 3), "delivered", 5000, "GBP", [_line("K300", 1, TRAY, 5000)], date(2026, 11, 6)
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("cancel the dearer of the two drills", "K200/1"),
        ("cancel the drill that costs more", "K200/1"),
        ("cancel the cheaper drill", "K100/1"),
        ("I ordered two drills by mistake. Cancel whichever costs more.", "K200/1"),
        ("I've a drill in each of two orders, cancel the more expensive one", "K200/1"),
        ("电钻我下了两单，贵的那个取消", "K200/1"),
        ("便宜的电钻不要了", "K100/1"),
        ("the more expensive tray goes back", "K300/1"),
    ],
)
def test_named_goods_are_compared_by_their_own_prices(text: str, key: str) -> None:
    found = compared_goods(text, ORDERS, focus=NO_FOCUS, today=TODAY)
    assert found is not None
    assert [match.candidate.key for match in found.matches] == [key]
    assert [each.number for each in resolve_orders(text, ORDERS, today=TODAY).candidates] == [key.partition("/")[0]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("cancel the most expensive order", "K100"),
        ("最贵的那单取消", "K100"),
        ("最贵的那个单子取消", "K100"),
        ("the cheapest order with a drill", "K200"),
    ],
)
def test_orders_are_compared_by_their_totals(text: str, number: str) -> None:
    assert compared_goods(text, ORDERS, focus=NO_FOCUS, today=TODAY) is None
    assert [each.number for each in resolve_orders(text, ORDERS, today=TODAY).candidates] == [number]


@pytest.mark.parametrize(
    "text",
    ["cancel the drill unless that costs more", "swap the drill for a cheaper one", "取消电钻", "cancel the drill"],
)
def test_conditions_and_wishes_compare_no_goods(text: str) -> None:
    assert compared_goods(text, ORDERS, focus=NO_FOCUS, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("cancel the order with the two drills", "K200"),
        ("the two drills are not needed", "K200"),
        ("那两个电钻都不要了", "K200"),
    ],
)
def test_how_many_there_are_tells_the_order(text: str, number: str) -> None:
    assert [each.number for each in resolve_orders(text, ORDERS, today=TODAY).candidates] == [number]


def test_how_many_are_wanted_tells_no_order() -> None:
    assert resolve_orders("cancel one drill", ORDERS, today=TODAY).status == "unclear"


@pytest.mark.parametrize(
    "text", ["the whole order please", "I want to cancel the entire order", "我要把整个订单都取消"]
)
def test_the_whole_of_an_order_does_not_say_which(text: str) -> None:
    assert not resolve_orders(text, ORDERS, today=TODAY).matches


def test_a_value_that_is_a_large_number_names_its_line() -> None:
    lines = [line for order in ORDERS for line in order.lines]
    assert [line.key for line in resolve_lines("the 2000 one", lines, today=TODAY).candidates] == ["K200/1"]


def test_two_times_a_thing_is_no_size() -> None:
    found = resolve_lines("cancel 2 x drill", ORDERS[1].lines, today=TODAY)
    assert [(match.candidate.key, match.quantity) for match in found.matches] == [("K200/1", 2)]


def test_what_is_to_be_left_out_is_not_meant() -> None:
    found = resolve_lines("nothing with trays. cancel the drill", ORDERS[1].lines, today=TODAY)
    assert [line.key for line in found.candidates] == ["K200/1"]


def test_what_one_stands_for_is_told_by_a_value_though_goods_are_called_so() -> None:
    lines = [
        _line("K400", 1, "Weekend Bag", 6000, made_for="camera"),
        _line("K400", 2, "Weekend Bag", 6000, made_for="laptop"),
        _line("K400", 3, "Pocket Camera", 20000),
    ]
    assert [line.line_number for line in resolve_lines("the camera one", lines, today=TODAY).candidates] == [1]
    assert [line.line_number for line in resolve_lines("the camera", lines, today=TODAY).candidates] == [3]
    assert [line.line_number for line in resolve_lines("the camera bag", lines, today=TODAY).candidates] == [1]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Aster 14 Ultrabook", "the laptop"),
        ("Dash Running Trainers", "my sneakers"),
        ("Smart Room Thermostat", "the heating control"),
        ("智能温控器", "恒温器"),
        ("碳纤维公路车", "自行车"),
        ("Charcoal Grill", "the barbecue"),
    ],
)
def test_goods_are_found_by_what_people_call_them(title: str, words: str) -> None:
    lines = [_line("K500", 1, title, 100), _line("K500", 2, "Serving Tray|托盘", 100)]
    assert [line.line_number for line in resolve_lines(f"cancel {words}", lines, today=TODAY).candidates] == [1]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("in yesterday's order, cancel the drill", ["K100"]),
        ("yesterday's order, both drills", ["K100"]),
        ("the drills in both orders", ["K100", "K200"]),
        ("两单里的电钻都取消", ["K100", "K200"]),
        ("cancel the order with one drill", ["K100"]),
        ("not the delivered one, the one with the radio", ["K100"]),
    ],
)
def test_a_day_or_a_state_limits_what_goods_may_mean(text: str, numbers: list[str]) -> None:
    assert [each.number for each in resolve_orders(text, ORDERS, today=TODAY).candidates] == numbers


def test_what_was_ordered_is_no_order() -> None:
    assert without_order_words("the drills I just ordered") == "the drills I just ordered"
    assert without_order_words("cancel the cheaper of the two open orders") == "cancel the order"
