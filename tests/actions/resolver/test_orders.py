"""Which of the shopper's orders words mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.resolver import Focus, resolve_orders
from tests.actions.resolver.candidates import ORDERS, TODAY, line


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("上个月买的", ["A1003"]),
        ("the one that arrived on Monday", ["A1001"]),
        ("the £40 one", ["A1002"]),
        ("call off the smaller of my two open orders", ["A1002"]),
        ("the most expensive order", ["A1003"]),
        ("最贵的那单", ["A1003"]),
        ("the order with the kettle", ["A1003"]),
        ("the order with the rug and the kettle", ["A1003"]),
        ("my last order", ["A1004"]),
        ("最近一单", ["A1004"]),
        ("my first order", ["A1003"]),
        ("A1003", ["A1003"]),
        ("order 1002", ["A1002"]),
        ("订单号：A1004", ["A1004"]),
        ("买围巾的那单", ["A1002"]),
        ("cancel my raincoat order", ["A1004"]),
        ("both open orders", ["A1002", "A1004"]),
        ("all my orders", ["A1001", "A1002", "A1003", "A1004"]),
        ("我上周买的那个杯子到哪了", ["A1001"]),
        ("the one from 3 October", ["A1003"]),
        ("除了围巾那单都取消", ["A1001", "A1003", "A1004"]),
    ],
)
def test_finds_the_orders_meant(text: str, numbers: list[str]) -> None:
    result = resolve_orders(text, ORDERS, today=TODAY)
    assert result.sure
    assert [order.number for order in result.candidates] == numbers


@pytest.mark.parametrize("text", ["the open one", "还没发货的那单", "the delivered one", "the order from last week"])
def test_what_fits_two_orders_is_asked_about(text: str) -> None:
    result = resolve_orders(text, ORDERS, today=TODAY)
    assert result.status == "unclear"
    assert len(result.matches) == 2


def test_how_many_there_are_names_no_goods() -> None:
    sofa = line(1, ["Hartwell Two-Seater Sofa", "双人沙发"], 69900)
    orders = [replace(ORDERS[1], total_minor=90000, lines=[sofa]), ORDERS[3]]
    for text in ("cancel the smaller of my two open orders", "which of the two orders is the smaller one? cancel that"):
        result = resolve_orders(text, orders, today=TODAY)
        assert [order.number for order in result.candidates] == [ORDERS[3].number], text
    named = resolve_orders("the order with the two-seater", orders, today=TODAY)
    assert [order.number for order in named.candidates] == [orders[0].number]


def test_a_number_of_nobodys_is_said_to_be_absent() -> None:
    result = resolve_orders("where is #A1009", ORDERS, today=TODAY)
    assert result.status == "none"
    assert [(each.kind, each.words) for each in result.asked_but_absent] == [("number", "A1009")]


def test_pronouns_follow_the_focus() -> None:
    def numbers(text: str, focus: Focus) -> list[str]:
        return [order.number for order in resolve_orders(text, ORDERS, focus=focus, today=TODAY).candidates]

    assert numbers("cancel it", Focus(orders=("A1002",))) == ["A1002"]
    assert numbers("另一单", Focus(orders=("A1004",), shown=("A1002", "A1004"))) == ["A1002"]
    assert numbers("第二个", Focus(shown=("A1004", "A1003"))) == ["A1003"]


@pytest.mark.parametrize("text", ["hello there", "can you help me", "你好"])
def test_words_about_no_order_say_nothing(text: str) -> None:
    assert resolve_orders(text, ORDERS, today=TODAY).said_nothing


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("两个没发货的订单，便宜的那个帮我取消", "A1002"),
        ("我有两个订单没发货，把贵的那个取消", "A1004"),
        ("two orders haven't shipped yet, cancel the more expensive one", "A1004"),
    ],
)
def test_what_compares_selects_from_what_was_described_before(text: str, number: str) -> None:
    found = resolve_orders(text, ORDERS, today=TODAY)
    assert (found.status, found.first.number) == ("one", number)


def test_when_was_ordered_is_told_by_the_way() -> None:
    """What is wanted says which order it is: the day before it limits nothing."""
    newest = max(ORDERS, key=lambda order: order.placed_on)
    for text in (
        "I ordered a few weeks ago and regret it. Cancel my latest order",
        "前几天在你们家下了单，有点后悔。帮我取消我最新的订单",
    ):
        found = resolve_orders(text, ORDERS, today=TODAY)
        assert [order.number for order in found.candidates] == [newest.number], text
