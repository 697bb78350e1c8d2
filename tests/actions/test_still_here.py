"""Who calls out or asks about returns in a case: pure readings."""

from __future__ import annotations

import pytest

from actions.returns_asked import asks_for_window, asks_in_case, asks_what_it_costs, may_ask_in_case, without_dislike
from actions.still_here import calls_out


@pytest.mark.parametrize(
    "text",
    [
        "hello?",
        "HELLOOO??",
        "u there",
        "are you still there?",
        "anyone there",
        "hey",
        "???",
        "在吗",
        "还在吗？",
        "有人吗",
        "人呢",
        "你好",
    ],
)
def test_a_call_is_heard(text: str) -> None:
    assert calls_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "hello, where is my order?",
        "is there any kettle",
        "hey can i pay later",
        "有人帮我签收吗",
        "在吗？我的包裹呢",
        "is it there",
        "what?",
    ],
)
def test_a_question_is_no_call(text: str) -> None:
    assert not calls_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "who pays for the way back",
        "is returning it free?",
        "can i return it for free",
        "退回去运费谁出",
        "退货要自己出邮费吗",
    ],
)
def test_the_cost_is_asked(text: str) -> None:
    assert asks_what_it_costs(text)


@pytest.mark.parametrize(
    "text", ["can i send it back", "能退吗", "can i get my money back", "退款什么时候到账", "能退吗，运费谁出"]
)
def test_the_cost_is_not_all_that_is_asked(text: str) -> None:
    assert not asks_what_it_costs(text)


@pytest.mark.parametrize(
    "text",
    [
        "can i send it back if it doesn't fit",
        "what if she doesn't like it",
        "如果不喜欢可以退吗",
        "要是穿不下怎么办",
        "万一有色差能退不",
    ],
)
def test_a_case_is_asked_about(text: str) -> None:
    assert asks_in_case(text)


@pytest.mark.parametrize(
    "text",
    [
        "it doesn't fit, can i return it",
        "i want to return it if possible",
        "please send it back",
        "不合适，帮我退了",
        "我想退货",
    ],
)
def test_a_wish_is_no_case(text: str) -> None:
    assert not asks_in_case(text)


def test_what_is_disliked_may_be_a_case() -> None:
    assert may_ask_in_case("不喜欢可以退吗")
    assert not may_ask_in_case("我想退这件，不喜欢")


def test_the_goods_of_a_case_stay_named() -> None:
    assert "jumper" in without_dislike("what if the jumper doesn't fit")
    assert "fit" not in without_dislike("what if the jumper doesn't fit")


@pytest.mark.parametrize("text", ["到货后多久能退", "几天之内可以退", "how long do i have to return it"])
def test_the_window_is_asked(text: str) -> None:
    assert asks_for_window(text)


@pytest.mark.parametrize("text", ["多久能退款", "退款几天到账", "how long does the refund take"])
def test_the_money_is_asked(text: str) -> None:
    assert not asks_for_window(text)
