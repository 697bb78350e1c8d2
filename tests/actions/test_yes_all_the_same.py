"""A yes behind a moment's doubt or beside what stays, and words behind a yes that want something else."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.agreeing import agreement, called_off_plainly, demands_more
from actions.changes.other_one import means_the_other, others_than
from actions.changes.plain_yes import is_yes
from actions.changes.yes_all_the_same import (
    agrees_all_the_same,
    says_yes_all_the_same,
    without_beside,
    without_doubt,
)
from actions.resolver import LineCandidate, Wish

TODAY = date(2026, 3, 12)
LINES = [
    LineCandidate(order="A", line_number=1, titles=["Wool Rug", "羊毛地毯"], sku="r1", options={"size": "small"}),
    LineCandidate(order="A", line_number=2, titles=["Wool Rug", "羊毛地毯"], sku="r2", options={"size": "large"}),
    LineCandidate(order="A", line_number=3, titles=["Milk Jug", "奶壶"], sku="j1", options={"colour": "white"}),
]


@pytest.mark.parametrize("text", ["no wait, 36 is fine, yes", "ok do it, the jug stays", "就要这个，奶壶不动，确认"])
def test_a_yes_all_the_same(text: str) -> None:
    assert agrees_all_the_same(text, LINES, ["A/1"], today=TODAY)


@pytest.mark.parametrize(
    "text", ["no, fine", "wait, why 36?", "no, not that one, yes the other", "ok, the rug stays", "不要了"]
)
def test_no_yes(text: str) -> None:
    assert not agrees_all_the_same(text, LINES, ["A/1", "A/2"], today=TODAY)


@pytest.mark.parametrize("text", ["ok do it", "do it", "ok do it, the rug stays", "好的办吧"])
def test_a_yes_is_no_question(text: str) -> None:
    assert says_yes_all_the_same(text)


def test_doubt_is_left_out_before_a_yes_alone() -> None:
    assert without_doubt("no, ok do it. And cancel the jug") == "ok do it. And cancel the jug"
    assert without_doubt("no, cancel the jug") == "no, cancel the jug"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("sure, go ahead. Oh, one more thing: the rug should be the large one", "the rug should be the large one"),
        ("yes and when that's done I'd like to send back the jug", "I'd like to send back the jug"),
        ("确认，还有件事，奶壶我想退", "奶壶我想退"),
        ("没问题，接下来处理地毯，不想要了", "地毯，不想要了"),
    ],
)
def test_what_is_wanted_behind_a_yes(text: str, plain: str) -> None:
    agreed = agreement(text)
    assert agreed is not None
    assert agreed.plain == plain


def test_what_is_demanded_is_no_question() -> None:
    assert demands_more("yes please, and can you then send what's left to my office?")
    assert not demands_more("ok, what would come back?")


def test_what_can_go_is_called_off() -> None:
    assert called_off_plainly("one of the rugs can go") == "cancel one of the rugs can go"
    assert called_off_plainly("地毯少一条吧") == "取消地毯少一条吧"
    assert called_off_plainly("the rug can go to my office") == ""


def test_the_other_one_is_none_that_was_seen_to() -> None:
    assert means_the_other("swap the other one for a large")
    assert means_the_other("另一条换成小的")
    assert not means_the_other("the other order")
    others = others_than({"A/1"}, LINES, [])
    assert others is not None
    assert [line.key for line in others] == ["A/2"]
    assert others_than({"A/1"}, LINES, ["return:A/2:all"]) == []
    assert others_than({"A/3"}, LINES, []) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("是的 多谢", "cancel"),
        ("嗯 都取消 拍错号了", "cancel"),
        ("可以，我买重了", "cancel"),
        ("好的，不需要了", "return"),
        ("yes please, cancel everything, I ordered it twice", "cancel"),
        ("yes, do it, we don't need it any more", "cancel"),
        ("价钱没变就换，可以", "exchange"),
        ("价格不变就换", "exchange"),
        ("if it's the same price then yes", "exchange"),
    ],
)
def test_a_yes_beside_why_or_what_holds(text: str, wish: Wish) -> None:
    assert is_yes(without_beside(text, wish, whole=True, same_price=True))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("对 都取消", "cancel"),
        ("价格一样就换 行", "exchange"),
        ("价格一样就换吗", "exchange"),
        ("好的，不要了", "exchange"),
        ("我买错了", "cancel"),
        ("取消吧不办了", "cancel"),
        ("不是的 谢谢", "cancel"),
        ("ok, I ordered the wrong size, what now", "exchange"),
        ("yes but I bought it by mistake in another order", "cancel"),
        ("我要的不是的 谢谢", "exchange"),
    ],
)
def test_no_yes_beside_what_does_not_hold(text: str, wish: Wish) -> None:
    assert not is_yes(without_beside(text, wish, whole=False, same_price=False))
