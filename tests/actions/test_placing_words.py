"""What an order's message says beside the goods: how many, how it is paid, where it goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.changes.placing_words import (
    bare_number,
    goods_said,
    last_quantity_said,
    no_such_wish,
    payment_said,
    quantity_said,
)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("I'd like to order two of the tankards in white, with my visa", 2),
        ("2x the rug, please", 2),
        ("get me 3 green mugs", 3),
        ("two of the size 38", 2),
        ("i'll have a dozen of the candles", 12),
        ("no wait, three, and in red", 3),
        ("can i purchase a raincoat size 40 yellow", None),
        ("I want a 38", None),
        ("I want the 3-seater sofa", None),
        ("take it from the card ending 4242", None),
        ("我要两双38码的", 2),
        ("下单两个大马克杯，白的", 2),
        ("要2个", 2),
        ("就买第二个", None),
        ("要那双38码的，用尾号4242的卡付", None),
        ("给我来一张桌子", 1),
    ],
)
def test_how_many(text: str, quantity: int | None) -> None:
    assert quantity_said(text) == quantity


def test_a_number_that_is_a_size_counts_nothing_without_a_word_for_pieces() -> None:
    assert quantity_said("i want 38", sizes={"36", "38"}) is None
    assert quantity_said("i want 38 pairs", sizes={"36", "38"}) == 38


@given(number=st.integers(1, 99), verb=st.sampled_from(["buy", "order", "get me", "i need"]))
def test_a_number_after_a_verb_counts_and_stands_alone_too(number: int, verb: str) -> None:
    assert quantity_said(f"{verb} {number} mugs") == number
    assert bare_number(f"{number} please") == number
    assert quantity_said(f"买{number}个杯子") == number


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("order the kettle and pay with my gift card", "kettle", "gift"),
        ("could you place an order for 2 scarves, grey, to my office?", "scarf", "office"),
        ("下单两个大马克杯，白的，寄到公司，刷我的Visa", "大马克杯", "公司"),
        ("买一件毛衣，用礼品卡付款", "毛衣", "礼品卡"),
    ],
)
def test_what_may_name_goods(text: str, kept: str, gone: str) -> None:
    assert kept in goods_said(text)
    assert gone not in goods_said(text)


def test_a_card_holder_is_goods() -> None:
    assert payment_said("i want to buy a card holder") == ""
    assert "gift card" in payment_said("buy it with my gift card")
    assert payment_said("the visa one") == "the visa one"


def test_the_last_number_counts_and_a_thing_that_was_never_wanted_is_left() -> None:
    assert last_quantity_said("make it one. actually no wait 3 and to my work") == 3
    assert last_quantity_said("two of them") == 2
    assert no_such_wish("not a kettle omg", "Enamel Kettle")
    assert no_such_wish("forget the kettle", "Enamel Kettle")
    assert not no_such_wish("not the black one", "Enamel Kettle")
    assert not no_such_wish("不要黑色", "搪瓷水壶")
    assert payment_said("order a kettle, visa") == "visa"
