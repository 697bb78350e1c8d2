"""Facts of several products beside each other, whatever each record calls them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from actions.resolver.facts_aligned import Row, aligned


def told(*rows: tuple[str, str | None, str | None]) -> set[tuple[str | None, ...]]:
    return {each.values for each in aligned([Row(name, (one, two)) for name, one, two in rows])}


def test_what_is_called_alike_or_tells_of_the_same_stands_together() -> None:
    mixers = told(
        ("Flour at once", "14 cups", None),
        ("Bench weight", "26 lb", None),
        ("Bowl takes", "6 qt", None),
        ("Max flour", None, "8 cups"),
        ("Machine alone", None, "12.5 lb"),
        ("Bowl", None, "3.7 qt"),
    )
    assert mixers == {("14 cups", "8 cups"), ("26 lb", "12.5 lb"), ("6 qt", "3.7 qt")}


def test_the_pull_of_a_reel_is_none_of_its_weight() -> None:
    reels = told(
        ("Drag max", "22 lb", None),
        ("Reel weight", "8.1 oz", None),
        ("On your rod", None, "6.9 oz"),
        ("Strongest drag", None, "9 lb"),
    )
    assert ("22 lb", "9 lb") in reels
    assert ("8.1 oz", "9 lb") not in reels
    assert ("22 lb", "6.9 oz") not in reels


def test_chinese_names() -> None:
    knives = told(("刃口角度", "15度", None), ("刀刃", None, "12度"), ("净重", "180克", None), ("自重", None, "210克"))
    assert ("180克", "210克") in knives


def test_what_one_product_has_both_of_stays_apart() -> None:
    assert told(("Hose", "25 ft", None), ("Cord", "6 ft", None)) == {("25 ft", None), ("6 ft", None)}


@given(
    st.lists(
        st.tuples(st.sampled_from(["Weight", "Bowl", "Bowl size", "Motor", "净重", "续航"]), st.booleans()),
        max_size=6,
    )
)
def test_nothing_is_lost_or_invented(rows: list[tuple[str, bool]]) -> None:
    made = [
        Row(name, (f"{place} g", None) if first else (None, f"{place} g")) for place, (name, first) in enumerate(rows)
    ]
    before = sorted(value for row in made for value in row.values if value)
    assert sorted(value for row in aligned(made) for value in row.values if value) == before
