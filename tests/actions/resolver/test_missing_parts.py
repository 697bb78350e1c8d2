"""What is said to be missing, and sentences that name nothing."""

from __future__ import annotations

import pytest

from actions.resolver.missing_parts import missing_thing


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("the shelf came with a missing bolt", "bolt"),
        ("no, the shelf is here, only two bolts are missing", "bolts"),
        ("please send the missing bolt", "bolt"),
        ("my lamp arrived without its power cord", "power cord"),
        ("there was no manual in the box", "manual"),
        ("the remote of the lamp is missing", "remote"),
        ("the bolts weren't in the parcel", "bolts"),
        ("one of the mugs is missing", "mugs"),
        ("书架少了一颗螺丝", "螺丝"),
        ("螺丝少了两颗", "螺丝"),
        ("台灯没给遥控器", "遥控器"),
        ("收到的台灯缺电源线", "电源线"),
        ("台灯的遥控器不见了", "遥控器"),
        ("the lamp's here but the plug’s missing", "plug"),
        ("there were no screws", "screws"),
        ("好像少了两颗螺丝", "螺丝"),
        ("没给说明书", "说明书"),
    ],
)
def test_what_is_missing_is_named(text: str, thing: str) -> None:
    assert missing_thing(text) == thing


@pytest.mark.parametrize(
    "text",
    [
        "something is missing",
        "an item is missing from my order",
        "is anything missing?",
        "the parcel is missing",
        "two of them are missing",
        "I only got one",
        "少了东西",
        "少发了一件",
        "还没有发货",
        "包裹没收到",
        "I am still missing my parcel",
        "I'm missing my delivery",
        "I’m missing two",
        "it's still missing",
        "something's missing",
        "I think something's missing",
        "my parcel has gone missing",
        "my parcel has been missing since Monday",
        "my entire delivery was missing",
        "A whole bag is missing",
        "one got missing",
        "the second one is missing",
        "the other is missing",
        "one pair is missing",
        "my refund is missing",
        "missing my invoice",
        "there is no rush",
        "no bolts are missing",
        "the order shows missing",
        "少发了两件",
        "少了两盏",
        "少了好几样",
        "少了一半",
        "少发一件衣服",
        "没给我发票",
        "没给我退款",
        "没给我回电话",
        "没放在门口",
        "没装好",
        "好像少了一个",
        "另一个不见了",
        "一共多少个",
        "杯子漏水",
    ],
)
def test_nothing_is_named(text: str) -> None:
    assert missing_thing(text) == ""
