"""A question that only names other goods, or other pieces, is the one before once more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions.own_going_on import goes_on
from actions.resolver.own_questions import OwnQuestion

_ANSWERED = "utter_returns"


def _asked(*said: str, gives_back: bool = False) -> OwnQuestion | None:
    events: list[dict[str, Any]] = []
    for text in said:
        events += [{"event": "user", "text": text}, {"event": "bot", "metadata": {"utter_action": _ANSWERED}}]
    turn: Any = SimpleNamespace(text=said[-1], tracker=SimpleNamespace(events=events[:-1]))
    return goes_on(turn, _ANSWERED, gives_back=gives_back)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (("what did I pay for the lamp?", "and the rug?"), "paid"),
        (("what did I pay for the lamp?", "and the rug?", "the mug?"), "paid"),
        (("去掉台灯这单多少钱", "地毯呢"), "without"),
        (("what size is my jumper?", "and the raincoat?"), "options"),
        (("how much would I get back for both lamps?", "and for one of them?"), "refund"),
    ],
)
def test_goes_on(said: tuple[str, ...], what: str) -> None:
    question = _asked(*said)
    assert question is not None
    assert (question.what, question.continued) == (what, True)


@pytest.mark.parametrize(
    "said",
    [
        ("what did I pay for the lamp?", "and can you cancel the rug?"),
        ("do you sell lamps?", "and the rug?"),
        ("what did I pay for the lamp?", "thank you"),
        ("台灯多少钱买的", "那帮我取消地毯"),
    ],
)
def test_does_not(said: tuple[str, ...]) -> None:
    assert _asked(*said) is None


def test_what_would_come_back_goes_on_however_long_ago_it_was_asked() -> None:
    question = _asked("and the mug?", "and the rug?", gives_back=True)
    assert question is not None
    assert question.what == "refund"
