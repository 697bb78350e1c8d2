"""How goods go back: what is wished for counts, and neither what is asked about nor what is refused."""

from __future__ import annotations

import pytest

from actions.resolver.ways_back import way_back


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("money on a gift card, and I'd rather hand it in at one of your shops", "store"),
        ("could I bring the vase back to your store instead?", "store"),
        ("I'll take both to the nearest branch", "store"),
        ("please have it picked up", "pickup"),
        ("can the courier come and fetch it?", "pickup"),
        ("pick the rug up pls", "pickup"),
        ("I'd sooner post it myself", "own"),
        ("send me a prepaid label please", "label"),
        ("我带到门店退吧", "store"),
        ("能上门取件吗", "pickup"),
        ("还是我自己寄吧", "own"),
        ("给我发张面单", "label"),
    ],
)
def test_a_way_that_is_wished_for(text: str, way: str) -> None:
    assert way_back(text) == way


@pytest.mark.parametrize(
    "text",
    [
        "how much is a pick-up?", "is somebody picking it up?", "can I drop it off at a store?",
        "I bought it at your store", "I'll pick the new one up at the shop", "I can't get to a store",
        "no label please", "it was picked up on Monday", "I picked the wrong size", "the courier left it at the shop",
        "the label came off", "send it back to me", "it picks up dust", "I want to return it",
        "上门取件要钱吗", "不用上门取", "我没法去门店退", "标签掉了", "门店的人说可以退",
    ],
)  # fmt: skip
def test_no_way_is_wished_for(text: str) -> None:
    assert way_back(text) is None
