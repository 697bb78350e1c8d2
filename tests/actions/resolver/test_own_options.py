"""What goods are like is asked of one's own: told from what a shop has, from wishes, and from where an order is."""

from __future__ import annotations

import pytest

from actions.own_options import read_option_question
from actions.resolver.own_options import amount_of, asks_extreme, by_size, options_asked


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("ordered yesterday - are those waterproof?", False),
        ("what size is my raincoat?", False),
        ("which of my two jumpers is the bigger one?", True),
        ("I have two rugs. Which one is longer?", True),
        ("那件是纯棉的吗", False),
        ("我买的雨衣是什么颜色的", False),
        ("我那两块地毯哪块长？", True),
    ],
)
def test_options_of_ones_own_are_asked(text: str, several: bool) -> None:
    question = read_option_question(text)
    assert question is not None
    assert (question.what, question.several) == ("options", several)


@pytest.mark.parametrize(
    "text",
    [
        "The raincoat I got is only a small one. Swap it for a bigger one",
        "is it in stock?",
        "is there one in navy?",
        "do you have my size?",
        "where is my order?",
        "are my jumpers coming soon, and when?",
        "那灰色的有哪些？",
        "我的订单什么时候到",
        "能换成大号吗",
        "我买的围巾减成一条行吗",
        "那单枕头减到两个可以么",
        "那两盏灯减一盏行不行",
        "帮我取消那件",
    ],
)
def test_wishes_stock_and_deliveries_are_not(text: str) -> None:
    assert read_option_question(text) is None


def test_options_are_named_by_what_shops_call_them() -> None:
    assert options_asked("which switches do they have", {"switches": "clicky", "layout": "60%"}) == ["switches"]
    assert options_asked("是几码的", {"尺码": "11", "鞋面": "皮"}) == ["尺码"]
    assert options_asked("which has more memory", {"memory": "8GB", "disk": "1TB"}) == ["memory"]


def test_values_have_an_order_where_they_have_one() -> None:
    amounts = [amount_of(each) for each in ("256GB", "1TB", "S", "XL", "navy")]
    assert amounts == [256.0, 1000.0, -1.0, 2.0, None]
    assert by_size(["colour", "height"]) == ["height", "colour"]
    assert asks_extreme("which is smaller?") is False
    assert asks_extreme("哪个大") is True
