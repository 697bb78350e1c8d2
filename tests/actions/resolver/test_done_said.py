"""Questions about what was done a moment ago, and sentences that look like them and mean something else."""

from __future__ import annotations

import pytest

from actions.resolver.done_said import (
    asks_what_was_done,
    asks_when_settled,
    keeps_something,
    only_wants_to_know,
    says_it_came,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("wait, so is the entire order cancelled or just the one lamp", "cancel"),
        ("did you cancel both of them?", "cancel"),
        ("which one was cancelled", "cancel"),
        ("what exactly did you cancel", "cancel"),
        ("is everything going back now or only one?", "return"),
        ("现在是整单都取消了还是只取消了一个", "cancel"),
        ("取消的是哪个？", "cancel"),
        ("两个都退了吗", "return"),
    ],
)
def test_asks_what_was_done(text: str, kind: str) -> None:
    assert asks_what_was_done(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cancel the whole order please", "cancel"),
        ("can you cancel all of it", "cancel"),
        ("just cancel one", "cancel"),
        ("what can be cancelled?", "cancel"),
        ("I want both cancelled", "cancel"),
        ("is it delivered or just sent?", "cancel"),
        ("which one is cheaper?", "return"),
        ("what about my other order", "cancel"),
        ("全部取消", "cancel"),
        ("能都取消吗", "cancel"),
        ("帮我把另外两个也退了", "return"),
        ("想换哪个都行吗", "exchange"),
    ],
)
def test_asks_nothing_of_what_was_done(text: str, kind: str) -> None:
    assert not asks_what_was_done(text, kind)


@pytest.mark.parametrize(
    ("text", "kind", "at_once"),
    [
        ("when will somebody get back to me about it", "claim_damaged", False),
        ("no, the claim I mean, when do I hear something", "claim_damaged", False),
        ("什么时候有结果", "claim_missing_item", False),
        ("how long does that take", "cancel", True),
        ("要多久到账", "cancel", True),
    ],
)
def test_asks_when_it_is_settled(text: str, kind: str, at_once: bool) -> None:
    assert asks_when_settled(text, kind, at_once=at_once)


@pytest.mark.parametrize(
    ("text", "kind", "at_once"),
    [
        ("how long does delivery to Boise take", "cancel", True),
        ("when does my other order arrive", "claim_damaged", True),
        ("how long does that take", "cancel", False),
        ("how long is the warranty", "claim_damaged", True),
        ("when do you open", "claim_damaged", True),
        ("我另一单什么时候到", "claim_damaged", True),
        ("新订单要多久发货", "cancel", True),
    ],
)
def test_asks_when_something_else_is(text: str, kind: str, at_once: bool) -> None:
    assert not asks_when_settled(text, kind, at_once=at_once)


def test_keeping_and_what_came_after_all() -> None:
    assert all(map(keeps_something, ["can I keep the lamp though", "actually I'd like to keep one", "杯子我想留着"]))
    assert not any(
        map(keeps_something, ["how long can I keep it", "should I keep the box", "keep me posted", "I don't keep it"])
    )
    assert all(map(says_it_came, ["no wait, the lamp came", "found it!", "找到了", "不是，灯收到了"]))
    assert not any(
        map(
            says_it_came, ["it never came", "only one came", "it came broken", "when it arrived?", "没收到", "还没找到"]
        )
    )


def test_who_only_wants_to_know() -> None:
    assert all(
        map(only_wants_to_know, ["no no, I was only asking", "don't! just tell me", "我只是问问", "别取消，我就问一下"])
    )
    assert not any(
        map(only_wants_to_know, ["just cancel one", "just tell me when it ships", "only asking for the lamp to go"])
    )
