"""Words that point at the variant that was told just now."""

from __future__ import annotations

import pytest

from actions.changes.as_told import points_at_told


@pytest.mark.parametrize(
    "text",
    [
        "OK, change mine to that",
        "I'll take that one then",
        "那就换成这款",
        "那换吧",
        "换成你说的那款",
        "swap it for the one you told me",
    ],
)
def test_it_points(text: str) -> None:
    assert points_at_told(text)


@pytest.mark.parametrize(
    "text", ["change the mug to blue", "杯子换成蓝的", "换大一号", "that is too dear", "换货怎么弄"]
)
def test_it_names(text: str) -> None:
    assert not points_at_told(text)
