"""Values of options named in a question: by themselves, by an option's own name, and by a word that is theirs alone."""

from __future__ import annotations

import pytest

from actions.resolver.option_values import named_values

_BOOTS = [
    {"size": "8", "upper": "leather", "waterproof": "no"},
    {"size": "9", "upper": "leather", "waterproof": "yes"},
    {"size": "9", "upper": "mesh", "waterproof": "no"},
    {"size": "10", "upper": "mesh", "waterproof": "yes"},
]
_LAMPS = [
    {"works with": "Home Assistant", "shade": "non-frosted"},
    {"works with": "Smart Hub", "shade": "frosted"},
    {"works with": "Smart Hub", "shade": "non-frosted"},
]
_LAMPS_ZH = [
    {"兼容": "家庭助手", "灯罩": "透明"},
    {"兼容": "智能中枢", "灯罩": "磨砂"},
    {"兼容": "智能中枢", "灯罩": "透明"},
]


def fitting(text: str, variants: list[dict[str, str]], others: list[dict[str, str]] | None = None) -> list[int]:
    named = named_values(text, variants, others or [])
    return [place for place, each in enumerate(variants) if named and named.fits(each)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("is there a 9 that's waterproof?", [1]),
        ("which size 9 ones do you have", [1, 2]),
        ("any non-waterproof ones?", [0, 2]),
        ("do you have them in mesh, not waterproof", [2]),
        ("is there one without leather?", [2, 3]),
        ("when do you open?", []),
    ],
)
def test_options_of_yes_and_no_and_sizes(text: str, places: list[int]) -> None:
    assert fitting(text, _BOOTS) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("which lamps work with smart hubs? a hub", [1, 2]),
        ("which work with Home Assistant", [0]),
        ("frosted ones?", [1]),
        ("non frosted ones?", [0, 2]),
        ("哪些支持智能中枢", [1, 2]),
        ("有没有磨砂的", [1]),
    ],
)
def test_values_of_several_words_and_in_chinese(text: str, places: list[int]) -> None:
    assert fitting(text, _LAMPS, _LAMPS_ZH) == places


CAMERAS = [
    {"resolution": resolution, "zoom": zoom, "storage": storage}
    for resolution in ("20MP", "30MP")
    for zoom in ("5x", "10x")
    for storage in ("SD card", "CF card")
]
CAMERAS_ZH = [
    {"分辨率": each["resolution"], "变焦": each["zoom"], "存储": each["storage"].replace(" card", "卡")}
    for each in CAMERAS
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("30MP的相机哪款最便宜", {"分辨率": "30MP"}),
        ("3000万像素的有几款", {"分辨率": "30MP"}),
        ("10倍变焦带SD卡的有吗", {"变焦": "10x", "存储": "SD卡"}),
        ("with 30 megapixels and 5 times zoom", {"分辨率": "30MP", "变焦": "5x"}),
        ("230MP的", {}),
    ],
)
def test_a_number_and_its_unit_beside_chinese_characters(text: str, wanted: dict[str, str]) -> None:
    read = named_values(text, CAMERAS_ZH, CAMERAS)
    assert read.wanted == {name: frozenset({value}) for name, value in wanted.items()}
