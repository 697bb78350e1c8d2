"""What only asks while something is offered changes nothing of it."""

from __future__ import annotations

import pytest

from actions.changes.plain_yes import begins_with_yes
from actions.changes.questions_apart import (
    asks_price_of_version,
    asks_rest_price,
    fact_questions_apart,
    is_fact_question,
)


@pytest.mark.parametrize(
    ("text", "swaps"),
    [
        ("does the rug need a mat underneath?", False),
        ("and how much will the others come to then?", False),
        ("is grey dearer?", True),
        ("what's the tracking number for it?", True),
        ("那块地毯要用防滑垫吗", False),
        ("灰色的贵吗？", True),
        ("围巾多长", False),
    ],
)
def test_a_question_of_fact_wants_nothing_done(text: str, *, swaps: bool) -> None:
    assert is_fact_question(text, swaps=swaps)


@pytest.mark.parametrize(
    "text",
    [
        "and the rug too?",
        "can you also cancel the lamp?",
        "what about the mugs?",
        "do I need to keep the box?",
        "is there a grey one?",
        "台灯也取消吗",
        "有灰色的吗",
        "那杯子呢？",
    ],
)
def test_what_may_be_a_wish_is_none(text: str) -> None:
    assert not is_fact_question(text, swaps=True)


def test_a_question_beside_a_yes() -> None:
    assert fact_questions_apart("grey would be 9 more, right? then yes red is fine", swaps=True) == (
        "then yes red is fine",
        "",
    )
    assert fact_questions_apart("yes. does the lamp come with a bulb?") == ("yes.", "does the lamp come with a bulb?")
    assert fact_questions_apart("好的就这样") == ("好的就这样", "")
    assert begins_with_yes("then yes red is fine")
    assert not begins_with_yes("yes but in grey")


def test_what_a_price_is_asked_of() -> None:
    assert asks_rest_price("and what do I pay for the rest?")
    assert asks_rest_price("剩下的一共多少钱")
    assert not asks_rest_price("how much is the lamp?")
    assert asks_price_of_version("is the blue one cheaper?")
