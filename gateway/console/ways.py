"""The ways of recommending in words: their names in the model card are for who reads code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gateway.console import figures

_KINDS: Final = (
    "popular_first_baskets", "popular", "reach", "frequency_due", "frequency", "tifu_knn", "item_knn", "ease",
    "content", "als",
)  # fmt: skip
"""Longer names before those that they begin with; each is `way_…` of the locale files."""
_PART: Final = re.compile(r"(?:(?P<weight>[0-9.]+) )?(?P<way>\S+)")


def in_words(name: str, words: Mapping[str, Any], language: str) -> str | None:
    """What a way does, the parts of a blend with their shares; None for one that has no words."""
    parts = [_PART.fullmatch(part) for part in name.split(" + ")]
    found = [(part["weight"], _one(part["way"], words)) for part in parts if part is not None]
    told = [(weight, way) for weight, way in found if way is not None]
    if not told or len(told) != len(parts):
        return None
    if len(told) == 1:
        return told[0][1]
    shares = [(figures.share(float(weight), language) if weight else "", way) for weight, way in told]
    return str(words["way_and"]).join(str(words["way_part"]).format(share=share, way=way) for share, way in shares)


def _one(way: str, words: Mapping[str, Any]) -> str | None:
    way, clicks, _ = way.partition("*clicks^")
    plain, trend, _ = way.partition("*trend^")
    plain = re.sub(r"^frequency_[0-9.]+d_due$", "frequency_due", plain)
    kind = next((each for each in _KINDS if plain == each or plain.startswith(f"{each}_")), None)
    if kind is None:
        return None
    said = str(words[f"way_{kind}"])
    said = str(words["way_trend"]).format(way=said) if trend else said
    return str(words["way_clicks"]).format(way=said) if clicks else said
