"""Which messages can be questions about goods: harm, wishes, orders and people who are called are none."""

from __future__ import annotations

import pytest

from actions.fact_questions.asked import looks_for_one, may_be_asked, of_it_too, of_several, of_versions, wants_price


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("does it take long to put up?", "ask_reservation"),
        ("whats the warranty on it", "ask_return_policy"),
        ("can one person set it up", "ask_human"),
        ("is the coating toxic", "report_emergency"),
        ("shes allergic to nickel", "report_emergency"),
        ("涂层有没有毒啊", "report_emergency"),
        ("一个人能搭好吗", "ask_human"),
        ("保修多久", "ask_return_policy"),
        ("能放洗碗机吗", "nlu_fallback"),
        ("what if I drop it", "stop"),
        ("is it still under warranty", "report_defect"),
        ("how often do i change the filter", "buy_again"),
        ("滤芯多久换", "buy_again"),
    ],
)
def test_a_question_about_goods_is_one_whatever_it_resembles(said: str, intent: str) -> None:
    assert may_be_asked(said, intent)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("My kettle leaks, what can I do?", "report_defect"),
        ("包装破了能赔吗", "report_damaged"),
        ("my kid choked on it, is it safe?", "ask_product_facts"),
        ("宝宝误食了有毒吗", "ask_product_facts"),
        ("i had a reaction to the cream, what's in it", "ask_product_facts"),
        ("get me a person please", "ask_human"),
        ("转人工", "ask_human"),
        ("the heater is on fire", "report_emergency"),
        ("has it been packed yet?", "track_order"),
        ("is it packed yet?", "track_order"),
        ("what country is it in now?", "track_order"),
        ("can you guarantee it by friday?", "ask_delivery_options"),
        ("how fast can I get it?", "ask_delivery_options"),
        ("支持花呗吗", "ask_payment_methods"),
        ("积分什么时候过期", "ask_points"),
        ("does my gift card expire?", "ask_gift_card_balance"),
        ("cancel the tent please", "cancel_order"),
        ("drop it, please", "stop"),
        ("it broke, I want a new one", "report_defect"),
        ("order the filter again", "buy_again"),
        ("多久能换货", "ask_return_policy"),
    ],
)
def test_harm_orders_and_wishes_are_none(said: str, intent: str) -> None:
    assert not may_be_asked(said, intent)


def test_how_much_it_weighs_asks_no_price() -> None:
    assert wants_price("how much is the kettle")
    assert not wants_price("how much does it weigh")
    assert of_several("which of them is dishwasher safe")


def test_what_something_comes_in_is_no_version() -> None:
    assert of_versions("does it come in blue")
    assert not of_versions("does the watch come in a box")


@pytest.mark.parametrize(
    ("said", "too"),
    [
        ("warranty on it and on the portable one", True),
        ("and how heavy is the mat and on it?", True),
        ("它和大的那个都防水吗", True),
        ("is it red and shiny", False),
        ("what about the mat", False),
    ],
)
def test_what_was_spoken_of_beside_what_is_named(said: str, too: bool) -> None:
    assert of_it_too(said) is too


@pytest.mark.parametrize(
    ("said", "one"),
    [
        ("any added sugar?", False),
        ("is there a charger in it", False),
        ("有没有糖", False),
        ("有镍吗", False),
        ("any that sleep six?", True),
        ("which of them is lighter", True),
        ("有没有能住6个人的", True),
        ("do you have a lighter one", True),
    ],
)
def test_what_is_in_the_one_spoken_of_or_one_of_several(said: str, one: bool) -> None:
    assert looks_for_one(said) is one
