"""What is wanted only where the wish cannot be had."""

from __future__ import annotations

import pytest

from actions.changes.fallbacks import fallback_in, is_fallback, without_fallback


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


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("the jug in 2 litres. If you haven't got one I'd rather have my money back", "return"),
        ("a navy one; no such one? then cancel it", "cancel"),
        ("the stool in oak. If not, no change", "leave"),
        ("should that not be possible then scrap it", "cancel"),
        ("换大一号的，没有的话保持原样", "leave"),
        ("要橡木的，如果没有，这件就不要了", "cancel"),
        ("没有的话退掉这件", "return"),
        ("the jug in 2 litres please", None),
        ("没有听懂，取消吧", None),
    ],
)
def test_what_is_wanted_where_there_is_none(text: str, wish: str | None) -> None:
    fallback = fallback_in(text)
    assert (fallback.wish if fallback is not None else None) == wish
