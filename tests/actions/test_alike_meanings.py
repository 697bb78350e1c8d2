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
    "text", ["cancel the white one and one of the two green ones", "I want to cancel the mug", "取消白色那个"]
)
def test_words_that_only_call_off(text: str) -> None:
    assert only_calls_off(text)


@pytest.mark.parametrize(
    "text",
    ["cancel the white one and send a green one", "change the white one", "取消白的，换成绿的", "don't cancel the mug"],
)
def test_words_that_want_something_else_too(text: str) -> None:
    assert not only_calls_off(text)
