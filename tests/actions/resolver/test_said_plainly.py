"""Wishes put the plain way round, and so many of each."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.plainly_swaps import says_swap
from actions.resolver import LineCandidate
from actions.resolver.one_of_each import pieces_of_each, said_of_each
from actions.resolver.plain_wishes import plain_wishes
from actions.resolver.said_plainly import rest_paid, said_plainly
from actions.topics import request_words

_TODAY = date(2026, 3, 13)
_LINES = [
    LineCandidate("1", 1, ["Rug", "地毯"], options={"size": "120"}, quantity=2),
    LineCandidate("1", 2, ["Lamp", "台灯"], quantity=1),
    LineCandidate("2", 1, ["Rug", "地毯"], options={"size": "160"}, quantity=2),
    LineCandidate("2", 2, ["Mug", "杯子"], quantity=2),
]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("drop the mugs then, both", "drop the mugs then"),
        ("cancel both orders", "cancel both orders"),
        ("only the lamp goes. the rug and mugs I keep", "only the lamp goes. keep the rug and mugs"),
        ("cancel the cheaper of the two rugs... oh no, I only have one. cancel the mugs", "cancel the mugs"),
        ("把贵的那块地毯取消……哦不对，我只有一块。那就取消杯子吧", "那就取消杯子吧"),
    ],
)  # fmt: skip
def test_said_plainly(text: str, plain: str) -> None:
    assert said_plainly(text) == plain


def test_how_what_stays_is_paid() -> None:
    assert rest_paid("drop the lamp and put the rest on my gift card if that covers it") == (
        "drop the lamp",
        "my gift card",
    )
    assert rest_paid("台灯取消，剩下的用礼品卡付") == ("台灯取消", "礼品卡")
    assert rest_paid("cancel the lamp and the rest too") == ("cancel the lamp and the rest too", "")


def test_so_many_of_each_stay() -> None:
    assert said_of_each("keep one of each and cancel the other two") == ("keep", 1)
    assert said_of_each("地毯和杯子各取消一个") == ("go", 1)
    assert said_of_each("cancel one of the rugs") is None
    rugs = {"1/1": 1, "2/1": 1}
    assert pieces_of_each("两种地毯各留一块，其余取消", _LINES, [], today=_TODAY) == rugs
    assert pieces_of_each("no, one of each, I want to keep one", _LINES, [], today=_TODAY, correcting=True) == rugs
    assert pieces_of_each("cancel the rugs", _LINES, [], today=_TODAY) == {}


def test_the_rest_beside_so_many_of_each() -> None:
    whole = "地毯买多了，各留一块，其余的取消"
    assert request_words("其余的取消", whole, "") == "地毯买多了，各留一块, 其余的取消"
    assert request_words("其余的取消", "台灯留着，其余的取消", "") == "其余的取消"


def test_one_is_enough_and_the_other_goes() -> None:
    lines = [_LINES[3], _LINES[1]]
    said = "one mug is enough, cancel the other one. and the lamp in black"
    assert plain_wishes(said, lines, today=_TODAY) == "cancel one Mug. and the lamp in black"
    assert plain_wishes("杯子一个就够了，另一个取消。台灯换黑的", lines, today=_TODAY) == "杯子取消1个。台灯换黑的"


def test_a_change_is_no_cancellation() -> None:
    assert says_swap("I bought two and both are blue, can one be changed? if that's not possible change both")
    assert says_swap("一个能换成绿的吗，差价退到礼品卡")
    assert not says_swap("I changed my mind about the rug")
    assert not says_swap("change of plans, the rug isn't needed")
    assert not says_swap("换成绿的，没有就取消")
