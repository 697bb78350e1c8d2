"""Ages of people and of goods, in months."""

from __future__ import annotations

import pytest

from actions.resolver.ages import NO_END, age_range, ages_said


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("something for a 5 year old", [60]),
        ("my niece is turning 3", [36]),
        ("for a 9 month old baby", [9]),
        ("for my 8yo", [96]),
        ("送6岁的侄子", [72]),
        ("8个月的宝宝", [8]),
        ("delivered 3 months ago", []),
        ("a 2 year warranty", []),
        ("under 40 dollars", []),
        ("保修2年吗", []),
    ],
)
def test_ages_of_people(text: str, ages: list[int]) -> None:
    assert ages_said(text) == ages


@pytest.mark.parametrize(
    ("value", "months"),
    [
        ("18 months and up", (18, NO_END)),
        ("6 months to 4 years", (6, 48)),
        ("3-6 years", (36, 72)),
        ("8+", (96, NO_END)),
        ("up to 2 years", (0, 24)),
        ("6个月至4岁", (6, 48)),
        ("3岁以上", (36, NO_END)),
        ("adults", None),
    ],
)
def test_ages_of_goods(value: str, months: tuple[int, int] | None) -> None:
    assert age_range(value) == months
