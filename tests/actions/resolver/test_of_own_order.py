"""What may be about an order, and what only looks at goods."""

from __future__ import annotations

import pytest

from actions.resolver.of_own_order import asks_whether_it_goes_back, calls_own, may_be_ordered


@pytest.mark.parametrize(
    "text",
    [
        "im a lefty can it be switched",
        "hand cream for a nurse, cracked knuckles from washing all day",
        "6 then. how much and whens it get here",
        "sideman in walnut with bluetooth pls",
        "when will it be back",
        "do boots come with them or what",
        "will it get damaged in the rain",
        "what if it is broken easily by kids",
        "另外那个呢",
        "能接手机拍照么",
        "那传照片快不快",
        "不想要了能退吗",
        "下水裤夏天穿闷不闷",
        "会不会裂",
        "冬天手容易裂了用哪个",
    ],
)
def test_who_looks_at_goods_speaks_of_no_order(text: str) -> None:
    assert not may_be_ordered(text)


@pytest.mark.parametrize(
    "text",
    [
        "the kettle is broken",
        "it came without the lid",
        "i ordered the blue one",
        "can i swap my one for the red",
        "the lid doesn't fit",
        "my parcel never came",
        "where is it, order 48210",
        "its leaking everywhere, can you send another",
        "i want a refund",
        "return it please",
        "杯子坏了能换吗",
        "坏了能修吗",
        "收到的时候裂了",
        "我买的那个不亮了",
        "还没发货吗",
        "我要退货",
        "发错颜色了",
        "少了一个盖子，少了怎么办",
        "jo@example.com",
        "when will it get here? i placed it on monday",
        "the rug smells awful, want my money back",
        "凉鞋想换38码",
        "我要把头盔和打气筒退了",
        "可以电动牙刷改成白色，行李箱改成银色，如果行李箱没货就别动它吗",
        "I'd like to get rid of the size S helmet and just one of the two size M ones",
        "swap the raincoat for a 40",
        "昨天拍的那块",
    ],
)
def test_what_may_have_been_bought_is_no_mere_look(text: str) -> None:
    assert may_be_ordered(text)


@pytest.mark.parametrize("text", ["不想要了能退吗", "can i send it back if i dont like it", "支持退换吗"])
def test_whether_goods_could_go_back(text: str) -> None:
    assert asks_whether_it_goes_back(text)


@pytest.mark.parametrize("text", ["退掉围巾", "send it back", "能便宜点吗"])
def test_what_is_to_go_back_asks_nothing(text: str) -> None:
    assert not asks_whether_it_goes_back(text)


@pytest.mark.parametrize(
    ("text", "word", "owns"),
    [
        ("my lamp flickers, what can you do", "lamp", True),
        ("my desk lamp flickers", "lamp", True),
        ("我那个水壶盖子合不上", "水壶", True),
        ("do you have a lamp for my desk", "lamp", False),
        ("my daughter wants to read in bed, which lamp", "lamp", False),
        ("我家孩子怕黑，哪个台灯好", "台灯", False),
    ],
)
def test_goods_are_called_ones_own_at_the_beginning(text: str, word: str, owns: bool) -> None:
    assert calls_own(text, [word]) is owns
