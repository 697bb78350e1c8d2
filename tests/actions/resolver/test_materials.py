"""Materials that no version of the goods is made of, and what is had instead of what was wanted first."""

from __future__ import annotations

import pytest

from actions.resolver import VariantCandidate, resolve_variant
from actions.resolver.materials import not_made_of


def _jugs() -> list[VariantCandidate]:
    return [
        VariantCandidate(
            f"J{place}",
            ("Water Jug", "水瓶"),
            "J",
            {"material": material, "size": size},
            [{"材质": han, "容量": size}],
            1000 + place,
        )
        for place, (material, han, size) in enumerate(
            (("ceramic", "陶瓷", "1 l"), ("ceramic", "陶瓷", "2 l"), ("oak", "橡木", "1 l"))
        )
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the jug in glass, 2 l", ["glass"]),
        ("a steel one please", ["steel"]),
        ("水瓶换成玻璃的", ["玻璃"]),
        ("a ceramic one", []),
        ("not the glass kind, a ceramic one", []),
        ("不要塑料的", []),
    ],
)
def test_what_they_are_not_made_of(text: str, words: list[str]) -> None:
    assert [absent.words for absent in not_made_of(text, _jugs())] == words


def test_goods_that_are_told_by_no_material_are_not_asked_for_one() -> None:
    mats = [VariantCandidate(f"M{size}", ("Mat",), "M", {"size": size}) for size in ("S", "L")]
    assert not_made_of("the glass mat in L", mats) == []


def test_a_material_that_there_is_not_is_never_passed_over() -> None:
    jugs = _jugs()
    found = resolve_variant("in glass with 2 l", jugs, current=jugs[0])
    assert found.status != "one"
    assert [absent.value for absent in found.asked_but_absent] == ["glass"]


def test_what_was_wanted_first_is_told() -> None:
    jugs = _jugs()
    found = resolve_variant("in glass, or if there is none then in oak", jugs, current=jugs[0])
    assert (found.status, found.first.sku) == ("one", "J2")
    assert [absent.value for absent in found.asked_but_absent] == ["glass"]
