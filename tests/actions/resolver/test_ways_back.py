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
        ("算了我自己寄吧", "own"),
        ("给我发张面单", "label"),
        ("have them collected from my flat", "pickup"),
        ("改成上门取吧", "pickup"),
        ("no pickup needed, I'll use your label", "label"),
        ("a label works", "label"),
        ("label pls", "label"),
    ],
)
def test_a_way_that_is_wished_for(text: str, way: str) -> None:
    assert way_back(text) == way


@pytest.mark.parametrize(
    "text",
    [
        "how much is a pick-up?",
        "is somebody picking it up?",
        "can I drop it off at a store?",
        "I bought it at your store",
        "I'll pick the new one up at the shop",
        "I can't get to a store",
        "no label please",
        "it was picked up on Monday",
        "I picked the wrong size",
        "the courier left it at the shop",
        "the label came off",
        "send it back to me",
        "it picks up dust",
        "I want to return it",
        "上门取件要钱吗",
        "不用上门取",
        "我没法去门店退",
        "标签掉了",
        "门店的人说可以退",
        "please cancel my pick-up",
        "the pick-up is too dear",
        "move the pickup to friday",
        "any way but a pickup",
        "nobody came to collect it",
        "the driver came to get it and left",
        "can anyone get back to me",
        "let's pick up where we stopped",
        "I refuse to post it myself",
        "I had to mail it myself",
        "if I post it myself",
        "it's a hassle to bring it to a store",
        "I already took it to the shop",
        "everything except take it to a store",
        "the dress with the label cut out",
        "a shirt with the label still on",
        "the label got me nowhere",
        "上门取件取消掉",
        "上门取件太慢了",
        "昨天上门取过了",
        "取件改到后天吧",
        "快递上门取没取到",
        "凭什么让我自己寄",
        "只能自己寄回吗",
        "自己寄的话谁付运费",
        "我已经送到店里退了",
        "去门店退太麻烦",
        "能送到店里退吗",
        "我的运单号给我",
    ],
)
def test_no_way_is_wished_for(text: str) -> None:
    assert way_back(text) is None
