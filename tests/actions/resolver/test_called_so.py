"""What a thing is called in its name, and what a wish asks for before it says what that shall do."""

from __future__ import annotations

import pytest

from actions.resolver.called_so import last_word, wished_head


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Daily Sunscreen SPF 50", "sunscreen"),
        ("Electric Kettle", "kettle"),
        ("Rack for Mugs", "rack"),
        ("Trail 2 Pro", "trail"),
    ],
)
def test_a_name_ends_in_what_the_thing_is(name: str, word: str) -> None:
    assert last_word(name) == word


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("kettle that keeps temp for green tea", "kettle"),
        ("hi, I need a stand for my keyboard", "stand"),
        ("something for my gran", "something"),
        ("how much is it", ""),
        ("is the lamp for reading any good", ""),
    ],
)
def test_a_wish_names_its_thing_first(text: str, head: str) -> None:
    assert wished_head(text) == head
