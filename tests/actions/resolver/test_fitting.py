"""Which variant of a product with several options and few variants is meant, the rest staying as it is."""

from __future__ import annotations

import itertools

import pytest

from actions.resolver import NO_FOCUS, Focus, VariantCandidate, resolve_variant


def product(
    titles: list[str], options: dict[str, str], values: dict[str, str], rows: list[tuple[str, int]]
) -> list[VariantCandidate]:
    """Variants out of "a/b/c" and prices; one with a price below 0 is sold out. `values` are the Chinese words."""
    found = []
    for row, price in rows:
        chosen = dict(zip(options, row.split("/"), strict=True))
        other = {options[name]: values.get(value, value) for name, value in chosen.items()}
        found.append(
            VariantCandidate(
                row, titles, titles[0], chosen, other_options=[other], price_minor=abs(price), available=price > 0
            )
        )
    return found


FRYERS = product(
    ["Air Fryer", "空气炸锅"],
    {"basket": "炸篮", "dishwasher safe": "可用洗碗机", "light": "照明", "colour": "颜色"},
    {"single": "单篮", "double": "双篮", "yes": "是", "no": "否", "none": "无", "black": "黑色", "cream": "米色"},
    [
        ("single/yes/LED/black", 9000),
        ("single/no/LED/black", 8000),
        ("single/no/none/black", 7000),
        ("double/yes/none/cream", 12000),
        ("double/no/LED/black", -11000),
        ("double/yes/LED/black", 13000),
        ("single/no/LED/cream", 8300),
    ],
)
PLUGS = product(
    ["Smart Plug", "智能插座"],
    {"works with": "兼容", "pack": "包装", "colour": "颜色"},
    {"white": "白色", "graphite": "石墨色"},
    [
        ("Apple Home/1 pack/white", 1500),
        ("Google Home/1 pack/white", 1400),
        ("Amazon Echo/4 pack/graphite", 4200),
        ("Amazon Echo/1 pack/white", 1300),
        ("Google Home/4 pack/graphite", 4600),
        ("Apple Home/4 pack/graphite", 4100),
    ],
)
SANDALS = product(
    ["Trek Sandals", "徒步凉鞋"],
    {"size": "尺码", "strap": "绑带", "colour": "颜色"},
    {"leather": "皮", "textile": "织物", "tan": "棕褐色", "black": "黑色", "olive": "橄榄绿"},
    [
        ("6/leather/tan", 7000),
        ("7/textile/tan", 6500),
        ("9/leather/tan", 7100),
        ("7/textile/black", 6600),
        ("9/textile/olive", 6000),
        ("6/leather/black", 6900),
        ("6/leather/olive", 7300),
    ],
)
GOGGLES = product(
    ["Ski Goggles", "滑雪镜"],
    {"frame": "框", "lens": "镜片颜色", "finish": "镜片"},
    {"black": "黑色", "white": "白色", "orange": "橙色", "mirrored": "镀膜", "clear": "透明", "non-mirrored": "无镀膜"},
    [
        ("black/orange/mirrored", 9000),
        ("white/orange/mirrored", 9100),
        ("white/black/mirrored", 9500),
        ("black/black/non-mirrored", 8000),
        ("black/orange/non-mirrored", 8200),
    ],
)


