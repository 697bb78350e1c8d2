"""Which messages can be questions about goods: harm, wishes, orders and people who are called are none."""

from __future__ import annotations

import pytest

from actions.fact_questions.asked import may_be_asked, of_several, wants_price


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
    ],
)
def test_harm_orders_and_wishes_are_none(said: str, intent: str) -> None:
    assert not may_be_asked(said, intent)


def test_how_much_it_weighs_asks_no_price() -> None:
    assert wants_price("how much is the kettle")
    assert not wants_price("how much does it weigh")
    assert of_several("which of them is dishwasher safe")
