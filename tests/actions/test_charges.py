"""Which amounts a message names, and what is said of them."""

from __future__ import annotations

import pytest

from actions.changes.charges import amounts_said, asks_of_fee, asks_which_way, is_strange, says_twice
from actions.changes.payments import asks_of_payment


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("two payments showing 183 and 276", [18300, 27600]),
        ("what is the 72 for?", [7200]),
        ("why 15.95?", [1595]),
        ("there is a charge of £57.30 for order TS-1234567", [5730]),
        ("charged 2 times", []),
        ("有一笔28块的扣款", [2800]),
    ],
)
def test_amounts_with_and_without_a_sign(text: str, amounts: list[int]) -> None:
    assert amounts_said(text, "GBP") == amounts


def test_what_is_said_of_a_charge() -> None:
    assert is_strange("i didn't make this payment")
    assert is_strange("我没买过")
    assert not is_strange("what is the 72 for?")
    assert says_twice("why was I charged twice")
    assert asks_which_way("which card is the rug order on")


def test_a_payment_is_asked_about_and_no_refund() -> None:
    for text in ("has the money gone out", "did you get my payment", "钱扣了吗", "券省了多少"):
        assert asks_of_payment(text)
    for text in ("did you get my return", "has my refund gone through", "退款到账了吗"):
        assert not asks_of_payment(text)


@pytest.mark.parametrize(
    ("text", "only_asks"),
    [
        ("And is the fee the same?", True),
        ("运费是多少", True),
        ("why was I charged a fee?", False),
        ("你们多收了我手续费吧？", False),
        ("what is this 12.50 on my statement?", False),
    ],
)
def test_a_question_for_a_fee_complains_of_none(text: str, only_asks: bool) -> None:
    assert asks_of_fee(text) is only_asks
