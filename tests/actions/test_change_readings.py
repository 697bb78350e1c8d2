"""What is read out of a message in the middle of a change, without the CRM."""

from __future__ import annotations

import pytest

from actions.changes.address_corrections import corrected
from actions.changes.asides import aspect_of
from actions.changes.instead import all_of_it, limits
from actions.changes.shipments import remedy_in
from actions.changes.windows import left_out


@pytest.mark.parametrize(
    "text",
    [
        "cancel everything",
        "no, all of it please",
        "both",
        "算了都取消吧",
        "全部退吧",
        "整单取消",
        "the whole order please",
    ],
)
def test_all_of_it(text: str) -> None:
    assert all_of_it(text)
    assert limits(text)


@pytest.mark.parametrize(
    "text", ["cancel all but the scarf", "cancel the scarf", "除了围巾都退", "只取消一件", "yes", "cancel it", "取消吧"]
)
def test_not_all_of_it(text: str) -> None:
    assert not all_of_it(text)


@pytest.mark.parametrize(
    "text", ["yes just one", "yes but only the first", "好的，退一条就行", "行，只退那个", "ok the second"]
)
def test_a_yes_with_an_extent_is_no_mere_yes(text: str) -> None:
    assert limits(text)


@pytest.mark.parametrize(
    "text", ["yes", "yes go ahead", "yes, that one", "好的", "可以，就这样", "就这么办", "just do it"]
)
def test_a_mere_yes(text: str) -> None:
    assert not limits(text)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("I'd rather have a new one than money", "resend"),
        ("money back rather than a new one", "refund"),
        ("I don't want a refund, send me a new one", "resend"),
        ("要新的 不要退钱", "resend"),
        ("不要补发，退款吧", "refund"),
        ("a new one or my money", None),
        ("hello", None),
    ],
)
def test_the_remedy_that_is_not_turned_down(text: str, remedy: str | None) -> None:
    assert remedy_in(text) == remedy


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("send it all back except the scarf", "the scarf"),
        ("return everything but the mug please", "the mug please"),
        ("除了湿巾 其他都退掉", "湿巾"),
        ("除了推车之外都不要了", "推车"),
        ("return the scarf", ""),
    ],
)
def test_what_stays(text: str, kept: str) -> None:
    assert left_out(text) == kept


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "aspect"),
    [
        ("so when's my money coming?", "ask_refund", 0.9, "when"),
        ("什么时候能退到", "ask_refund", 0.8, "when"),
        ("要运费吗", "ask_delivery_cost", 0.99, "freight"),
        ("do I have to pay for it", "ask_payment_methods", 0.5, "freight"),
        ("需要我自己寄吗", "ask_how_to_return", 0.5, "how"),
        ("what happens after that?", "ask_total", 0.5, "how"),
        ("钱退到哪里", "ask_refund", 0.99, "target"),
        ("which card does the refund go to", "ask_refund", 0.9, "target"),
        ("the scarf", "nlu_fallback", 0.4, None),
        ("不想要了", "stop", 0.6, None),
        ("it arrived broken", "report_damaged", 0.9, None),
    ],
)
def test_a_question_about_the_change(text: str, intent: str, confidence: float, aspect: str | None) -> None:
    assert aspect_of(text, intent, confidence, goes_back=True) == aspect


@pytest.mark.parametrize(
    ("text", "line1", "postcode"),
    [
        ("sorry postcode is LS1 4BA", "12 Rose Lane", "LS1 4BA"),
        ("邮编写错了，是LS1 4BA", "12 Rose Lane", "LS1 4BA"),
        ("邮编200030", "12 Rose Lane", "200030"),
        ("LS1 4BA", "12 Rose Lane", "LS1 4BA"),
        ("门牌是14号", "14 Rose Lane", "LS1 4AB"),
        ("the house number is 14", "14 Rose Lane", "LS1 4AB"),
    ],
)
def test_one_field_of_an_address_said_again(text: str, line1: str, postcode: str) -> None:
    now = corrected({"line1": "12 Rose Lane", "city": "Leeds", "postcode": "LS1 4AB"}, text)
    assert now == {"line1": line1, "city": "Leeds", "postcode": postcode}


@pytest.mark.parametrize("text", ["yes", "order 123456", "call me on 13912345678", "号码是13912345678", "number 2"])
def test_what_corrects_no_address(text: str) -> None:
    assert corrected({"line1": "Rose Cottage", "city": "Leeds", "postcode": "LS1 4AB"}, text) is None
