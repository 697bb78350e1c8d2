"""What a message says not to do, and a yes with something behind it."""

from __future__ import annotations

import pytest

from actions.changes.agreeing import agreement
from actions.changes.kinds import BY_KEY
from actions.changes.turned_down import begins_nothing, turned_down, turns_down


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("please do not cancel!!", "cancel", ""),
        ("I never asked you to do this, leave my order as it is", "cancel", ""),
        ("I'm not sending it back, is it under guarantee", "return", "is it under guarantee"),
        ("I don't want a different size, when does it come?", "exchange", "when does it come?"),
        ("先别取消 会不会收手续费", "cancel", "会不会收手续费"),
        ("我没让你退货", "return", ""),
        ("不换了 少的什么时候补", "exchange", "少的什么时候补"),
        ("别删我的账号", "erasure", ""),
        ("到不了我就不要了 先别取消啊", "cancel", ""),
    ],
)
def test_turned_down(text: str, kind: str, rest: str) -> None:
    down = turned_down(text)
    assert down is not None
    assert turns_down(down, BY_KEY[kind])
    assert down.rest == rest


@pytest.mark.parametrize(
    "text",
    [
        "cancel it",
        "no, cancel it",
        "why don't you cancel it",
        "did you not cancel it",
        "I don't want it any more",
        "I don't want to keep it",
        "leave it with my neighbour",
        "不要了取消吧",
        "怎么还不取消",
        "能不能取消",
        "是不是取消了",
        "不合适 退货",
        "分别取消两单",
    ],
)
def test_not_turned_down(text: str) -> None:
    assert turned_down(text) is None


def test_what_resembles_calling_off_begins_nothing() -> None:
    down = turned_down("I don't want a new order")
    assert down is not None
    assert begins_nothing(down, BY_KEY["cancel"]) == ""
    assert begins_nothing(down, BY_KEY["return"]) is None


@pytest.mark.parametrize(
    ("text", "plain", "asks", "touches"),
    [
        ("yep go for it, and let me know what it is made of", "let me know what it is made of", True, False),
        ("yes but only two", "but only two", False, True),
        ("how much is that lamp again? ok do it", "how much is that lamp again?", True, False),
        ("yeah go ahead. whats the bulb type", "whats the bulb type", True, False),
        ("可以 什么时候能寄出来", "什么时候能寄出来", True, False),
        ("嗯 对了 地址改到公司", "地址改到公司", False, False),
        ("好的 不过只退一件", "不过只退一件", False, True),
    ],
)
def test_a_yes_and_the_rest(text: str, plain: str, *, asks: bool, touches: bool) -> None:
    agreed = agreement(text)
    assert agreed is not None
    assert (agreed.plain, agreed.asks, agreed.touches) == (plain, asks, touches)


@pytest.mark.parametrize(
    "text",
    [
        "yes", "ok thanks", "好的", "可以吗", "对了 围巾什么时候到", "what about the boots?",
        "how much is on the gift card before I say yes?", "what happens when I say ok", "退到卡里，可以？",
        "how long does it take, ok?",
    ],
)  # fmt: skip
def test_a_mere_yes_or_none(text: str) -> None:
    assert agreement(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "台灯跟地毯都不要了 围巾两条留着",
        "黑的那条留着 另一条灰的不要了",
        "收到的水壶退了 杯子留着",
        "雨衣取消 围巾别动",
        "cancel the rug, leave the lamp as it is, keep it",
    ],
)
def test_what_stays_beside_what_goes_turns_nothing_down(text: str) -> None:
    assert turned_down(text) is None


@pytest.mark.parametrize(
    "text", ["don't cancel my order, keep it", "why did you cancel my lamp? keep it", "别退 留着吧"]
)
def test_a_reproach_is_no_wish(text: str) -> None:
    down = turned_down(text)
    assert down is not None
    assert "keep" in down.wishes


@pytest.mark.parametrize(
    "text",
    [
        "keep that one and cancel the other",
        "cancel the dearer lamp and leave everything else",
        "please call off the green mug but keep everything else as it is",
    ],
)
def test_what_stays_and_what_goes_in_one_clause(text: str) -> None:
    assert turned_down(text) is None


@pytest.mark.parametrize(
    "text", ["keep it all and don't cancel the lamp", "keep it and cancel my return", "leave it all as it is"]
)
def test_all_of_it_stays(text: str) -> None:
    down = turned_down(text)
    assert down is not None
    assert "keep" in down.wishes
