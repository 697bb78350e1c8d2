"""What is wanted first where the way out is said before it: "cancel the lamp unless you have it in black"."""

from __future__ import annotations

import pytest

from actions.resolver import wish_first


@pytest.mark.parametrize(
    ("text", "put", "fallback"),
    [
        (
            "Cancel the rug unless you have it in charcoal",
            "change the rug to charcoal, otherwise cancel it",
            "cancel",
        ),
        (
            "hi, please send the boots back unless there's a pair in 10, then exchange them. Thanks",
            "hi, please change the boots to a pair in 10, otherwise return it. Thanks",
            "return",
        ),
        (
            "unless you've got a green one, cancel the mug",
            "change the mug to a green one, otherwise cancel it",
            "cancel",
        ),
        (
            "if you have the stool in oak swap it, otherwise cancel it",
            "change stool to oak, otherwise cancel it",
            "cancel",
        ),
        ("If you've got the coat in grey please change it", "change coat to grey, otherwise leave it", "leave"),
        ("keep the scarf unless it comes in wool", "change the scarf to wool, otherwise leave it", "leave"),
        (
            "cancel the jug if you don't have a bigger one",
            "change the jug to a bigger one, otherwise cancel it",
            "cancel",
        ),
        ("地毯取消，除非有炭灰色的，有就换", "把地毯换成炭灰色的，没有就取消", "cancel"),
        ("除非有大一号的，否则把靴子退掉", "把靴子换成大一号的，没有就退货", "return"),
    ],
)
def test_the_wish_stands_first(text: str, put: str, fallback: str) -> None:
    first = wish_first(text)
    assert first is not None
    assert (first.text, first.fallback) == (put, fallback)


@pytest.mark.parametrize(
    "text",
    [
        "cancel the rug unless it has shipped",
        "cancel the rug unless you have already sent it",
        "return the mug unless there is a fee",
        "I'd like the mug in green, cancel it if there's none",
        "swap the mug for a green one, cancel it if you don't have one",
        "cancel the rug",
        "除非已经发货，否则取消地毯",
    ],
)
def test_no_version_is_wanted(text: str) -> None:
    assert wish_first(text) is None
