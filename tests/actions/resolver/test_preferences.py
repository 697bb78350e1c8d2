"""Preferences in order, sizes and comparisons among the variants of one product; what is not spoken of stays."""

from __future__ import annotations

import pytest

from actions.resolver import VariantCandidate, resolve_variant
from tests.actions.resolver.test_fitting import meant, product

TENTS = product(
    ["Ridge Tent", "山脊帐篷"],
    {"persons": "人数", "poles": "帐杆", "shade": "颜色"},
    {"2 persons": "2人", "3 persons": "3人", "4 persons": "4人", "aluminium": "铝合金", "fibreglass": "玻璃纤维"}
    | {"olive": "橄榄绿", "orange": "橙色", "sand": "沙色"},
    [
        ("2 persons/aluminium/olive", 21000),
        ("2 persons/fibreglass/sand", 15000),
        ("3 persons/aluminium/orange", 24000),
        ("3 persons/fibreglass/olive", 18000),
        ("4 persons/aluminium/olive", 29000),
        ("4 persons/fibreglass/orange", -22000),
        ("3 persons/aluminium/sand", 25500),
        ("4 persons/aluminium/sand", 31000),
    ],
)
TABLETS = product(
    ["Slate Tablet", "平板电脑"],
    {"disk": "硬盘", "memory": "内存", "screen": "屏幕"},
    {"8-inch": "8寸", "10-inch": "10寸", "12-inch": "12寸"},
    [
        ("64GB/4GB/12-inch", 50000),
        ("128GB/8GB/10-inch", 48000),
        ("128GB/4GB/10-inch", 45000),
        ("256GB/16GB/8-inch", 52000),
        ("256GB/8GB/10-inch", 55000),
    ],
)


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("orange, else sand", "3 persons/aluminium/sand", "3 persons/aluminium/orange"),
        ("sand, if there's no sand one then orange", "3 persons/aluminium/orange", "3 persons/aluminium/sand"),
        ("if sand isn't in stock then olive", "3 persons/aluminium/orange", "3 persons/aluminium/sand"),
        ("for 4. If olive isn't there for 4 then sand", "2 persons/aluminium/olive", "4 persons/aluminium/olive"),
        ("4人的，没有橙色的就沙色", "3 persons/aluminium/orange", "4 persons/aluminium/sand"),
        ("the 4 person one, sand is fine too", "2 persons/aluminium/olive", "4 persons/aluminium/olive"),
        ("换4人的 不是橄榄绿也行", "2 persons/aluminium/olive", "4 persons/aluminium/olive"),
        ("3 persons, ideally orange", "2 persons/aluminium/olive", "3 persons/aluminium/orange"),
        ("3 persons, whichever colour is cheaper", "2 persons/aluminium/olive", "3 persons/aluminium/orange"),
        ("3人的 颜色无所谓 帐杆不变 哪个便宜换哪个", "2 persons/aluminium/olive", "3 persons/aluminium/orange"),
        ("3 persons, any colour", "2 persons/fibreglass/sand", "3 persons/fibreglass/olive"),
        ("4人的 颜色随便", "2 persons/aluminium/olive", "4 persons/aluminium/olive"),
        ("最大的，橄榄绿的沙色的都行，哪个便宜要哪个", "2 persons/aluminium/olive", "4 persons/aluminium/olive"),
        ("有没有沙色的 人数一样", "3 persons/aluminium/orange", "3 persons/aluminium/sand"),
        ("把橄榄绿那顶换成4人的", "2 persons/aluminium/olive", "4 persons/aluminium/olive"),
    ],
)
def test_the_first_that_can_be_had(text: str, current: str, wanted: str) -> None:
    assert meant(text, TENTS, current) == [wanted]


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("a smaller one", "64GB/4GB/12-inch", ["128GB/4GB/10-inch"]),
        ("换小一点的", "64GB/4GB/12-inch", ["128GB/4GB/10-inch"]),
        ("more memory", "128GB/4GB/10-inch", ["128GB/8GB/10-inch"]),
        ("内存大点的", "128GB/4GB/10-inch", ["128GB/8GB/10-inch"]),
        ("10 inch with the most memory and 256GB", "64GB/4GB/12-inch", ["256GB/8GB/10-inch"]),
        ("太大了，要小点的，8寸", "128GB/8GB/10-inch", ["256GB/16GB/8-inch"]),
    ],
)
def test_bigger_is_of_the_size_unless_something_else_is_named(text: str, current: str, wanted: list[str]) -> None:
    assert meant(text, TABLETS, current) == wanted


def test_the_end_is_told_only_where_nothing_lies_beyond() -> None:
    here = next(each for each in TABLETS if each.sku == "128GB/8GB/10-inch")
    found = resolve_variant("a bigger one with 16GB of memory", TABLETS, current=here)
    absent = found.asked_but_absent[0]
    assert (found.status, absent.edge, list(absent.nearest)) == ("none", "", ["64GB/4GB/12-inch"])
    smallest = next(each for each in TABLETS if each.sku == "256GB/16GB/8-inch")
    assert resolve_variant("a smaller one", TABLETS, current=smallest).asked_but_absent[0].edge == "size_min"


def test_what_cannot_be_had_comes_with_what_is_nearest() -> None:
    here = next(each for each in TENTS if each.sku == "3 persons/aluminium/orange")
    found = resolve_variant("4 persons in orange", TENTS, current=here)
    assert not [each for each in found.candidates if each.available]
    told = found.asked_but_absent[0].nearest
    assert set(told) == {"4 persons/aluminium/olive", "4 persons/aluminium/sand"}


def test_a_value_of_the_shops_own_is_no_other_that_is_like_it() -> None:
    shelves = [
        VariantCandidate(f"{wood}/{shade}", ["Shelf"], "shelf", {"wood": wood, "shade": shade}, price_minor=100)
        for wood, shade in (("oak", "white"), ("oak", "brown"), ("pine", "brown"), ("beech", "brown"))
    ]
    found = resolve_variant("brown, pine", shelves, current=shelves[0])
    assert (found.status, [each.sku for each in found.candidates]) == ("one", ["pine/brown"])
