"""A yes with a condition, or one that waits for something else, is none yet."""

from __future__ import annotations

import pytest

from actions.changes.held_back import is_held_back


@pytest.mark.parametrize(
    "text",
    [
        "yes if you also save it to my address book for next time",
        "Ok, but can you also save it in my address book? And don't change the order yet",
        "好的，但是先别改订单，保存到地址簿",
        "ok hold on, first save it to my address book",
        "Sure, what would it cost if you save it too?",
        "fine, but only if it is kept in my profile as well",
        "可以的话也存到账户里，多少钱？",
        "行 等一下 先存到地址簿",
        "yes but not yet, add it to my account before",
    ],
)
def test_held_back(text: str) -> None:
    assert is_held_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yes please, and save it to my address book",
        "yes, and don't forget to save it in my account",
        "ok and keep it in my address book so I don't have to type it again",
        "yes, but please save it to my account too",
        "好的，顺便存到地址簿",
        "可以 别忘了存到地址簿",
        "对，地址也帮我保存，省得下次再填",
        "yes, with my first name, and add it to my profile",
    ],
)
def test_a_yes_all_the_same(text: str) -> None:
    assert not is_held_back(text)
