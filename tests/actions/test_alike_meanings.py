"""Meanings that are nearly one, and words that only call something off."""

from __future__ import annotations

import pytest

from actions.alike_meanings import alike_meaning
from actions.changes.only_calls_off import only_calls_off


@pytest.mark.parametrize(
    ("text", "ranked", "meant"),
    [
        ("袜子可以退货吗", [("return_in_store", 0.45), ("ask_return_policy", 0.42)], "ask_return_policy"),
        ("can socks be sent back", [("ask_how_to_return", 0.5), ("ask_return_policy", 0.4)], "ask_return_policy"),
        ("袜子可以在门店退吗", [("return_in_store", 0.45), ("ask_return_policy", 0.42)], None),
        (
            "there was nothing inside",
            [("report_not_received", 0.5), ("report_missing_item", 0.45)],
            "report_missing_item",
        ),
        ("盒子里什么都没有", [("report_not_received", 0.5), ("report_missing_item", 0.45)], "report_missing_item"),
        ("where is the rest of it", [("report_not_received", 0.5), ("report_missing_item", 0.45)], None),
        ("there was nothing inside", [("report_not_received", 0.4), ("report_missing_item", 0.3)], None),
        ("can I return it", [("ask_return_policy", 0.5), ("return_items", 0.45)], None),
        ("hello", [("greet", 0.9)], None),
    ],
)
def test_a_message_between_two_meanings_that_are_nearly_one(
    text: str, ranked: list[tuple[str, float]], meant: str | None
) -> None:
    assert alike_meaning(text, ranked) == meant


@pytest.mark.parametrize(
    "text",
    [
        "cancel the white one and one of the two green ones",
        "I want to cancel the mug",
        "取消白色那个",
        "don't need the kettle any more, cancel it",
        "我想取消枕头",
        "枕头不要了，帮我取消",
        "没寄出的那单帮我取消",
        "cancel the kettle, I still need the pan",
    ],
)
def test_words_that_only_call_off(text: str) -> None:
    assert only_calls_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "cancel the white one and send a green one",
        "change the white one",
        "取消白的，换成绿的",
        "don't cancel the mug",
        "I never asked to cancel",
        "no reason to cancel, no need to cancel anything",
        "we hope it isn't cancelled, nor will you cancel",
        "did you cancel the lamp",
        "why did you cancel",
        "noise-cancelling earbuds",
        "cancel that cancellation, don't cancel",
        "cancel the grey one, I need the pink",
        "cancel the pot but get me a pan",
        "cancel the pot and give me the pan",
        "不想取消了",
        "不要取消我的订单",
        "没叫你取消",
        "千万别取消我的订单",
        "怎么取消了",
        "取消灰的，来个粉的",
        "取消灰色要粉色",
    ],
)
def test_words_that_want_something_else_too(text: str) -> None:
    assert not only_calls_off(text)
