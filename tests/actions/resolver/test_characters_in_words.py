"""One character that begins a value is none of it within another word."""

from __future__ import annotations

import pytest

from actions.resolver import VariantCandidate, resolve_variant

_LAMPS = [("USB", "黑色"), ("电池", "黑色"), ("USB", "银色"), ("电池", "银色")]


def _variants() -> list[VariantCandidate]:
    return [
        VariantCandidate(f"L-{at}", ["Lamp", "台灯"], "lamp", {"电源": power, "颜色": colour}, (), 7000, True)
        for at, (power, colour) in enumerate(_LAMPS)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "换成黑色，充电方式不变",
        "换成黑色，电源不变",
        "换成黑色，供电方式一样",
        "换黑色，电源线不用",
        "换成黑色，电压一样",
    ],
)
def test_a_character_within_a_word_is_no_value(text: str) -> None:
    variants = _variants()
    found = resolve_variant(text, variants, current=variants[2])
    assert [match.candidate.sku for match in found.matches] == ["L-0"]


@pytest.mark.parametrize("text", ["换成电池的，黑色", "黑色，电池款"])
def test_the_value_itself(text: str) -> None:
    variants = _variants()
    found = resolve_variant(text, variants, current=variants[2])
    assert [match.candidate.sku for match in found.matches] == ["L-1"]
