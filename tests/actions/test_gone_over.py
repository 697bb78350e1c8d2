"""Which unclear messages go over to goods by a general name, and which ask something else of what they name."""

from __future__ import annotations

import pytest

from actions.goods_spoken_of import goes_over_to_goods


@pytest.mark.parametrize(
    "text", ["bummer, what about towels", "puzzles?", "robot vac that empties itself?", "那毛巾呢", "有雨伞卖吗"]
)
def test_goes_over_to_goods(text: str) -> None:
    assert goes_over_to_goods(text)


@pytest.mark.parametrize(
    "text",
    [
        "is my card safe?",
        "where is the lamp?",
        "did the mug arrive?",
        "when will you have a person free?",
        "how do I sign in?",
        "my coat is torn",
        "我的外套呢",
        "杯子坏了能换吗",
        "订单呢",
        "灯什么时候到呢",
    ],
)
def test_asks_something_else(text: str) -> None:
    assert not goes_over_to_goods(text)
