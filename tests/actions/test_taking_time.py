"""Words that ask for a moment agree to nothing."""

from __future__ import annotations

import pytest

from actions.changes.taking_time import opens_with_waiting, takes_time


@pytest.mark.parametrize(
    "text",
    [
        "wait", "ok wait", "hold on a sec", "hang on", "let me think about it", "one moment please", "not yet",
        "I'll check with my wife", "give me a minute", "等一下",
        "好的等一下", "稍等", "我想想", "我再考虑考虑", "等我问下老公",
    ],
)  # fmt: skip
def test_a_moment_is_asked_for(text: str) -> None:
    assert takes_time(text)
    assert opens_with_waiting(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "ok",
        "just one",
        "one please",
        "the first one",
        "do it",
        "see you",
        "好",
        "行，办吧",
        "可以",
        "看得出来，办吧",
    ],
)
def test_no_moment_is_asked_for(text: str) -> None:
    assert not takes_time(text)
    assert not opens_with_waiting(text)


def test_what_begins_so_and_goes_on() -> None:
    assert opens_with_waiting("wait, which colour is that?")
    assert opens_with_waiting("等等，是红色的吗")
    assert not takes_time("wait, which colour is that?")
