"""Several variants of one product in one wish, each with its number."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from actions.changes.mixed import counted_variants
from actions.resolver import VariantCandidate


def _variant(sku: str, en: str, zh: str) -> VariantCandidate:
    return VariantCandidate(sku, ["Candle"], options={"Colour": en}, other_options=({"颜色": zh},))


_VARIANTS = [_variant("r", "Red", "红色"), _variant("w", "White", "白色"), _variant("g", "Green", "绿色")]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("改成3个 绿色一个红色两个", {"g": 1, "r": 2}),
        ("一个红色两个白色三个绿色", {"r": 1, "w": 2, "g": 3}),
        ("one green and two white", {"g": 1, "w": 2}),
        ("red x2 and green x1", {"r": 2, "g": 1}),
        ("改成3个", {}),
        ("two red ones", {}),
        ("green instead", {}),
    ],
)
def test_counts_each(text: str, counted: Mapping[str, int]) -> None:
    assert counted_variants(text, _VARIANTS, _VARIANTS[0]) == counted
