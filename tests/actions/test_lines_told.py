"""Goods told by what they cost or by their size among their like."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.lines_told import named_as_told
from actions.resolver import LineCandidate

TODAY = date(2026, 11, 18)


def line(order: str, number: int, titles: list[str], price: int, values: dict[str, tuple[str, str]]) -> LineCandidate:
    return LineCandidate(
        order,
        number,
        titles,
        sku=f"{order}-{number}",
        product=titles[0],
        quantity=2,
        unit_price_minor=price,
        options={name: english for name, (english, _) in values.items()},
        other_options=({f"{name}_zh": chinese for name, (_, chinese) in values.items()},),
    )


TENT = ["Dome tent", "帐篷"]
LINES = [
    line("A1", 1, TENT, 21450, {"size": ("small", "小号"), "shade": ("Olive", "橄榄绿")}),
    line("A1", 2, ["Camping stove", "露营炉"], 6400, {"fuel": ("gas", "燃气")}),
    line("B2", 1, TENT, 33990, {"size": ("large", "大号"), "shade": ("Olive", "橄榄绿")}),
    line("B2", 2, ["Water bottle", "水壶"], 1900, {"capacity": ("500 ml", "500毫升")}),
]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("214那款取消", "小号帐篷取消"),
        ("把339.90的那个取消", "把大号帐篷取消"),
        ("please cancel the $214 one", "please cancel the small Dome tent"),
        ("cancel the one that costs 340", "cancel the large Dome tent"),
        ("小的那顶换成蓝的,大的不要了", "小的那顶换成蓝的,大号帐篷不要了"),
        ("小的换成蓝色,大的那个不要了", "小号帐篷换成蓝色,大号帐篷不要了"),
        ("the small one in blue, and the larger one isn't wanted", "the small Dome tent in blue, and the large Dome tent isn't wanted"),  # noqa: E501
    ],
)  # fmt: skip
def test_price_and_size_are_replaced_by_what_the_goods_are_called(text: str, told: str) -> None:
    assert named_as_told(text, LINES, today=TODAY) == told


@pytest.mark.parametrize(
    "text",
    [
        "换成214那款",
        "swap it for the large one",
        "换个大的",
        "the 500 one",
        "the 123 one",
        "换成小的",
        "大一点的有吗",
        "我要退2024那单",
    ],
)
def test_what_it_becomes_and_what_fits_nothing_stays(text: str) -> None:
    assert named_as_told(text, LINES, today=TODAY) == text


def test_goods_of_one_size_are_told_by_none() -> None:
    assert named_as_told("大的不要了", LINES[:2], today=TODAY) == "大的不要了"
