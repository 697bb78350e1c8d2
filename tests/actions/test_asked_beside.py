"""What is only asked beside a wish, of goods or of an order, wants nothing done."""

from __future__ import annotations

import pytest

from actions.changes.agreeing import agreement, without_verb_again
from actions.changes.asked_beside import only_asks, question_apart
from actions.changes.becoming_like import becomes_like
from actions.changes.still_there import asks_if_still_there
from actions.resolver import LineCandidate, read_requests
from tests.actions.resolver.candidates import LINES, TODAY


@pytest.mark.parametrize(
    ("text", "rest", "asked"),
    [
        ("雨衣换成40码的,地毯有没有圆的?", "雨衣换成40码的", "地毯有没有圆的?"),
        ("Swap the raincoat for a 40. Does the rug come in blue?", "Swap the raincoat for a 40.", "Does the rug come in blue?"),  # noqa: E501
        ("Swap the raincoat for a 40, do you have an L?", "Swap the raincoat for a 40, do you have an L?", ""),
        ("雨衣换成40码的,地毯有没有灰的?有就换", "雨衣换成40码的,地毯有没有灰的?有就换", ""),
    ],
)  # fmt: skip
def test_a_question_about_other_goods_is_no_part_of_the_wish(text: str, rest: str, asked: str) -> None:
    assert question_apart(text, LINES, today=TODAY) == (rest, asked)


def test_only_asking() -> None:
    assert only_asks("地毯有没有灰的?")
    assert only_asks("do you have the rug in grey?")
    assert not only_asks("地毯有灰的吗,有就换")
    assert not only_asks("swap it, do you have it in grey?")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("对,取消。另一单的台灯还在吧?", "另一单的台灯还在吧?"),
        ("yes, cancel it. Is the lamp still on order?", "Is the lamp still on order?"),
    ],
)
def test_a_yes_that_repeats_its_verb_leaves_the_question(text: str, rest: str) -> None:
    agreed = agreement(without_verb_again(text, "cancel"))
    assert agreed is not None
    assert agreed.rest == rest
    assert agreed.wish is None
    assert asks_if_still_there(agreed.plain)


def test_another_verb_behind_a_yes_stays() -> None:
    assert without_verb_again("好,退掉。灯呢?", "cancel") == "好,退掉。灯呢?"


@pytest.mark.parametrize(
    "text", ["灯没取消吧?那就取消吧", "is the lamp still in stock?", "please cancel it, is it still there?"]
)
def test_no_question_whether_it_is_still_there(text: str) -> None:
    assert not asks_if_still_there(text)


def test_goods_like_those_of_another_order_are_no_address() -> None:
    assert becomes_like("水壶两个,想换成跟我另一单在路上那个一样的")
    assert becomes_like("swap the kettle for the same as in my other order")
    assert not becomes_like("换成跟另一单一样的地址")
    assert not becomes_like("change it to the same as my other order")
    assert not becomes_like("send it to the same address as my other order")


def test_two_of_what_is_named_are_not_the_other_line() -> None:
    lines = [
        LineCandidate(
            "A1", 1, ["Travel towel", "旅行毛巾"], sku="T1", product="T", quantity=2, options={"shade": "Grey"}
        ),
        LineCandidate(
            "A1", 2, ["Picnic blanket", "野餐垫"], sku="B1", product="B", quantity=2, options={"shade": "Navy"}
        ),
    ]
    wishes = read_requests("我说的是毛巾,两个都换成红色", lines, today=TODAY)
    assert {line.sku for wish in wishes for line in wish.lines.candidates} == {"T1"}
