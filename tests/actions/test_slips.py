"""A slip of the finger at "cancel" calls off all the same; other words stay as they are."""

from __future__ import annotations

import pytest

from actions.slips import with_slip_mended


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("i'd like to cacnel one blue mug", "i'd like to cancel one blue mug"),
        ("Cancle it please", "cancel it please"),
        ("cansel order 12345", "cancel order 12345"),
        ("cancel the lamp", "cancel the lamp"),
        ("a book about cancer for my canal boat", "a book about cancer for my canal boat"),
    ],
)
def test_slips_at_cancel_are_mended(text: str, mended: str) -> None:
    assert with_slip_mended(text) == mended
