"""Further orders go to an address only where that is wanted: not where they stay, and not where it is asked."""

from __future__ import annotations

import pytest

from actions.changes.everywhere import orders_too
from actions.changes.going_too import leaves_the_others, wanted_of_orders
from actions.changes.same_place_too import _OTHER_WISH, THE_OTHERS, TOO


def _adds(text: str) -> bool:
    said = wanted_of_orders(text)
    return TOO.search(said) is not None and THE_OTHERS.search(said) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Yes, but leave the other order there",
        "The other order stays the same",
        "don't change the other order too",
        "Is the other order going there too?",
        "is the second parcel going there as well",
        "另外那单不用一起改",
        "其他订单都不动",
        "另外那单也会寄到那里吗",
        "thanks, that's all, the rest is fine",
        "my other order is fine there",
        "the other one too? no, leave it",
        "both? no, just the first one, the other order can keep its address",
        "好的，别的单都保持原样",
    ],
)
def test_the_others_stay(text: str) -> None:
    assert not _adds(text)


@pytest.mark.parametrize(
    "text",
    [
        "could the other order go there as well?",
        "send the other one there too please",
        "and the other order as well, thanks, that's all",
        "不好意思，另外那单也改过去",
        "另外那单也改过去可以吗",
        "别的订单也一起寄那里",
        "我只有两个订单，都改过去吧",
        "do the other order too",
        "don't send anything to the old address, the other order goes there too",
        "not only this one but also the other order",
    ],
)
def test_the_others_go_there_too(text: str) -> None:
    assert _adds(text)


@pytest.mark.parametrize(
    "text",
    [
        "leave my open orders alone",
        "new address, but only for the latest order",
        "my other order is fine",
        "I moved to 5 Elm St, are my open orders going there?",
        "地址改一下，没发货的订单不用改",
        "no need to change all my orders",
    ],
)
def test_open_orders_do_not_follow(text: str) -> None:
    assert not orders_too(text)


@pytest.mark.parametrize(
    "text",
    [
        "I moved, change it on the orders that haven't shipped yet too",
        "please update my open orders as well",
        "and for all orders that are still to leave",
        "还没发货的也都改过去",
        "没发货的单也都改过去",
        "is it possible to change it on all my orders?",
        "new address everywhere please, not just in the address book",
        "only the orders that are not sent yet need it too",
    ],
)
def test_open_orders_follow(text: str) -> None:
    assert orders_too(text)


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("good, but keep the other order at home too", True),
        ("Yes, but leave the other order there", True),
        ("另外那单也不用一起改", True),
        ("I want the other order changed, not this one", False),
        ("is the other order going there too?", False),
        ("yes, the rest is fine", False),
    ],
)
def test_it_is_said_that_others_stay(text: str, leaves: bool) -> None:
    assert leaves_the_others(text) is leaves


@pytest.mark.parametrize(
    "text",
    [
        "drop the tee and the belt from order 5182, the money onto my gift card",
        "also take the yoga mat off the lamp order",
        "and call the boots order off too",
        "另外那单的杯子也去掉",
    ],
)
def test_what_goes_from_another_order_is_sent_nowhere(text: str) -> None:
    assert _OTHER_WISH.search(wanted_of_orders(text)) is not None


@pytest.mark.parametrize("text", ["the other order there too please", "and order 5182 as well", "另外那单也改过去"])
def test_what_goes_there_too_is_no_other_wish(text: str) -> None:
    assert _OTHER_WISH.search(wanted_of_orders(text)) is None
