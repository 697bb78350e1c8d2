"""Which one fact is asked of an order, and what asks how it stands."""

from __future__ import annotations

from datetime import date

import pytest

from actions.arrival_days import day_needed
from actions.asked_of_order import aspects_asked
from actions.where_goods_are import asks_where


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("when will it get here", ["when"]),
        ("啥时候能送到", ["when"]),
        ("who's delivering it", ["carrier"]),
        ("what courier has my parcel", ["carrier"]),
        ("是哪家快递在送", ["carrier"]),
        ("can i have the tracking number", ["tracking"]),
        ("快递单号发我一下", ["tracking"]),
        ("has it left yet", ["sent"]),
        ("发货了没有", ["sent"]),
        ("who brings it and when", ["carrier", "when"]),
        ("where is my parcel", []),
        ("when did it ship", []),
        ("who do i call about it", []),
        ("到哪里了", []),
        ("what's the status", []),
    ],
)
def test_one_fact_of_an_order(text: str, aspects: list[str]) -> None:
    assert aspects_asked(text) == aspects


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("will it be here before the weekend", date(2026, 3, 13)),
        ("can it come by the weekend", date(2026, 3, 15)),
        ("周末前能到吗", date(2026, 3, 13)),
        ("if i order a kettle today when will i have it", None),
        ("if i buy it today will it be here by friday", date(2026, 3, 13)),
        ("would i get it by saturday", date(2026, 3, 14)),
    ],
)
def test_the_day_that_something_is_needed_by(text: str, day: date | None) -> None:
    assert day_needed(text, date(2026, 3, 12)) == day


def test_goods_on_their_way_are_asked_after() -> None:
    assert asks_where("is the kettle on its way")
    assert not asks_where("when is the kettle back in stock")
