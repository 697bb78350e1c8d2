"""Days counted from today, and which orders a sum counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

import pytest

from actions.arrival_days import UsualDays, asks_arrival, day_needed, likelihood, ordered_today, told_for_order
from actions.spending import counted_orders
from actions.wording import Wording
from shopdesk_schemas.crm import OrderSummary

THURSDAY = date(2026, 3, 12)


def test_working_days_leave_the_weekend_out() -> None:
    assert UsualDays(1, 3, working=True).between(THURSDAY) == (date(2026, 3, 13), date(2026, 3, 17))
    assert UsualDays(1, 3, working=False).between(THURSDAY) == (date(2026, 3, 13), date(2026, 3, 15))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("can it be here by saturday", date(2026, 3, 14)),
        ("明天能到吗", date(2026, 3, 13)),
        ("ordered on tuesday, when does it come", None),
        ("how long does it take", None),
        ("if i order today will it come by sunday", date(2026, 3, 15)),
        ("要是我今晚就拍，几号能收到", None),
        ("今天下单周日能到吗", date(2026, 3, 15)),
    ],
)
def test_day_needed(text: str, day: date | None) -> None:
    assert day_needed(text, THURSDAY) == day


@pytest.mark.parametrize(("day", "answer"), [(13, "unlikely"), (15, "uncertain"), (18, "likely")])
def test_likelihood(day: int, answer: str) -> None:
    assert likelihood(date(2026, 3, day), date(2026, 3, 14), date(2026, 3, 18)) == answer


def _order(number: str, month: int, day: int) -> OrderSummary:
    placed = datetime(2026, month, day, 12, tzinfo=UTC)
    return OrderSummary(
        number=number, state="delivered", placed_at=placed, currency="GBP", total_minor=100, titles=[], item_count=1
    )


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("how much were my last two orders", ["C", "B"]),
        ("最近三个订单一共多少", ["C", "B", "A"]),
        ("what did i spend last month", ["B"]),
        ("what does it come to", None),
    ],
)
def test_counted_orders(text: str, numbers: list[str] | None) -> None:
    orders = [_order("C", 3, 10), _order("B", 2, 20), _order("A", 1, 5)]
    counted = counted_orders(text, orders, THURSDAY, "Europe/London")
    assert (None if counted is None else [each.number for each in counted.orders]) == numbers


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("whens the desk coming", True),
        ("is my lamp gonna come before the weekend", True),
        ("台灯哪天到", True),
        ("where is my order", False),
        ("快递到哪了", False),
    ],
)
def test_asks_arrival(text: str, asks: bool) -> None:
    assert asks_arrival(text) is asks


def test_one_day_is_told_as_one() -> None:
    usual = UsualDays(0, 0, working=False)
    told = told_for_order(
        "whens it coming", THURSDAY, None, usual, THURSDAY, "UTC", Wording("en", datetime(2026, 3, 12, tzinfo=UTC))
    )
    assert told is not None
    assert "between" not in told


@pytest.mark.parametrize(("language", "between"), [("en", " and "), ("zh", "之间")])
def test_one_day_is_said_once(language: Literal["en", "zh"], between: str) -> None:
    words = Wording(language, datetime(2026, 3, 12, tzinfo=UTC))
    told = ordered_today(date(2026, 3, 16), date(2026, 3, 16), "UTC", words)
    assert words.day(date(2026, 3, 16), "UTC") in told
    assert between not in told
    assert between in ordered_today(date(2026, 3, 16), date(2026, 3, 17), "UTC", words)
