"""Wishes one after the other in one message, and where it goes beside them."""

from __future__ import annotations

from datetime import date

import pytest

from actions.resolver import LineCandidate, VariantCandidate, clauses_apart, read_apart, where_said, without_where

_TODAY = date(2026, 3, 12)
_LINES = [
    LineCandidate("A", 1, ["Enamel Kettle", "搪瓷水壶"], "KET-R", None, {"Colour": "Red"}, ({"颜色": "红色"},)),
    LineCandidate("A", 2, ["Wool Throw", "羊毛盖毯"], "THR-G", None, {"Colour": "Grey"}, ({"颜色": "灰色"},)),
]
_VARIANTS = {
    "KET-R": [
        VariantCandidate("KET-R", _LINES[0].titles, options={"Colour": "Red"}, other_options=({"颜色": "红色"},)),
        VariantCandidate("KET-B", _LINES[0].titles, options={"Colour": "Blue"}, other_options=({"颜色": "蓝色"},)),
    ],
    "THR-G": [
        VariantCandidate("THR-G", _LINES[1].titles, options={"Colour": "Grey"}, other_options=({"颜色": "灰色"},)),
        VariantCandidate("THR-W", _LINES[1].titles, options={"Colour": "White"}, other_options=({"颜色": "白色"},)),
    ],
}


@pytest.mark.parametrize(
    "text",
    [
        "make the kettle blue and the throw white",
        "kettle red->blue, throw grey->white",
        "水壶换成蓝色 盖毯换成白色",
    ],
)
def test_each_thing_gets_its_own(text: str) -> None:
    wishes = read_apart(clauses_apart(text), _LINES, variants=_VARIANTS, today=_TODAY)
    assert [(wish.lines.first.sku, wish.target.first.sku) for wish in wishes if wish.target] == [
        ("KET-R", "KET-B"),
        ("THR-G", "THR-W"),
    ]


def test_one_target_for_two_is_none_of_its_own() -> None:
    assert read_apart("swap the kettle and the throw for blue", _LINES, variants=_VARIANTS, today=_TODAY) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("swap the kettle for blue and use the work address", "and use the work address"),
        ("make it blue, deliver to my parents", "deliver to my parents"),
        ("水壶换成蓝色 地址换成公司", "地址换成公司"),
        ("水壶换成蓝色，然后寄给我妈", "然后寄给我妈"),
        ("swap the kettle for blue", ""),
    ],
)
def test_where_it_goes_is_told_from_the_goods(text: str, where: str) -> None:
    assert where_said(text) == where
    assert where not in without_where(clauses_apart(text)) or not where
