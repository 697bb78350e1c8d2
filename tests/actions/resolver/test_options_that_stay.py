"""Options that stay by name, and what is wanted first: they decide which version is meant."""

from __future__ import annotations

import pytest

from actions.resolver import LineCandidate, VariantCandidate, resolve_variant
from actions.resolver.swaps import keeps_options


def _clog(size: str, sole: str, colour: str, zh: tuple[str, str]) -> VariantCandidate:
    return VariantCandidate(
        f"{size}-{sole}-{colour}",
        ["Garden Clog", "园艺鞋"],
        product="clog",
        options={"size": size, "sole": sole, "colour": colour},
        other_options=({"尺码": size, "鞋底": zh[0], "颜色": zh[1]},),
    )


CLOGS = [
    _clog("39", "Rubber", "White", ("橡胶", "白色")),
    _clog("39", "Rubber", "Blue", ("橡胶", "蓝色")),
    _clog("39", "Cork", "Black", ("软木", "黑色")),
    _clog("41", "Rubber", "Black", ("橡胶", "黑色")),
]
HERE = LineCandidate(
    "A", 1, CLOGS[0].titles, CLOGS[0].sku, "clog", options=CLOGS[0].options, other_options=CLOGS[0].other_options
)


@pytest.mark.parametrize(
    "text",
    [
        "没黑的就要蓝的,尺码不变",
        "black, else blue, and the size stays",
        "换黑的同码",
        "the same size in black",
    ],
)
def test_the_first_wish_comes_first(text: str) -> None:
    found = resolve_variant(text, CLOGS, current=HERE)
    assert (found.status, found.first.sku) == ("one", "39-Cork-Black")


@pytest.mark.parametrize(
    ("text", "stays"),
    [("黑色的,尺码鞋底都不变", True), ("black, sole and size stay the same", True), ("园艺鞋不变,只换灯", False)],
)
def test_options_are_said_to_stay(text: str, stays: bool) -> None:
    assert keeps_options(text, CLOGS) is stays
