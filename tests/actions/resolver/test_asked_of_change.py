"""Questions about a change: they want nothing done, and wishes in much the same words are none of them."""

from __future__ import annotations

import pytest

from actions.resolver.asked_of_change import asked_of_change


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("and does the rest stay as it was?", "rest"),
        ("so the other things are unaffected, right?", "rest"),
        ("will everything else be unchanged", "rest"),
        ("那别的都不动吧", "rest"),
        ("剩下的还在吗", "rest"),
        ("will it be the same price", "price"),
        ("same price too?", "price"),
        ("价钱还是一样的吗", "price"),
        ("ok so nothing was cancelled, right?", "nothing"),
        ("have you changed anything yet?", "nothing"),
        ("so what's happening now", "nothing"),
        ("那就是啥都没动对吧", "nothing"),
        ("was it actually cancelled? the other order remains, right?", "nothing"),
        ("is that definitely cancelled", "nothing"),
        ("and the rest stays? nothing else is changed?", "rest"),
        ("真的换好了吗？另外那单不受影响吧", "nothing"),
    ],
)
def test_what_is_asked_of_a_change(text: str, asked: str) -> None:
    assert asked_of_change(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "leave everything else the same",
        "keep the rest",
        "cancel everything else too",
        "nothing else, thanks",
        "can everything else be in red?",
        "make it the same price",
        "did you cancel the lamp?",
        "is the red one cheaper",
        "what's happening with my parcel",
        "what is happening with my order",
        "is the other one dearer",
        "cancel it. the other one stays",
        "is it really in stock? the rest too?",
        "现在什么情况",
        "有没有取消过的",
        "did you change the address",
        "nothing",
        "其他不变",
        "其他的都取消吧",
        "价格一样的话就换",
        "什么都没收到",
        "其他都换成一样的",
    ],
)
def test_what_asks_nothing_of_it(text: str) -> None:
    assert asked_of_change(text) is None
