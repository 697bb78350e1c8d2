"""Questions about one's own orders are told from wishes, and from questions about the shop."""

from __future__ import annotations

import pytest

from actions.resolver.own_questions import asks_contents, read_own_question


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("What would I get back for the two lamps?", "refund"),
        ("if I sent the rug back, how much would I get back?", "refund"),
        ("what's the refund on the jumper", "refund"),
        ("地毯退了能拿回多少钱", "refund"),
        ("毛巾买了好几条，全部加起来一共多少钱", "paid"),
        ("三个台灯加起来多少钱", "paid"),
        ("剩下的一共多少钱", "left"),
        ("how much is the rest now?", "left"),
        ("雨衣退的话能退多少", "refund"),
        ("How much more would the brass one be?", "difference"),
        ("what would the next size up cost? if it's over five pounds leave it", "difference"),
        ("换成大号的，差价多少", "difference"),
        ("What do my open orders come to altogether?", "total"),
        ("没寄出的订单加起来多少钱", "total"),
        ("which of my two rugs was dearer?", "compared"),
        ("两盏台灯哪个贵", "compared"),
        ("哪单更贵？", "compared"),
        ("what did I pay for each?", "paid"),
        ("how many mugs do I have on order?", "count"),
        ("我一共订了几个杯子", "count"),
        ("what is left on that order, and what does it come to now?", "left"),
        ("这单现在还剩什么", "left"),
        ("where's the order with the rug going?", "goes_to"),
        ("都要寄到哪", "goes_to"),
        ("tell me what my order would be without the rug", "without"),
        ("how much is it minus the two mugs?", "without"),
        ("去掉地毯的话这单多少钱", "without"),
        ("不要雨衣一共多少", "without"),
        ("what do my two lamps cost altogether", "paid"),
        ("how much was the other rug?", "paid"),
        ("那条围巾多少钱买的", "paid"),
        ("雨衣当初多少钱", "paid"),
        ("what are the open ones coming to now", "total"),
        ("不是一单，是所有没发的加起来", "total"),
        ("那两条换成红的能退我多少", "difference"),
        ("did the lamp stay?", "left"),
    ],
)
def test_what_is_asked(text: str, what: str) -> None:
    question = read_own_question(text)
    assert question is not None
    assert question.what == what


@pytest.mark.parametrize(
    "text",
    [
        "I want to return the scarf, I changed my mind",
        "please cancel the lamp",
        "where is my order?",
        "where does my refund go?",
        "can you change the address of the order?",
        "how much is the red scarf?",
        "is there a cheaper one?",
        "how many kinds of lamp do you have?",
        "我要退货",
        "帮我把围巾换成红色的",
        "我的订单到哪了",
        "退款什么时候到账",
        "之前的积分还有多少",
        "之前说的要多少天",
        "how much was the refund for the lamp?",
    ],
)
def test_wishes_and_other_questions_are_none(text: str) -> None:
    assert read_own_question(text) is None


def test_which_orders_are_counted() -> None:
    unsent = read_own_question("how much are my orders that haven't been sent yet together?")
    assert unsent is not None
    assert unsent.among == "unsent"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("我几个订单里现在都有什么", "left"),
        ("what's in both my orders now", "left"),
        ("前天那单里面有啥 寄到哪", "goes_to"),
        ("what's in the older one and where does it go?", "goes_to"),
    ],
)
def test_what_is_in_orders_is_asked_beside_where_they_go(text: str, what: str) -> None:
    question = read_own_question(text)
    assert question is not None
    assert question.what == what
    assert asks_contents(text)
