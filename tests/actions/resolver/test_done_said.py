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
        ("cancel all of it?", "cancel"),
        ("cancel both, ok?", "cancel"),
        ("and cancel the lamp only?", "cancel"),
        ("is my other order cancelled? both", "cancel"),
        ("have both cancelled?", "cancel"),
        ("is all of 1005 cancelled?", "cancel"),
        ("return the other one?", "return"),
        ("swap only one?", "exchange"),
        ("1005那单全部取消了吗", "cancel"),
        ("另外一件也退了吧？", "return"),
        ("全退了吧?", "return"),
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
        ("how long until my other parcel gets here, no answer from the courier", "claim_damaged", False),
        ("我的退款什么时候处理", "claim_damaged", True),
        ("how long do i have", "return", True),
        ("how long do we have?", "return", True),
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


@pytest.mark.parametrize(
    "text",
    [
        "退吧，告诉我一声就行",
        "取消吧，告诉我一声就行",
        "告诉我一声就行",
        "不，退吧，告诉我一声就行",
        "do it, just tell me",
        "please cancel it, just tell me",
        "no, cancel it, just tell me",
        "just tell me",
    ],
)
def test_a_yes_is_not_only_asked(text: str) -> None:
    assert not only_wants_to_know(text)


@pytest.mark.parametrize("text", ["wait, I was just asking", "don't cancel it, just tell me", "别退，告诉我就行"])
def test_a_no_is_only_asked(text: str) -> None:
    assert only_wants_to_know(text)


@pytest.mark.parametrize(
    "text",
    [
        "got it, thanks",
        "I got it",
        "收到了，谢谢",
        "好的 收到了",
        "我收到了",
        "empty box arrived",
        "it arrived empty",
        "half of it came",
        "the other one came",
        "one of them came",
        "the courier came",
        "it arrived at the depot",
        "has it arrived?",
        "快递到了别人家",
        "快递到了驿站",
        "时间到了",
        "it came to the neighbours",
        "显示签收到了",
        "短信收到了",
        "got the message",
        "I got the email",
        "have it replaced then",
        "found it cheaper elsewhere",
        "其实有问题",
        "好的，我在的",
    ],
)
def test_it_did_not_come_after_all(text: str) -> None:
    assert not says_it_came(text)


@pytest.mark.parametrize(
    "text",
    ["it came today", "the mug just arrived", "I found the mug, sorry", "杯子到了", "其实收到了", "其实都在里面"],
)
def test_it_came_after_all(text: str) -> None:
    assert says_it_came(text)


@pytest.mark.parametrize(
    "text",
    [
        "I can't keep it",
        "I can’t keep it",
        "I cannot keep the lamp",
        "why can't I keep it",
        "I keep getting emails",
        "why do you keep asking",
        "can you keep me updated",
        "我不要留着",
        "没必要留着",
        "我要留个言",
        "留一下电话",
        "你们会不会留下我的信息",
        "别退到余额，退到卡",
        "别退错了",
        "不用退运费吗",
        "不换了，直接退款",
        "为什么不退了",
    ],
)
def test_nothing_is_kept(text: str) -> None:
    assert not keeps_something(text)


@pytest.mark.parametrize(
    "text",
    ["I want to keep the mug", "let me keep both", "杯子不退了", "别退那个杯子", "我能留着杯子吗", "不对 各留一个就行"],
)
def test_something_is_kept(text: str) -> None:
    assert keeps_something(text)
