""" "With the lid" is the version "with lid"."""

from __future__ import annotations

import pytest

from actions.resolver import VariantCandidate, resolve_variant


def _pot(sku: str, size: str, lid: str) -> VariantCandidate:
    return VariantCandidate(sku, ["Stock Pot"], "POT", {"Size": size, "Cover": lid})


_POTS = [
    _pot("A", "3 l", "without cover"),
    _pot("B", "5 l", "without cover"),
    _pot("C", "5 l", "with cover"),
]


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("the 5 litre one with the cover", "C"),
        ("5 l with a cover", "C"),
        ("the 5 l pot with its cover please", "C"),
        ("5 l without the cover", "B"),
        ("the 5 litre one", "B"),
    ],
)
def test_an_article_in_a_value_changes_nothing(text: str, sku: str) -> None:
    found = resolve_variant(text, _POTS, current=_POTS[0])
    assert (found.status, found.first.sku) == ("one", sku)
