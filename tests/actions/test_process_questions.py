"""What is asked of how things are done in general, and what is told of one's own goods and asks no such thing."""

from __future__ import annotations

import pytest

from actions.resolver.no_order import denies_order
from actions.resolver.process_questions import asks_price, process_asked, says_budget
from actions.returns_asked import asks_for_window, asks_when_paid


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("what if the lamp arrives broken, what do I do", "fault"),
        ("just asking, how do you handle damaged goods", "fault"),
        ("就想了解一下，东西碎了怎么赔", "fault"),
        ("万一收到的是坏的怎么办", "fault"),
        ("那质量问题的呢", "fault"),
        ("it was a gift and I have no receipt, can I exchange it", "gift"),
        ("同事送我的围巾能换吗，没有小票", "gift"),
        ("how long after ordering can I cancel", "cancel"),
        ("下单以后多久之内可以取消", "cancel"),
        ("do you issue invoices with a vat number", "invoice"),
        ("请问发票怎么开", "invoice"),
        ("可以开增值税发票吗", "invoice"),
        ("不用查哪一单，就想知道能不能开公司抬头", "invoice"),
    ],
)
def test_a_process(text: str, process: str) -> None:
    assert process_asked(text) == process


@pytest.mark.parametrize(
    "text",
    [
        "my lamp arrived broken, what do I do",
        "the mug from my last order is damaged, just asking for a new one",
        "我买的杯子坏了怎么办",
        "收到的台灯碎了，帮我处理",
        "昨天那单的发票怎么开",
        "给我补开发票",
        "开发票",
        "I need an invoice for my order",
        "能不能取消我昨天的订单",
        "cancel the lamp please",
        "the jacket was a present and she has the receipt",
        "礼品卡没有小票",
        "I want a refund, it's faulty",
    ],
)
def test_no_process(text: str) -> None:
    assert process_asked(text) is None


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("I haven't bought it yet, what's the price", True),
        ("I don't have an order, I want a present", True),
        ("not about an order, do you have lamps", True),
        ("我还没买呢，就问价格", True),
        ("没下单，先看看", True),
        ("不用查订单了，谢谢", True),
        ("？？我没订单，我要买礼物", True),
        ("I don't have an order number", False),
        ("have no order id to hand", False),
        ("没有订单号", False),
        ("我还没收到", False),
        ("it hasn't been sent yet", False),
        ("还没订到酒店", False),
        ("There's no order in my account, but I paid yesterday", False),
        ("I have no order history showing but I paid", False),
        ("It's not about my order being late, it's about the refund", False),
        ("我没下单，是我老公下的单，帮我查一下", False),
        ("I haven't ordered anything, my wife ordered it", False),
        ("不用查单了，直接退款吧", False),
        ("我没买这个，你们发错了", False),
        ("我没下单两次怎么扣了两次钱", False),
        ("I didn't order this, wrong item came", False),
        ("i didn't order 2, i only wanted one", False),
        ("还没订单发货通知", False),
        ("I didn't order anything yet, what's on offer", True),
        ("没买过，想先问问", True),
        ("I have no order, I'm looking for a lamp", True),
        ("not about my order, do you sell gift cards", True),
        ("不是订单的事，想问运费", True),
    ],
)
def test_no_order(text: str, denied: bool) -> None:
    assert denies_order(text) is denied


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("and when do i get my money", True),
        ("how long until I get my money back?", True),
        ("so when will I have the refund", True),
        ("那钱什么时候能退", True),
        ("多久到账", True),
        ("退款多久到账", True),
        ("when do I have to send it back", False),
        ("how long do I have to get my money back for order 10432", False),
        ("when will the money for my lamp arrive, it's been two weeks", False),
        ("where is my refund", False),
        ("多久能退", False),
        ("上周退的那单钱什么时候到账", False),
    ],
)
def test_when_money_comes_back(text: str, asked: bool) -> None:
    assert asks_when_paid(text) is asked
    assert not (asked and asks_for_window(text))


def test_a_price() -> None:
    assert asks_price("白的那个多少钱")
    assert asks_price("how much is the white one")
    assert not asks_price("how much did I pay for my order")
    assert not asks_price("我昨天买的杯子多少钱")


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("都太贵了，我说40块以内的", True),
        ("something for 30 to 45 dollars", True),
        ("预算80美元", True),
        ("my last order of about 60 dollars", False),
        ("I was charged 60 dollars", False),
        ("4711", False),
    ],
)
def test_a_budget(text: str, budget: bool) -> None:
    assert says_budget(text) is budget


def test_a_number_that_is_no_order() -> None:
    assert denies_order("50不是订单！")
    assert denies_order("50 is not an order")
    assert not denies_order("489434 is not my order number")
