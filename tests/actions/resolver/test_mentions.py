"""Messages that only name goods, or only the rest of an order; goods that describe an order; what came last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.resolver import bare_mention, bare_rest, order_words, resolve_orders
from tests.actions.resolver.candidates import LINES, ORDERS, TODAY


@pytest.mark.parametrize("text", ["hm, the scarf", "that raincoat i mean", "嗯，那条围巾", "就是那个杯子呀"])
def test_naming_goods_is_a_mention(text: str) -> None:
    assert bare_mention(text, LINES, today=TODAY) is not None


@pytest.mark.parametrize(
    "text",
    [
        "the scarf is torn",
        "no scarf in the box",
        "return the scarf",
        "围巾没有",
        "围巾坏了",
        "退围巾",
        "好的",
        "is it here",
    ],
)
def test_saying_more_is_no_mention(text: str) -> None:
    assert bare_mention(text, LINES, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("what about the other stuff in the order", True),
        ("剩下的呢", True),
        ("keep the rest", False),
        ("其他的不退", False),
        ("the other red one", False),
    ],
)
def test_the_rest_alone(text: str, rest: bool) -> None:
    assert bare_rest(text, LINES, today=TODAY) is rest


@pytest.mark.parametrize(
    ("text", "words"),
    [("cancel the sofa order please", "sofa"), ("沙发那单取消", "沙发"), ("cancel it", ""), ("取消", "")],
)
def test_what_describes_an_order(text: str, words: str) -> None:
    described = order_words(text)
    assert words in described
    assert bool(described) is bool(words)


@pytest.mark.parametrize(
    "text", ["the one that just came", "from the parcel that only just arrived", "刚签收的那单", "最近收到的那个订单"]
)
def test_what_just_came_is_the_last_delivered(text: str) -> None:
    came = [replace(order, delivered_on=None, state="open") for order in ORDERS]
    came[0] = replace(came[0], state="delivered", delivered_on=TODAY - timedelta(days=2))
    came[2] = replace(came[2], state="delivered", delivered_on=TODAY - timedelta(days=20))
    result = resolve_orders(text, came, today=TODAY)
    assert [order.number for order in result.candidates] == [came[0].number]
