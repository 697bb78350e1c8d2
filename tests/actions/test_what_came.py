"""What was in the box is not what is missing."""

from __future__ import annotations

import pytest

from actions.changes.sent_anew import wants_the_same
from actions.changes.shipments import without_what_came


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("only the jumper was in the box no raincoat", "no raincoat"),
        ("只收到毛衣 雨衣没收到", "雨衣没收到"),
        ("mugs gone, only lamp inside", "mugs gone"),
        ("only the lamp inside", "everything except the lamp"),
        ("箱子里只有毛衣", "除了毛衣都"),
        ("only 3 of the 4 mugs were in the box", "only 3 of the 4 mugs were in the box"),
        ("只有一个杯子", "只有一个杯子"),
    ],
)
def test_what_is_missing(text: str, missing: str) -> None:
    assert without_what_came(text).strip(" ,") == missing


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("the same one again please", True),
        ("同款黑色的给我换个好的", True),
        ("I'd like a replacement", True),
        ("in navy, size 40", False),
        ("换成藏青色", False),
    ],
)
def test_the_same_once_more(text: str, same: bool) -> None:
    assert wants_the_same(text) is same
