"""All pieces of one line, where some were taken."""

from __future__ import annotations

import pytest

from actions.changes.every_piece import every_piece
from actions.changes.request import ChangeRequest
from actions.resolver import LineCandidate
from tests.actions.resolver.candidates import TODAY

LAMPS = LineCandidate("B4", 1, ["Reading Lamp", "阅读灯"], quantity=2)
STOOL = LineCandidate("B4", 2, ["Oak Stool", "橡木凳"])


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("两盏都要换，不是一盏", True),
        ("both of them, not just one", True),
        ("I want both swapped", True),
        ("两盏都换成白色的", False),
        ("both in white please", False),
    ],
)
def test_all_of_the_line_that_is_changed(text: str, alone: bool) -> None:
    request = ChangeRequest("change_items", "m1", "", orders=["B4"], lines={"B4/1": 1})
    found = every_piece(text, [LAMPS, STOOL], request, today=TODAY)
    assert found is not None
    assert (found.key, found.alone) == ("B4/1", alone)


@pytest.mark.parametrize("text", ["both the lamp and the stool", "both orders please", "两单都改", "三盏都换"])
def test_no_pieces_of_one_line(text: str) -> None:
    request = ChangeRequest("change_items", "m1", "", orders=["B4"])
    assert every_piece(text, [LAMPS, STOOL], request, today=TODAY) is None