def meant(text: str, variants: list[VariantCandidate], current: str, shown: tuple[str, ...] = ()) -> list[str]:
    here = next(each for each in variants if each.sku == current)
    focus = Focus(shown=shown) if shown else NO_FOCUS
    found = resolve_variant(text, variants, current=here, focus=focus)
    return [each.sku for each in found.candidates if each.available]


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("one that can go in the dishwasher, so dishwasher safe", "single/no/LED/black", "single/yes/LED/black"),
        ("not dishwasher safe", "single/yes/LED/black", "single/no/LED/black"),
        ("no light please", "single/no/LED/black", "single/no/none/black"),
        ("without lights", "single/no/LED/black", "single/no/none/black"),
        ("不要照明的", "single/no/LED/black", "single/no/none/black"),
        ("the double one with LED", "single/yes/LED/black", "double/yes/LED/black"),
        ("双篮的", "single/yes/LED/black", "double/yes/LED/black"),
        ("not black, cream", "single/no/LED/black", "single/no/LED/cream"),
        ("米色的，不要黑的", "single/no/LED/black", "single/no/LED/cream"),
        ("the cheapest double", "single/yes/LED/black", "double/yes/none/cream"),
        ("the cream double one, if there's none the black double", "single/yes/LED/black", "double/yes/none/cream"),
    ],
)
def test_what_is_not_spoken_of_stays(text: str, current: str, wanted: str) -> None:
    assert meant(text, FRYERS, current) == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("echo", ["Amazon Echo/1 pack/white"]),
        ("the apple one", ["Apple Home/1 pack/white"]),
        ("苹果的", ["Apple Home/1 pack/white"]),
        ("家里用的是亚马逊的，换能用的", ["Amazon Echo/1 pack/white"]),
        ("a 4 pack", ["Google Home/4 pack/graphite"]),
        ("from google to apple", ["Apple Home/1 pack/white"]),
        ("google white should become apple white", ["Apple Home/1 pack/white"]),
        ("graphite, apple or amazon, whichever is cheaper", ["Apple Home/4 pack/graphite"]),
    ],
)
def test_a_part_of_a_value_is_enough(text: str, wanted: list[str]) -> None:
    assert meant(text, PLUGS, "Google Home/1 pack/white") == wanted


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("a size up", "7/textile/tan", ["9/leather/tan", "9/textile/olive"]),
        ("the next size up", "6/leather/tan", ["7/textile/tan"]),
        ("大一码的", "6/leather/black", ["7/textile/black"]),
        ("a size down", "9/leather/tan", ["7/textile/tan"]),
        ("a bigger one in olive", "6/leather/tan", ["9/textile/olive"]),
        ("the 9 in leather. If it's over 10 dollars more leave it", "6/leather/tan", ["9/leather/tan"]),
        ("70.00 is fine, the tan leather 9", "6/leather/tan", ["9/leather/tan"]),
        ("#W7654321: olive please", "6/leather/tan", ["6/leather/olive"]),
    ],
)
def test_the_next_size_that_there_is(text: str, current: str, wanted: list[str]) -> None:
    assert meant(text, SANDALS, current) == wanted


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("a white frame", "black/orange/mirrored", ["white/orange/mirrored"]),
        ("black lens", "white/orange/mirrored", ["white/black/mirrored"]),
        ("镜片要黑色的", "white/orange/mirrored", ["white/black/mirrored"]),
        ("框换成白的", "black/orange/mirrored", ["white/orange/mirrored"]),
        ("non mirrored", "black/orange/mirrored", ["black/orange/non-mirrored"]),
    ],
)
def test_the_name_of_the_option_says_which_is_meant(text: str, current: str, wanted: list[str]) -> None:
    assert meant(text, GOGGLES, current) == wanted


def test_what_is_on_the_screen_is_meant_first() -> None:
    shown = ("9/leather/tan", "9/textile/olive")
    assert meant("the olive one", SANDALS, "6/leather/tan", shown) == ["9/textile/olive"]
    assert meant("$60", SANDALS, "6/leather/tan", shown) == ["9/textile/olive"]


def test_nothing_is_denied_that_exists() -> None:
    """Whatever value is asked for, those that have it are offered where any is in stock."""
    for variants, here in itertools.product((FRYERS, PLUGS, SANDALS), range(4)):
        current = variants[here]
        for name, value in {(n, v) for each in variants for n, v in each.options.items()}:
            having = {e.sku for e in variants if e.options[name] == value and e.available and e is not current}
            if value == current.options[name] or not having or value in ("yes", "no", "none"):
                continue
            found = resolve_variant(f"in {value}", variants, current=current)
            told = {each.sku for each in found.candidates if each.available}
            assert told, (value, current.sku)
            assert told <= having, (value, current.sku)
