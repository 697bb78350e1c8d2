"""What each line is to become by the whole of a message, conditions of price, and words that are thing and value."""

from __future__ import annotations

import pytest

from actions.resolver import LineCandidate, read_requests, resolve_lines, swaps_said, takes_it, too_dear
from tests.actions.resolver.candidates import TODAY
from tests.actions.resolver.test_fitting import FRYERS, PLUGS, SANDALS


def line(number: int, variant_sku: str) -> LineCandidate:
    variant = next(each for each in (*FRYERS, *PLUGS, *SANDALS) if each.sku == variant_sku)
    return LineCandidate(
        "B7", number, variant.titles, sku=variant.sku, product=variant.product, options=variant.options,
        other_options=variant.other_options, unit_price_minor=variant.price_minor,
    )  # fmt: skip


LINES = [line(1, "single/no/LED/black"), line(2, "Google Home/1 pack/white"), line(3, "6/leather/tan")]
BY_SKU = {str(each.sku): variants for each, variants in zip(LINES, (FRYERS, PLUGS, SANDALS), strict=True)}
TRIPOD = LineCandidate("B8", 1, ["Travel Tripod", "旅行三脚架"], options={"for": "camera"}, sku="T1")
CAMERA = LineCandidate("B8", 2, ["Film Camera", "胶片相机"], options={"colour": "black"}, sku="C1")
BAG = LineCandidate("B8", 3, ["Sling Bag", "斜挎包"], options={"inside": "camera"}, sku="S1")


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("swap the fryer for a double one, with LED, dishwasher safe", {1: "double/yes/LED/black"}),
        ("the sandals in black and the plug for apple", {3: "6/leather/black", 2: "Apple Home/1 pack/white"}),
        ("插座换成苹果的，凉鞋要黑色的", {3: "6/leather/black", 2: "Apple Home/1 pack/white"}),
        ("the google plug should be the echo one", {2: "Amazon Echo/1 pack/white"}),
        ("oh wait, actually the cream fryer, with LED", {1: "single/no/LED/cream"}),
        ("炸锅不要黑的了要米色的", {1: "single/no/LED/cream"}),
        ("炸锅也要换 米色里最便宜的", {1: "single/no/LED/cream"}),
        ("插座已经说好了 是凉鞋 换橄榄绿的皮的", {3: "6/leather/olive"}),
    ],
)
def test_each_line_by_what_is_said_of_it(text: str, targets: dict[int, str]) -> None:
    wishes = read_requests(text, LINES, variants=BY_SKU, today=TODAY)
    wishes = swaps_said(text, wishes, LINES, variants=BY_SKU, today=TODAY)
    assert {
        each.lines.first.line_number: each.target.first.sku
        for each in wishes
        if each.target is not None and each.target.matches
    } == targets


@pytest.mark.parametrize(
    ("text", "limit", "otherwise"),
    [
        ("make it cream, but if it costs more than $15 extra, don't", 1500, "leave"),
        ("换成双篮的，贵30块以上就算了", 3000, "leave"),
        ("only if it's under £5 more", 500, "leave"),
        ("if the difference is over 12.50 cancel it", 1250, "cancel"),
        ("要是更贵就不换了", 0, "leave"),
    ],
)
def test_more_than_that_is_too_much(text: str, limit: int, otherwise: str) -> None:
    found, rest = too_dear(text)
    assert found is not None
    assert (found.limit_minor, found.otherwise, len(rest)) == (limit, otherwise, len(text))
    assert not found.holds(2000 + limit, 2000)
    assert found.holds(2001 + limit, 2000)


def test_no_condition_of_price() -> None:
    assert too_dear("the 12 is 30 more than I paid")[0] is None
    assert too_dear("return it if it has been more than two weeks")[0] is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("return the camera", 2),
        ("send back the camera bag", 3),
        ("the bag with the camera pocket goes back", 3),
        ("把相机退掉", 2),
        ("the camera tripod please", 1),
    ],
)
def test_a_thing_or_what_another_is_for(text: str, number: int) -> None:
    found = resolve_lines(text, [TRIPOD, CAMERA, BAG], today=TODAY)
    assert [each.line_number for each in found.candidates] == [number]


def test_taking_the_one_that_is_offered() -> None:
    assert all(map(takes_it, ("yes, that one", "Yes please", "就这个吧", "ok go for it", "可以")))
    assert not any(map(takes_it, ("yes, but in red", "which one?", "no", "好的，换成红色")))
