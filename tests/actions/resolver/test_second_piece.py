"""One of a line's pieces, spoken of as the second one."""

from __future__ import annotations

from datetime import date

import pytest

from actions.resolver.orders import order_words, without_order_words
from actions.resolver.portions import portion
from actions.resolver.second_piece import second_piece_as_one

from .candidates import LAMP, MUG, SCARF

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("drop the second mug and the lamp", "drop one mug and the lamp"),
        ("I don't need the extra mug", "I don't need one mug"),
        ("drop the second lamp", "drop the second lamp"),  # there is one
        ("the second order", "the second order"),
        ("第二个马克杯取消", "一个马克杯取消"),
        ("第二个落地灯取消", "第二个落地灯取消"),
    ],
)
def test_the_second_of_several_pieces_is_one_of_them(text: str, read: str) -> None:
    assert second_piece_as_one(text, [LAMP, MUG, SCARF], today=TODAY) == read


def test_the_second_thing_beside_a_piece_of_another_is_no_rest_of_it() -> None:
    for text in ("drop the second kettle and one of the bikes", "drop the other kettle and one of the bikes"):
        read = portion(text)
        assert read is not None
        assert (read.pieces, read.rest) == (1, None)
        assert "kettle" in read.text
    rest = portion("exchange one of the lamps for a red one, and drop the other lamp")
    assert rest is not None
    assert rest.rest == "cancel", "another piece of what was spoken of"


def test_what_is_wanted_ends_what_an_order_is_described_by() -> None:
    text = "in the order with the bikes drop one kettle and one of the bikes"
    assert order_words(text).startswith("the order with the bikes")
    assert "kettle" not in order_words(text)
    assert without_order_words(text) == "in the order drop one kettle and one of the bikes"
    assert without_order_words("the order with the road bike I want gone") == "the order I want gone"
