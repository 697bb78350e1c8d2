"""What is wanted only where the wish cannot be had."""

from __future__ import annotations

import pytest

from actions.changes.fallbacks import is_fallback, without_fallback


@pytest.mark.parametrize(
    "text",
    [
        "如果没有就取消",
        "没货就算了",
        "有的话就换啊 没有才取消",
        "if you don't have it just cancel",
        "or else cancel it",
        "cancel it if there's none",
        "If there isn't one, cancel the chair",
    ],
)
def test_says_nothing_else(text: str) -> None:
    assert is_fallback(text)


@pytest.mark.parametrize(
    "text",
    [
        "取消",
        "没有就要蓝色的",
        "no, cancel it",
        "没有听懂 取消吧",
        "if it's not much trouble cancel the lamp too",
        "none of those. Then cancel the chair",
    ],
)
def test_is_a_wish(text: str) -> None:
    assert not is_fallback(text)
    assert without_fallback(text) == text
