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
        ("gift card please", False),
        ("the rest back onto my gift card", False),
        ("礼品卡", False),
        ("剩下的钱退礼品卡", False),
    ],
)
def test_two_ways(text: str, split: bool) -> None:
    assert wants_split(text) is split
