"""What is owned or on order is changed, not bought; what stays and what goes are one request."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.kept_first import only_keeps
from actions.changes.owned import owned_lines
from actions.resolver import LineCandidate

TODAY = date(2026, 5, 20)
LINES = [
    LineCandidate("#A1", 1, ["Planter", "花盆"], options={"size": "small", "finish": "glazed"}, quantity=2),
    LineCandidate("#B2", 1, ["Garden Hose", "水管"], options={"length": "15 m"}),
]


@pytest.mark.parametrize(
    "text",
    [
        "one of the two planters in terracotta please",
        "the hose on order: 30 m, if it is cheaper",
        "The planter I received, rather a large one",
        "Planter is too small, I want the large one",
        "我买的花盆要大号的",
        "没发货的水管要30米的",
        "花盆太小了，要大号的",
    ],
)
def test_what_is_owned_is_changed(text: str) -> None:
    assert owned_lines(text, LINES, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "I'd like to buy another planter, the one I have is too small",
        "I want a large planter",
        "order the hose I already have once more",
        "the lamp I received, in white",
        "想再买一个花盆，之前买的太小了",
        "我想买个水管",
    ],
)
def test_what_is_bought(text: str) -> None:
    assert not owned_lines(text, LINES, today=TODAY)


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("I ordered two planters. Keep the one in the order with the hose", True),
        ("大号的那个留着", True),
        ("keep the large one, cancel the other", False),
        ("cancel the planter", False),
        ("大号的留着，另一个取消", False),
    ],
)
def test_what_only_keeps(text: str, keeps: bool) -> None:
    assert only_keeps(text) == keeps
