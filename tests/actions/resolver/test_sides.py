"""What a message holds against each other of one product."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from actions.resolver.sides import sides_said

_LAPTOPS = [
    {"disk": disk, "colour": colour, "screen": screen}
    for disk, colour, screen in (
        ("1TB", "silver", "15-inch"),
        ("1TB", "black", "13-inch"),
        ("512GB", "black", "13-inch"),
        ("1TB", "silver", "17-inch"),
    )
]
_PACKS = [
    {"colour": colour, "compartment": compartment, "size": size}
    for colour in ("grey", "navy")
    for compartment in ("hydration", "laptop")
    for size in ("small", "large")
]
_WATCHES = [
    {"strap": strap, "dial": dial}
    for strap, dial in (("leather", "white"), ("leather", "blue"), ("metal", "blue"), ("metal", "white"))
]
_IN_CHINESE = [
    {"表带": {"leather": "皮", "metal": "金属"}[each["strap"]], "表盘": {"white": "白色", "blue": "蓝色"}[each["dial"]]}
    for each in _WATCHES
]


@pytest.mark.parametrize(
    ("text", "variants", "sides"),
    [
        (
            "what's better, the 13 inch with 1tb or the 15-inch with 1tb",
            _LAPTOPS,
            [{"disk": "1TB", "screen": "13-inch"}, {"disk": "1TB", "screen": "15-inch"}],
        ),
        (
            "the difference between the two small hydration ones, grey and navy?",
            _PACKS,
            [
                {"size": "small", "compartment": "hydration", "colour": "grey"},
                {"size": "small", "compartment": "hydration", "colour": "navy"},
            ],
        ),
        (
            "leather with the white dial or metal with the blue dial, which is cheaper",
            _WATCHES,
            [{"strap": "leather", "dial": "white"}, {"strap": "metal", "dial": "blue"}],
        ),
        ("is the white leather one cheaper, not blue", _WATCHES, [{"strap": "leather", "dial": "white"}]),
        ("which should I take", _WATCHES, []),
    ],
)
def test_sides(text: str, variants: Sequence[dict[str, str]], sides: Sequence[dict[str, str]]) -> None:
    found = sides_said(text, variants)
    assert [dict(sorted(each.items())) for each in found] == [dict(sorted(each.items())) for each in sides]


def test_values_by_their_other_names() -> None:
    found = sides_said("皮表带白色盘的和金属蓝色的差多少钱", _WATCHES, [_IN_CHINESE])
    assert found == [{"strap": "leather", "dial": "white"}, {"strap": "metal", "dial": "blue"}]
