""" "The mugs, all of them" are all of the mugs, never all of the order."""

from __future__ import annotations

from datetime import date

import pytest

from actions.resolver import LineCandidate
from actions.resolver.apposed_all import without_apposed_all

_LINES = [
    LineCandidate("W1", 1, ["Stoneware Mug", "陶瓷马克杯"], "MUG", quantity=3),
    LineCandidate("W1", 2, ["Desk Lamp", "台灯"], "LAMP", quantity=1),
    LineCandidate("W1", 3, ["Wool Scarf", "羊毛围巾"], "SCARF", quantity=2),
]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("send back the mugs, all 3, changed my mind", "send back the mugs, changed my mind"),
        ("cancel the mugs, all of them please", "cancel the mugs,"),
        ("return the scarf, both of them", "return the scarf, both of them"),
        ("return the scarves, both", "return the scarves,"),
        ("return the lamp and the mugs, all of it", "return the lamp and the mugs,"),
        ("马克杯退了，三个都退", "马克杯退了，"),
        ("围巾不要了，全部", "围巾不要了，"),
    ],
)
def test_all_of_what_was_named(text: str, left: str) -> None:
    if text.endswith("both of them"):
        left = "return the scarf,"
    assert without_apposed_all(text, _LINES, today=date(2026, 3, 2)).strip() == left


@pytest.mark.parametrize(
    "text",
    [
        "cancel the order with the lamp, all of it",
        "cancel everything, all of it",
        "all of them",
        "return it, all 3",
        "return the mugs, all 2",
        "return the lamp, and all the mugs",
        "the mugs, not all of them",
        "那单有台灯的，全部退",
        "全都退了",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert without_apposed_all(text, _LINES, today=date(2026, 3, 2)) == text
