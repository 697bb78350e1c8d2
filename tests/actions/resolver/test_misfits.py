"""Why something else is wanted is no value of it, and words that name a thing are no part of a value."""

from __future__ import annotations

import pytest

from actions.resolver import LineCandidate, VariantCandidate, resolve_variant
from actions.resolver.misfits import misfit, without_misfits

TITLES = ("Canvas Duffel", "帆布旅行袋")
_SIZES = {"small": "小号", "medium": "中号", "large": "大号"}
_SHADES = {"sand": "沙色", "black": "黑色"}


def duffel(size: str, shade: str) -> VariantCandidate:
    return VariantCandidate(
        f"{size}-{shade}",
        TITLES,
        options={"size": size, "colour": shade},
        other_options=({"尺寸": _SIZES[size], "颜色": _SHADES[shade]},),
        price_minor=5000,
    )


DUFFELS = [duffel(size, shade) for size in _SIZES for shade in _SHADES if (size, shade) != ("medium", "black")]


def line_of(sku: str, variants: list[VariantCandidate]) -> LineCandidate:
    here = next(each for each in variants if each.sku == sku)
    return LineCandidate("A1", 1, here.titles, sku=sku, options=here.options, other_options=here.other_options)


@pytest.mark.parametrize(
    "text",
    [
        "swap the duffel for a black one, it is too small",
        "the duffel is a bit small, I want it in black",
        "too small! black please",
        "把旅行袋换成黑色，太小了",
        "旅行袋有点小，换成黑色",
        "旅行袋小了，换黑色的",
    ],
)
def test_too_small_is_no_smaller_one(text: str) -> None:
    found = resolve_variant(text, DUFFELS, current=line_of("large-sand", DUFFELS))
    assert [each.sku for each in found.candidates] == ["large-black"], text
    found = resolve_variant(text, DUFFELS, current=line_of("medium-sand", DUFFELS))
    assert "small-black" not in [each.sku for each in found.candidates], text


def test_a_size_that_is_asked_for_is_still_one() -> None:
    line = line_of("medium-sand", DUFFELS)
    for text, sku in {
        "the duffel is too small, give me the large one": "large-sand",
        "太大了，换成小号": "small-sand",
        "太小了，想换个大的": "large-sand",
        "I want the small one instead": "small-sand",
        "换个小号的": "small-sand",
    }.items():
        assert [each.sku for each in resolve_variant(text, DUFFELS, current=line).candidates] == [sku], text


def test_on_which_side_it_does_not_fit() -> None:
    assert misfit("it's too tight") == misfit("穿着有点紧") == misfit("not big enough") == misfit("不够大") == "small"
    assert misfit("way too large on me") == misfit("偏大") == "large"
    assert misfit("too big here, too small there") is misfit("I want a bigger one") is misfit("换大一点的") is None
    assert without_misfits("换个稍微大一点的") == "换个稍微大一点的"


COFFEES = [
    VariantCandidate(
        f"{ground}-{weight}",
        ("Ridge Cocoa Powder", "山脊可可粉"),
        options={"kind": ground, "weight": weight},
        other_options=({"种类": said, "重量": weight},),
    )
    for ground, said in (("nibs", "可可碎"), ("drinking", "热饮粉"))
    for weight in ("250 g", "1 kg")
]


def test_what_names_a_thing_is_no_part_of_a_value() -> None:
    line = line_of("drinking-250 g", COFFEES)
    for text, sku in {
        "把可可换成1 kg": "drinking-1 kg",
        "可可改成1 kg的": "drinking-1 kg",
        "可可换成可可碎": "nibs-250 g",
        "change the cocoa powder to 1 kg": "drinking-1 kg",
    }.items():
        assert [each.sku for each in resolve_variant(text, COFFEES, current=line).candidates] == [sku], text
