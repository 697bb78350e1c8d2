"""Which option of one language is which of another, whatever their order."""

from __future__ import annotations

from actions.resolver import VariantCandidate, resolve_variant
from actions.resolver.aligning import places_of
from actions.resolver.option_values import named_values

ROWS = [
    ({"body": "oak", "finish": "oiled", "legs": "steel"}, {"桌腿": "钢", "桌面": "橡木", "表面": "上油"}),
    ({"body": "oak", "finish": "raw", "legs": "wood"}, {"桌腿": "木", "桌面": "橡木", "表面": "原木"}),
    ({"body": "ash", "finish": "oiled", "legs": "wood"}, {"桌腿": "木", "桌面": "白蜡木", "表面": "上油"}),
    ({"body": "ash", "finish": "raw", "legs": "steel"}, {"桌腿": "钢", "桌面": "白蜡木", "表面": "原木"}),
]


def test_options_go_by_their_values() -> None:
    assert places_of([(list(own.values()), other) for own, other in ROWS]) == {"桌腿": 2, "桌面": 0, "表面": 1}


def test_an_order_that_is_right_is_kept() -> None:
    rows = [(["red", "S"], {"颜色": "红", "尺码": "S"}), (["blue", "M"], {"颜色": "蓝", "尺码": "M"})]
    assert places_of(rows) == {"颜色": 0, "尺码": 1}


def test_variants_are_found_by_the_words_of_both_languages() -> None:
    desks = [
        VariantCandidate("/".join(own.values()), ["Desk", "书桌"], "desk", other, other_options=[own], price_minor=100)
        for own, other in ROWS
    ]
    found = resolve_variant("桌腿steel的，还是橡木", desks, current=desks[1])
    assert [each.sku for each in found.candidates] == ["oak/oiled/steel"]
    named = named_values("要上油的钢腿", [own for own, _ in ROWS], [other for _, other in ROWS])
    assert named.wanted == {"finish": frozenset({"oiled"}), "legs": frozenset({"steel"})}
