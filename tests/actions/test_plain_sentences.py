"""Plain sentences that narrow readings once took for the opposite, or for more or less than they say."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.buying_let_be import buys_nothing
from actions.changes.never_wanted import is_denied
from actions.changes.no_place import denies_place
from actions.changes.on_file import changed_on_file
from actions.changes.one_by_one import answers_each, means_each
from actions.changes.plainly_swaps import says_swap
from actions.changes.questions_apart import is_fact_question
from actions.changes.request import ChangeRequest
from actions.changes.steps.missed import _AFTER
from actions.changes.taking_time import takes_time
from actions.changes.which_order import before_becoming
from actions.changes.whole_clauses import with_its_clause
from actions.resolver import LineCandidate, read_requests, too_dear
from actions.resolver.one_of_each import pieces_of_each
from actions.resolver.portions import portion
from actions.resolver.said_plainly import keeping_first, said_plainly
from actions.resolver.second_piece import second_piece_as_one
from actions.resolver.what_is_changed import put_plainly
from actions.usual_address import asks_usual_address
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


@pytest.mark.parametrize(
    "text",
    [
        "订单地址从家庭地址改成公司地址",
        "收货地址改成我资料里的家庭地址",
        "送到我家的地址改一下时间",
        "我账号里的地址是什么？",
        "家庭地址不用改",
        "change the address to my home address",
        "can you change it to the address on my profile",
        "don't change my home address",
        "what is the address on my account?",
        "send it to the address on file",
    ],
)
def test_where_an_order_goes_changes_no_address_on_file(text: str) -> None:
    assert changed_on_file(text) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("会员信息里登记的家里地址也更新一下", "home"),
        ("把公司地址换成12 Mill Lane, York YO1 7AB", "work"),
        ("账号里登记的地址改成新的", ""),
        ("please update the home address on my profile too", "home"),
        ("the address on my account should be 12 Mill Lane", ""),
    ],
)
def test_an_address_on_file_that_changes(text: str, kept: str) -> None:
    assert changed_on_file(text) == kept


def test_the_usual_address_is_asked_for_only_in_words_that_ask() -> None:
    assert asks_usual_address("我账号里的地址是什么？")
    assert asks_usual_address("what's the address on my account?")
    for text in ("账号里的地址改一下", "寄到资料里的地址", "这单的地址是什么", "what is the address of my order"):
        assert not asks_usual_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "把第二单改成礼品卡",
        "两单里的一单改付款",
        "哪两单还没付款",
        "not both orders, the first",
        "我有两个订单，其中一个改成礼品卡",
    ],
)
def test_some_of_several_orders_are_not_all_of_them(text: str) -> None:
    assert not means_each(text, 2)


@pytest.mark.parametrize(
    "text", ["都不要", "两单都不用", "第一个", "不是都改", "both lamps are black", "all good thanks"]
)
def test_what_does_not_choose_each_order(text: str) -> None:
    assert not answers_each(text)


def test_each_of_several_orders() -> None:
    assert means_each("我有两单还没发货，都想用礼品卡付", 2)
    assert not means_each("我有两单还没发货，都想用礼品卡付", 3)
    assert means_each("pay both of my orders with the gift card", 2)
    assert answers_each("两单都要")
    assert answers_each("both of them please")


@pytest.mark.parametrize(
    "text",
    [
        "烤架呢？烤架多少钱",
        "what about the grill? when does it come",
        "烤架呢？什么时候到",
        "the grill stays",
        "and the grill was late",
    ],
)
def test_a_question_of_another_thing_is_no_wish_for_it(text: str) -> None:
    assert _AFTER.search(text) is None


def test_what_stands_behind_a_becoming_tells_no_order() -> None:
    assert before_becoming("是换成2升的玻璃的，电磁炉那款").strip() == "是"
    assert before_becoming("the grey one to black, the mesh one").strip() == "the grey one"
    for text in ("是灰色那件", "the steel one please", "那单里的杯子", "not that, the mesh one", "昨天那单"):
        assert before_becoming(text) == text


_SWAP = ChangeRequest("exchange", "m", "", orders=["A1"], lines={"A1/1": None})


@pytest.mark.parametrize(
    "text",
    [
        "我不换尺码，价格一样吗",
        "不换颜色，只换大小，多少钱",
        "I don't want to swap the colour, how much is it?",
        "不退货，换一件要多少钱",
        "I'm not returning it, what does the exchange cost?",
        "如果不换能退多少",
        "换成黑色多少钱",
    ],
)
def test_a_question_about_a_change_denies_it_not(text: str) -> None:
    assert not is_denied(_SWAP, text)


@pytest.mark.parametrize(
    "text",
    [
        "我没说要换台灯，我是问几个台灯一共多少钱",
        "我想知道杯子花了多少钱，不换",
        "I never said I want to swap the mugs, what do the mugs cost all together?",
    ],
)
def test_a_change_that_was_never_wanted(text: str) -> None:
    assert is_denied(_SWAP, text)
    assert not is_denied(ChangeRequest("cancel", "m", "", orders=["A1"]), text)


def _is_lamp(thing: str) -> bool:
    return thing in ("台灯", "水壶", "the lamp", "the lamp ")


@pytest.mark.parametrize(
    "text",
    [
        "换的是黑色，怎么发来白色",
        "上次换的是台灯",
        "我要换的是地址",
        "只换成水壶",
        "台灯只换颜色",
        "it's the lamp I bought last week",
        "it's the lamp that came broken",
    ],
)
def test_what_names_no_thing_to_change_is_left_as_it_is(text: str) -> None:
    assert put_plainly(text, _is_lamp) == text


def test_what_is_changed_comes_before_its_verb() -> None:
    assert put_plainly("换的是台灯，黑色的", _is_lamp).strip() == "台灯换成黑色的"
    assert put_plainly("那个不换了，只换水壶", _is_lamp).replace(" ", "") == "那个不换了，水壶换"
    assert put_plainly("it's the lamp I want to swap", _is_lamp).strip() == "swap the lamp"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("换成黑色", "水壶退了，换成黑色"),
        ("换成黑色", "水壶不要了换成黑色"),
        ("取消", "我想取消"),
        ("change it to black", "the jacket, by the way change it to black"),
        ("换成黑色", "换成黑色"),
        ("换成黑色", "什么时候到换成黑色"),
    ],
)
def test_a_part_that_begins_its_clause_stays_as_it_is(text: str, whole: str) -> None:
    assert with_its_clause(text, whole) == text


def test_a_part_that_was_cut_out_of_its_clause() -> None:
    assert with_its_clause("换成黑色", "鞋没货就算了，外套顺便换成黑色") == "外套换成黑色"
