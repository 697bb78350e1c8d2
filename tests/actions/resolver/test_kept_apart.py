"""Which of the same goods go where the one that stays is told."""

from __future__ import annotations

import pytest

from actions.resolver import LineCandidate, OrderCandidate
from actions.resolver.kept_apart import others_than_kept
from tests.actions.resolver.candidates import TODAY


def _order(number: str, watts: str, price: int) -> OrderCandidate:
    line = LineCandidate(
        number, 1, ["Hand Blender", "手持搅拌机"], number, "B", {"Power": watts}, ({"功率": watts},), 1, None, price
    )
    return OrderCandidate(number, state="approved", placed_on=TODAY, total_minor=price, currency="USD", lines=[line])


_ORDERS = [_order("A", "400 W", 3000), _order("B", "800 W", 2500), _order("C", "600 W", 4000)]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Which of my hand blenders has more power? Keep that one and cancel the others.", ["A", "C"]),
        ("哪台手持搅拌机功率大？留那台，其他的取消", ["A", "C"]),
        ("I seem to have three hand blenders, keep the cheapest one only", ["A", "C"]),
        ("keep just the cheapest hand blender please", ["A", "C"]),
        ("手持搅拌机我买了三台，只留最便宜的那台", ["A", "C"]),
        ("keep the order as it is", []),
    ],
)
def test_the_others_go(text: str, gone: list[str]) -> None:
    assert [line.order for line in others_than_kept(text, _ORDERS, today=TODAY)] == gone
