"""What a message takes back in the same breath, and what holds if nothing else is to be had."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.faults import OWN_MISTAKE, instead_of_claim, only_goes_back
from actions.resolver import read_requests, too_dear
from actions.resolver.only_that import as_only_one
from actions.resolver.taken_back import corrected

from .candidates import LINES

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("text", "comes_to"),
    [
        (
            "in the order from Monday I keep only the rug, and the mugs.. no wait, cancel only the scarf",
            "in the order from Monday, cancel only the scarf",
        ),
        ("cancel the rug and the mugs. Hmm, actually no, just cancel the rug", "just cancel the rug"),
        ("And the kettle from the other order back.. I mean cancel", "And cancel the kettle from the other order"),
        ("前天那单的两个杯子取消，不对，只取消地毯", "前天那单只取消地毯"),
        ("地毯退货，不对，我是说取消", "地毯取消"),
        ("forget the brass one", "forget the brass one"),
        ("forget the scarf, cancel the rug", "forget the scarf, cancel the rug"),
        ("I sent it back. I mean cancel", "I sent it back. I mean cancel"),
        ("send the rug back, I mean it", "send the rug back, I mean it"),
        ("change the lamp to black. Actually, can you also cancel the rug?", "change the lamp to black. Actually, can you also cancel the rug?"),  # noqa: E501
        ("no wait, cancel only the lamp", "no wait, cancel only the lamp"),
    ],
)  # fmt: skip
def test_what_is_taken_back_counts_no_more(text: str, comes_to: str) -> None:
    assert corrected(text).strip() == comes_to


def test_a_colour_turned_down_calls_off_no_goods() -> None:
    for text in ("forget sage! the mug in navy", "别管绿色了，杯子要藏青"):
        assert "cancel" not in {wish.wish for wish in read_requests(text, LINES, today=TODAY)}
    assert [wish.wish for wish in read_requests("forget the navy scarf", LINES, today=TODAY)] == ["cancel"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("what other oak is there? if only that then leave the desk", "what other oak is there? leave the desk"),
        ("if that's the only one, keep the desk as it is", "keep the desk as it is"),
        ("如果只有这一款，那桌子留着", "桌子留着"),
        ("if only the mug is left, take the lamp", "if only the mug is left, take the lamp"),
    ],
)
def test_what_holds_where_nothing_else_is_to_be_had(text: str, read: str) -> None:
    assert as_only_one(text) == read


def test_dearer_than_before_is_a_limit() -> None:
    for text in ("swap the lamp for a brass one unless it's dearer", "台灯换成黄铜的，除非更贵"):
        limit, rest = too_dear(text)
        assert limit is not None
        assert (limit.limit_minor, limit.of_difference, limit.otherwise) == (0, True, "leave")
        assert "dearer" not in rest
        assert "除非" not in rest


def test_who_chose_wrongly_claims_nothing() -> None:
    assert instead_of_claim("I bought the rugs in the wrong size, they should be small ones") == "change_items"
    assert OWN_MISTAKE.search("I ordered a rug and it came in the wrong colour") is None
    assert OWN_MISTAKE.search("I got my rug in the wrong colour") is None


def test_what_is_owned_twice_goes_back() -> None:
    assert only_goes_back("I have the same rug in two orders, send the older one back")
    assert not only_goes_back("order the same rug again and send the old one back")
