"""The goods at the end of one request of which the next one says something."""

from __future__ import annotations

import pytest

from actions.topics import request_words


@pytest.mark.parametrize(
    ("first", "between", "second", "words"),
    [
        (
            "cancel the blue mug. And the lamp",
            ", ",
            "I'd want it in brass",
            ["cancel the blue mug.", "And the lamp, I'd want it in brass"],
        ),
        (
            "the tent goes back, and the stove",
            ", ",
            "swap it for the gas one",
            ["the tent goes back", "and the stove, swap it for the gas one"],
        ),
        (
            "cancel the mug, the lamp and the tent",
            ", and ",
            "send the stove to my office",
            ["cancel the mug, the lamp and the tent", "send the stove to my office"],
        ),
        (
            "cancel the mug, and the lamp",
            ". ",
            "I want the stove in red",
            ["cancel the mug, and the lamp", "I want the stove in red"],
        ),
        ("杯子取消。还有台灯", "，", "我想要黄铜的", ["杯子取消。", "还有台灯, 我想要黄铜的"]),
        ("杯子取消，台灯留着", "，", "炉子换成红的", ["杯子取消，台灯留着", "炉子换成红的"]),
    ],
)
def test_what_only_names_goods_belongs_to_what_is_said_of_them(
    first: str, between: str, second: str, words: list[str]
) -> None:
    whole = f"{first}{between}{second}"
    assert [request_words(first, whole, "").rstrip(",，"), request_words(second, whole, "")] == words


def test_a_noted_request_has_its_goods_from_the_sentence_before() -> None:
    assert (
        request_words("I'd want it in brass", "", "cancel the mug. And the lamp")
        == "And the lamp, I'd want it in brass"
    )
    assert request_words("the stove in red", "", "cancel the mug. And the lamp") == "the stove in red"
    assert request_words("I'd want it in brass", "", "cancel the mug and the lamp") == "I'd want it in brass"
    assert request_words("I'd want it in brass", "", "") == "I'd want it in brass"
