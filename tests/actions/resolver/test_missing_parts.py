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
    ],
)
def test_nothing_is_named(text: str) -> None:
    assert missing_thing(text) == ""
