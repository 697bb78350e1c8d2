"""Sets of so many pieces, the very next size, what is said to stay, prices that name a variant, and lone nouns."""

from __future__ import annotations

import pytest

from actions.resolver import LineCandidate, resolve_lines, resolve_variant
from actions.resolver.misfits import without_misfits
from actions.resolver.portions import portions_apart
from tests.actions.resolver.candidates import TODAY
from tests.actions.resolver.test_fitting import product

BOWLS = product(
    ["Nesting Bowls", "套碗"],
    {"pieces": "件数", "material": "材质", "colour": "颜色"},
    {"glass": "玻璃", "steel": "不锈钢", "green": "绿色", "grey": "灰色"},
    [
        ("3/steel/grey", 4240),
        ("3/steel/green", 4480),
        ("5/steel/green", 6385),
        ("5/glass/green", 6910),
        ("5/steel/grey", 6120),
        ("7/glass/grey", 8850),
    ],
)
LOAFERS = product(
    ["Moc Loafers", "乐福鞋"],
    {"size": "尺码", "upper": "鞋面", "colour": "颜色"},
    {"suede": "麂皮", "canvas": "帆布", "tan": "棕褐色", "navy": "藏青色"},
    [
        ("5/suede/tan", 8000),
        ("6/canvas/navy", 6600),
        ("7/canvas/tan", 6900),
        ("8/suede/tan", 8200),
        ("6/suede/navy", -8100),
    ],
)
BAG = LineCandidate("B3", 1, ["Weekend Backpack", "旅行双肩包"], sku="W1")
CASE = LineCandidate("B3", 2, ["Cabin Suitcase", "登机行李箱"], sku="C1")


def becomes(text: str, variants: list, here: str) -> tuple[str, list[str]]:
    """What a line that is `here` is to become by `text`."""
    current = next(each for each in variants if each.sku == here)
    found = resolve_variant(text, variants, current=current)
    return found.status, [each.sku for each in found.candidates]


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("换成5件套的绿色", "5/steel/green"),
        ("不是3件套，要五件套灰色", "5/steel/grey"),
        ("the five-piece in green please", "5/steel/green"),
        ("a set of five, grey", "5/steel/grey"),
        ("要5件套那个61的", "5/steel/grey"),
        ("不锈钢的，63.85那个", "5/steel/green"),
        ("the 69 one", "5/glass/green"),
    ],
)
def test_so_many_pieces_and_prices_name_a_set(text: str, sku: str) -> None:
    assert becomes(text, BOWLS, "3/steel/grey") == ("one", [sku])


@pytest.mark.parametrize(
    "text",
    [
        "换大一码，鞋面颜色都不变",
        "one size up, same upper and colour please",
        "帮我换大一号，鞋面和颜色别变，没有就算了",
    ],
)
def test_the_next_size_is_no_other_size(text: str) -> None:
    current = next(each for each in LOAFERS if each.sku == "5/suede/tan")
    found = resolve_variant(text, LOAFERS, current=current)
    assert found.status == "none"
    assert found.asked_but_absent[0].nearest[0] == "8/suede/tan"


def test_a_size_that_is_said_not_to_fit_is_not_wanted() -> None:
    assert "8" not in without_misfits("8码太大了")
    assert "8" not in without_misfits("an 8 would be too big for me")
    assert "6" in without_misfits("8码太大了换6码")
    assert becomes("8码太大了，要7码的", LOAFERS, "5/suede/tan")[1] == ["7/canvas/tan"]


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("一台改成15寸16G的，另一台改成最便宜的17寸", [(1, "15寸16G"), (1, "最便宜的17寸")]),
        ("第一双换8码绿的，第二双换10码黑的", [(1, "8码绿"), (1, "10码黑")]),
        ("one bike to medium and the other bike to large", [(1, "medium"), (1, "large")]),
    ],
)
def test_each_piece_by_values_with_numbers(text: str, each: list[tuple[int, str]]) -> None:
    assert any(list(read.each) == each for read in portions_apart(text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("包也要换", "B3/1"),
        ("把包退了", "B3/1"),
        ("那箱子换大号的差多少", "B3/2"),
        ("包呢", "B3/1"),
        ("一包都没有", None),
        ("包装破了", None),
        ("包邮吗", None),
    ],
)
def test_a_counting_word_that_is_a_thing(text: str, key: str | None) -> None:
    found = resolve_lines(text, [BAG, CASE], today=TODAY)
    named = [m.candidate.key for m in found.matches if any(why.kind == "name" for why in m.reasons)]
    assert named == ([key] if key else [])
