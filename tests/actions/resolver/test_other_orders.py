"""What a message says of each of several orders that it tells by their number or their day."""

from __future__ import annotations

from datetime import date

import pytest

from actions.resolver import OrderCandidate
from actions.resolver.orders_told import narrowed
from actions.resolver.other_orders import told_of_each, without_other_orders
from tests.actions.resolver.candidates import LAMP, MUG, SCARF, TODAY, line

NEW, OLD, CAME = "#K2001", "#K1002", "#K0903"
ORDERS = [
    OrderCandidate(
        number=NEW,
        placed_on=TODAY,
        state="open",
        total_minor=9000,
        currency="GBP",
        lines=[LAMP, MUG],
        delivered_on=None,
    ),
    OrderCandidate(
        number=OLD,
        placed_on=date(2026, 11, 17),
        state="open",
        total_minor=4000,
        currency="GBP",
        lines=[line(1, ["Arc floor lamp, brass", "弧形落地灯"], 12900, order=OLD)],
        delivered_on=None,
    ),
    OrderCandidate(
        number=CAME,
        placed_on=date(2026, 11, 2),
        state="delivered",
        total_minor=4000,
        currency="GBP",
        lines=[SCARF, MUG],
        delivered_on=date(2026, 11, 6),
    ),
]


@pytest.mark.parametrize(
    ("text", "new", "old"),
    [
        ("昨天那单整单不要了，今天那单里杯子也别发了", "今天那单里杯子也别发了", "昨天那单整单不要了"),
        ("K2001取消杯子，K1002取消台灯，其他不动", "K2001取消杯子", "K1002取消台灯, 其他不动"),
        (
            "cancel yesterday's order completely and in today's order drop the mugs",
            "in today's order drop the mugs",
            "cancel yesterday's order completely",
        ),
    ],
)
def test_each_order_has_its_own_words(text: str, new: str, old: str) -> None:
    assert told_of_each(text, ORDERS, [NEW, OLD], today=TODAY) == {NEW: new, OLD: old}


@pytest.mark.parametrize("text", ["cancel both orders", "昨天和今天的都取消", "取消杯子，其他照发"])
def test_orders_that_are_not_told_apart(text: str) -> None:
    assert told_of_each(text, ORDERS, [NEW, OLD], today=TODAY) == {}


def test_another_order_says_nothing_of_these_goods() -> None:
    text = "昨天那单整单不要了，杯子别发了"
    assert without_other_orders(text, ORDERS, [NEW], today=TODAY).strip() == "，杯子别发了"
    assert without_other_orders(text, ORDERS, [NEW, OLD], today=TODAY) == text


@pytest.mark.parametrize(
    "text",
    [
        "取消单独那单",
        "取消只有台灯的那单",
        "cancel the order that has only the lamp",
        "the one with just the lamp can go",
    ],
)
def test_the_order_with_nothing_else(text: str) -> None:
    assert [order.number for order in narrowed(text, ORDERS, today=TODAY)] == [OLD]


@pytest.mark.parametrize("text", ["那退掉之前那个吧", "之前收的那个退了", "return the earlier one please"])
def test_what_goes_back_is_what_came(text: str) -> None:
    assert [order.number for order in narrowed(text, ORDERS, today=TODAY)] == [CAME]


@pytest.mark.parametrize(
    ("text", "new", "old"),
    [
        (
            "麻烦取消杯子那单里的台灯和杯子，然后把昨天那单整单取消",
            "麻烦取消杯子那单里的台灯和杯子",
            "然后把昨天那单整单取消",
        ),
        (
            "take the lamp off the mug order, and cancel yesterday's order",
            "take the lamp off the mug order",
            "cancel yesterday's order",
        ),
    ],
)
def test_orders_are_told_by_what_is_in_them_too(text: str, new: str, old: str) -> None:
    assert told_of_each(text, ORDERS, [NEW, OLD], today=TODAY) == {NEW: new, OLD: old}


@pytest.mark.parametrize(
    ("text", "new", "old"),
    [
        (
            "cancel the single one, and in the other drop one of the mugs and the lamp",
            "in the other drop one of the mugs and the lamp",
            "cancel the single one",
        ),
        (
            "cancel the order that's just a lamp, in the other order keep the mugs",
            "in the other order keep the mugs",
            "cancel the order that's just a lamp",
        ),
        ("单独那单取消，另一单里的杯子也别发了", "另一单里的杯子也别发了", "单独那单取消"),
    ],
)  # fmt: skip
def test_the_other_order_is_the_one_that_was_not_told_yet(text: str, new: str, old: str) -> None:
    assert told_of_each(text, ORDERS, [NEW, OLD], today=TODAY) == {NEW: new, OLD: old}
