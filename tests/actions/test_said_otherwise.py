"""Plain sentences that a reviewer found taken for the opposite, for more or for less than they say."""

from __future__ import annotations

import pytest

from actions.changes.charges_of_none import charged_without_order
from actions.changes.faults import only_goes_back
from actions.changes.kinds import BY_KEY
from actions.changes.on_file import changed_on_file
from actions.changes.one_by_one import answers_each, means_each
from actions.changes.plain_yes import is_yes_and_all
from actions.changes.said_done import rest_beside_done
from actions.changes.split_payment import wants_split
from actions.changes.steps.going_on import _TAKES_CHEAPEST
from actions.changes.steps.only_asked import yes_before_question
from actions.changes.topic_first import wish_of_topic_in
from actions.resolver.dearer import too_dear
from actions.resolver.no_order import denies_order
from actions.resolver.own_questions import changes_nothing
from actions.resolver.process_questions import asks_price, process_asked, says_budget
from actions.resolver.taken_back import corrected
from actions.returns_asked import asks_in_case


@pytest.mark.parametrize(
    "text",
    [
        "Yes. How much do I get back?",
        "Yes. Is it the blue one?",
        "Yep. Will I get the full amount back?",
        "Yes please. Will I be charged?",
        "好的。会扣钱吗？",
    ],
)
def test_a_yes_waits_for_what_is_asked_of_the_offer(text: str) -> None:
    assert not yes_before_question(text, BY_KEY["return"])
    assert yes_before_question("Yep. What's the other one worth?", BY_KEY["return"])


@pytest.mark.parametrize(
    "text",
    [
        "the blue mug cancelled",
        "both returned",
        "all of them cancelled",
        "都退掉了",
        "Can it be the lamp and the mug? That's all",
    ],
)
def test_an_answer_to_which_ones_says_nothing_of_what_is_done(text: str) -> None:
    assert rest_beside_done(text) is None


@pytest.mark.parametrize("text", ["it's cancelled already", "they were returned", "已经取消了", "都办好了"])
def test_what_is_done_is_said_so(text: str) -> None:
    assert rest_beside_done(text) == ""


@pytest.mark.parametrize(
    "text", ["OK, that's all?", "OK, that's everything?", "Ok. Nothing else?", "好，别的都不要了", "好的，别的不要了"]
)
def test_a_question_or_a_further_wish_is_no_yes(text: str) -> None:
    assert not is_yes_and_all(text)


@pytest.mark.parametrize(
    "text", ["cheaper one please", "cheaper", "cheapest?", "give me cheaper", "便宜吧", "要便宜的"]
)
def test_something_cheaper_takes_nothing_that_is_shown(text: str) -> None:
    assert _TAKES_CHEAPEST.search(text) is None


@pytest.mark.parametrize("text", ["cheapest one is fine", "the cheapest please", "最便宜的就行", "最便宜的吧"])
def test_the_cheapest_takes_the_only_one(text: str) -> None:
    assert _TAKES_CHEAPEST.search(text) is not None


@pytest.mark.parametrize("text", ["都可以", "都行", "两个都行"])
def test_either_will_do_is_not_all(text: str) -> None:
    assert not answers_each(text)


@pytest.mark.parametrize(
    "text",
    [
        "我有两个订单，改一个的地址",
        "我有两个订单，第二个改地址",
        "Either of the two orders, pay it with my gift card",
        "Of my two orders, the bigger one goes on my gift card",
        "I have both orders open, change the payment on the cheaper",
    ],
)
def test_one_of_two_orders_is_not_both(text: str) -> None:
    assert not means_each(text, 2)
    assert means_each("both orders on my gift card", 2)
    assert means_each("两单都改成礼品卡付", 2)


@pytest.mark.parametrize(
    "text",
    [
        "Keep the address on my account as well",
        "Leave my account address as it is too",
        "Don't touch the address on my account, only change this order",
        "my account address stays, change only the order",
        "The address on my profile should be fine",
        "Will the address on my account change too?",
        "资料里的地址不更新",
        "账户地址无需修改",
    ],
)
def test_an_address_on_file_that_stays(text: str) -> None:
    assert changed_on_file(text) is None
    assert changed_on_file("update the address on my account too") is not None


@pytest.mark.parametrize(
    "text",
    [
        "1002 isn't my order, mine is 1003",
        "1002不是我的订单，我的是1003",
        "No need to look it up, it's order 10432",
        "don't look it up by name, use my email",
        "I don't have an order in front of me, my email is a@b.com",
        "I haven't ordered two lamps, cancel one",
        "I haven't bought the blue one, I bought the green, swap it",
    ],
)
def test_who_tells_which_order_denies_none(text: str) -> None:
    assert not denies_order(text)
    assert denies_order("I haven't ordered yet")
    assert denies_order("我还没下单")


@pytest.mark.parametrize(
    "text",
    [
        "My vase came smashed, send a new one if it's in stock",
        "The kettle is faulty, please swap it, or refund me if they are sold out",
        "The lamp is broken, I just want to know when I get my money back",
        "杯子坏了，要是可以就换一个",
        "收到的杯子碎了，退货流程怎么走",
        "How soon can you cancel it? I want the lamp cancelled",
    ],
)
def test_what_came_to_pass_is_no_question_of_process(text: str) -> None:
    assert process_asked(text) is None
    assert process_asked("what if something arrives broken") == "fault"
    assert process_asked("收到的东西要是坏了怎么办") == "fault"


def test_money_that_comes_back_is_no_price_and_what_was_paid_no_budget() -> None:
    assert not asks_price("How much do I get back for the lamp?")
    assert not asks_price("取消台灯退我多少钱")
    assert asks_price("how much is the white one")
    assert not says_budget("It was about 60 dollars, a lamp")
    assert not says_budget("my email is a@b.com and it was around $40")
    assert says_budget("under 60 bucks")


@pytest.mark.parametrize(
    "text",
    [
        "I don't have an order number but I was charged twice",
        "扣了两次钱，我没有订单信息",
        "I never ordered gift wrap but you charged me for it",
        "I haven't placed an order since May, but the payment for the lamp was taken twice",
    ],
)
def test_a_charge_of_an_order(text: str) -> None:
    assert not charged_without_order(text)
    assert charged_without_order("i never ordered anything here but whats this charge on my card")


def test_small_readings_take_no_more_than_was_said() -> None:
    assert not changes_nothing("Which address is it going to now? Don't change the phone number")
    assert changes_nothing("no change, just tell me")
    assert (
        "取消" not in corrected("外套不退了，我是说取消")
        or corrected("外套不退了，我是说取消") == "外套不退了，我是说取消"
    )
    assert corrected("Swap the coat for a navy one. Hold on, only change the size to L").startswith("Swap the coat")
    assert corrected("scrap the red, keep the blue") == "scrap the red, keep the blue"
    assert wish_of_topic_in("my account", ", cancel it please", alone=True) is None
    assert wish_of_topic_in("The gift wrapping on my order", ", cancel it please", alone=True) is None
    limit, _ = too_dear("Swap all three for blue, but if it's more than 20 dollars extra leave one")
    assert limit is None or limit.pieces is None
    assert not wants_split("Change both orders to gift card instead of my credit card")
    assert not only_goes_back("I'd like two more of those mugs, I'm returning the chipped one anyway")
    assert not asks_in_case("太小了，如果可以的话能退吗")
