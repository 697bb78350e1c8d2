"""Versions that are called by what they cost."""

from __future__ import annotations

import pytest

from actions.resolver.prices_named import prices_named

_PRICES = [4499, 5999, 6699, 12900, 24900, None]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("what does the 249 have that the 129 doesn't", [24900, 12900]),
        ("difference between $45 and $60", [4499, 5999]),
        ("is the 59.99 one worth it over the 44 one?", [5999, 4499]),
        ("129那款和249那款有什么区别", [12900, 24900]),
        ("67块的跟60块的差在哪", [6699, 5999]),
        ("the 45 mm and the 60 mm", []),
        ("60厘米的和45厘米的", []),
        ("order 12900 and 24900", []),
        ("I need 3 of them", []),
        ("60 people came", []),
        ("the 250 one", []),
    ],
)
def test_a_price_names_the_version_that_costs_it(text: str, named: list[int]) -> None:
    assert prices_named(text, _PRICES) == named
