"""Plain sentences that narrow readings once took for the opposite, or for more or less than they say."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.buying_let_be import buys_nothing
from actions.changes.no_place import denies_place
from actions.changes.plainly_swaps import says_swap
from actions.changes.questions_apart import is_fact_question
from actions.changes.taking_time import takes_time
from actions.resolver import LineCandidate, read_requests, too_dear
from actions.resolver.one_of_each import pieces_of_each
from actions.resolver.portions import portion
from actions.resolver.said_plainly import keeping_first, said_plainly
from actions.resolver.second_piece import second_piece_as_one
from actions.wrong_person import says_wrong_person

TODAY = date(2026, 3, 12)


def line(number: int, title: str, zh: str, quantity: int = 1, order: str = "A1", **options: str) -> LineCandidate:
    return LineCandidate(order, number, [title, zh], sku=f"{order}-{number}", options=options, quantity=quantity)


LINES = [
    line(1, "Desk lamp", "台灯", 2, colour="black"),
    line(2, "Electric kettle", "电热水壶", colour="red"),
    line(3, "Stoneware mug", "马克杯", 3),
    line(4, "Action camera", "运动相机"),
]
SHIRTS = [
    line(1, "T-shirt", "T恤", 2, size="M", colour="red"),
    line(2, "T-shirt", "T恤", size="L", colour="black"),
]


@pytest.mark.parametrize("text", ["不等了", "我不等了", "等我取消", "先等我回家再送"])
def test_who_does_not_wait_asks_for_no_moment(text: str) -> None:
    assert not takes_time(text)


@pytest.mark.parametrize("text", ["不，等等", "等我想想", "先等等", "wait", "let me think"])
def test_a_moment(text: str) -> None:
    assert takes_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "refund to a different account",
        "please send it to a different person",
        "I ordered it on a different account",
        "the size was wrong, it's not me",
        "退到别人的账户",
        "不是我本人收货",
    ],
)
def test_another_account_or_person_for_goods_and_money_is_no_mistaken_guest(text: str) -> None:
    assert not says_wrong_person(text)


@pytest.mark.parametrize("text", ["you have the wrong person", "that's the wrong account", "查错人了", "that's not me"])
def test_a_mistaken_guest(text: str) -> None:
    assert says_wrong_person(text)


@pytest.mark.parametrize("text", ["台灯不买了", "这单不买了", "I don't want to buy the lamp anymore"])
def test_what_was_bought_and_is_not_wanted_is_called_off(text: str) -> None:
    assert not buys_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "My plans changed, please stop the order",
        "Things changed, I won't need the lamp",
        "I replaced my old lamp so I won't need this one",
        "We switched suppliers so we won't need it",
        "my lamp broke, the switch is faulty",
    ],
)
def test_a_change_in_life_swaps_no_goods(text: str) -> None:
    assert not says_swap(text)


@pytest.mark.parametrize("text", ["can one be changed?", "change the lamp to black", "swap it please"])
def test_a_swap(text: str) -> None:
    assert says_swap(text)


@pytest.mark.parametrize("text", ["没什么问题", "怎么是两双，一双就够了"])
def test_no_question_of_fact(text: str) -> None:
    assert not is_fact_question(text)


def test_an_address_that_is_refused_is_no_leaving_of_it() -> None:
    assert denies_place("that's not my address. 5 Oak Street") is None
    assert denies_place("I'm not talking about the address") is not None


def test_a_sentence_that_goes_on_with_and_goes_on_with_the_wish() -> None:
    assert "change" not in keeping_first("cancel the lamp. And the mug in the same order")
    assert "change" in keeping_first("change the mug to blue. And the lamp in black")
    assert said_plainly("the lamp isn't right. No, it's wrong. Return it").startswith("the lamp")


def test_one_of_what_is_named_is_of_nothing_else() -> None:
    for text in ("水壶和相机各退一个", "cancel one of each of the kettle and the camera"):
        assert set(pieces_of_each(text, LINES, (), today=TODAY)) <= {"A1/2", "A1/4"}


def test_the_other_bike_is_the_other_mountain_bike() -> None:
    read = portion("return one of the desk lamps, keep the other lamp")
    assert read is not None
    assert (read.pieces, read.rest) == (1, "keep")
    assert second_piece_as_one("return my second lamp order", LINES, today=TODAY) == "return my second lamp order"


@pytest.mark.parametrize(
    "text",
    [
        "return the black t-shirt, the red one fits",
        "黑色T恤退掉，红色的很好",
        "the black t-shirt fits, return the red one",
    ],
)
def test_a_remark_about_another_colour_sends_nothing_more_back(text: str) -> None:
    wished = [each for each in read_requests(text, SHIRTS, today=TODAY) if each.wish == "return"]
    assert all(len(each.lines.matches) == 1 for each in wished if each.lines.sure)


def test_too_dear_is_a_reason_and_no_condition() -> None:
    assert too_dear("台灯太贵了，退掉")[0] is None
    assert too_dear("贵了就退掉")[0] is not None
    assert too_dear("换成黑色的，贵了就不换")[0] is not None
