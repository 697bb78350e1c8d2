"""One amount paid in two ways is told from one way named, and from where money goes back to."""

from __future__ import annotations

import pytest

from actions.changes.split_payment import wants_split


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("the gift card as far as it goes, the rest with my visa", True),
        ("can I split the payment", True),
        ("partly with the gift card please", True),
        ("那礼品卡用完剩下的刷卡行吗", True),
        ("能不能组合支付", True),
        ("gift card first, then my mastercard", True),
        ("the rest by bank transfer, as much as there is from the voucher", True),
        ("先用礼品卡 不够的刷信用卡", True),
        ("礼品卡付一部分", True),
        ("礼品卡可以跟信用卡一起付不", True),
        ("结账时能不能两种一起付", True),
        ("can I combine a gift card with my visa", True),
        ("两盏灯一起付吗", False),
        ("the rest of my gift card balance", False),
        ("the gift card I got first", False),
        ("my first gift card", False),
        ("use what's left on my gift card", False),
        ("whatever remains on the voucher", False),
        ("用剩下的礼品卡余额", False),
        ("用剩下的礼品卡余额付", False),
        ("gift card please", False),
        ("the rest back onto my gift card", False),
        ("礼品卡", False),
        ("剩下的钱退礼品卡", False),
    ],
)
def test_two_ways(text: str, split: bool) -> None:
    assert wants_split(text) is split
