"""Where money goes: the way that is refused, the way that is said of other goods, and the last word."""

from __future__ import annotations

import pytest

from actions.changes.ways_apart import refund_way

OFFERED = ["original", "gift_card"]


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("不要退礼品卡 退原来的卡", "original"),
        ("礼品卡不要 退回原卡", "original"),
        ("not onto the gift card, the card I paid with", "original"),
        ("don't put it on my gift card, my visa please", "original"),
        ("please do not refund to the gift card", "original"),
        ("onto my gift card please", "gift_card"),
    ],
)
def test_what_is_refused_is_not_taken(text: str, way: str) -> None:
    assert refund_way(text, OFFERED, "change").first == way


@pytest.mark.parametrize(
    "text", ["差价退卡上就行 礼品卡是说围巾的", "the gift card was for the scarf, this one back to my visa"]
)
def test_a_way_for_other_goods_is_not_taken(text: str) -> None:
    found = refund_way(text, OFFERED, "change", elsewhere=lambda clause: "scarf" in clause or "围巾" in clause)
    assert found.first == "original"
