"""Which variant words mean, beside what the shopper has."""

from __future__ import annotations

import pytest

from actions.resolver import VariantCandidate, resolve_variant
from tests.actions.resolver.candidates import JACKETS, RAINCOATS, RUGS, TEES, sku

RUG = sku(RUGS, "R-Oatmeal-120 × 180 cm")
COAT = sku(RAINCOATS, "C-Olive-38")
TEE = sku(TEES, "T-Navy-M")


@pytest.mark.parametrize(
    ("text", "candidates", "current", "wanted"),
    [
        ("a darker one", RUGS, RUG, "R-Charcoal-120 × 180 cm"),
        ("深一点的", RUGS, RUG, "R-Charcoal-120 × 180 cm"),
        ("not so bright", RUGS, RUG, "R-Charcoal-120 × 180 cm"),
        ("a bigger one", RUGS, RUG, "R-Oatmeal-160 × 230 cm"),
        ("小一号", RUGS, RUG, "R-Oatmeal-80 × 150 cm"),
        ("the 160 x 230", RUGS, RUG, "R-Oatmeal-160 × 230 cm"),
        ("120x180 in charcoal", RUGS, RUG, "R-Charcoal-120 × 180 cm"),
        ("the same in a 40", RAINCOATS, COAT, "C-Olive-40"),
        ("40码", RAINCOATS, COAT, "C-Olive-40"),
        ("a 42 in navy", RAINCOATS, COAT, "C-Navy-42"),
        ("a size up", RAINCOATS, COAT, "C-Olive-40"),
        ("大一号", RAINCOATS, COAT, "C-Olive-40"),
        ("藏青色的", RAINCOATS, COAT, "C-Navy-38"),
        ("in blue", RAINCOATS, COAT, "C-Navy-38"),
        ("换个颜色", RAINCOATS, COAT, "C-Navy-38"),
        ("same but in L", TEES, TEE, "T-Navy-L"),
        ("the next size up, it is rather small", TEES, TEE, "T-Navy-L"),
        ("extra large", TEES, TEE, "T-Navy-XL"),
        ("大号", TEES, TEE, "T-Navy-L"),
        ("white", TEES, TEE, "T-White-M"),
        ("浅蓝 L", TEES, TEE, "T-Sky Blue-L"),
        ("the white one in an XL", TEES, TEE, "T-White-XL"),
        ("not navy, white", TEES, TEE, "T-White-M"),
        ("the white large one", TEES, None, "T-White-L"),
        ("天蓝色M码", TEES, None, "T-Sky Blue-M"),
    ],
)
def test_finds_the_variant(
    text: str, candidates: list[VariantCandidate], current: VariantCandidate | None, wanted: str
) -> None:
    result = resolve_variant(text, candidates, current=current)
    assert (result.status, [variant.sku for variant in result.candidates]) == ("one", [wanted])


def test_what_is_sold_out_is_found_and_said_to_be_so() -> None:
    result = resolve_variant("M", JACKETS, current=sku(JACKETS, "J-Black-S"))
    assert result.first.sku == "J-Black-M"
    assert not result.first.available


@pytest.mark.parametrize(
    ("text", "candidates", "current", "kind", "instead"),
    [
        ("size 46", RAINCOATS, COAT, "value", ("36", "38", "40", "42")),
        ("a black one", RAINCOATS, COAT, "value", ("Olive", "Navy")),
        ("XXL", TEES, TEE, "value", ("S", "M", "L", "XL")),
        ("in rust", RUGS, RUG, "combination", ("Rust",)),
        ("换成M码", TEES, TEE, "current", ()),
    ],
)
def test_says_what_was_asked_for_but_is_not_there(
    text: str, candidates: list[VariantCandidate], current: VariantCandidate, kind: str, instead: tuple[str, ...]
) -> None:
    result = resolve_variant(text, candidates, current=current)
    assert not result.sure
    assert [(each.kind, tuple(each.instead)) for each in result.asked_but_absent] == [(kind, instead)]


def test_nothing_lighter_is_said_so() -> None:
    result = resolve_variant("a lighter one", RUGS, current=RUG)
    assert result.status == "none"
    assert result.asked_but_absent[0].kind == "comparative"


def test_measures_are_compared_across_units() -> None:
    bottles = [
        VariantCandidate(f"B{size}", ["Olive oil"], "B", {"capacity": size}) for size in ("250 ml", "0.5 l", "1 litre")
    ]
    for text, wanted in (
        ("the 500ml one", "B0.5 l"),
        ("half a litre", "B0.5 l"),
        ("1升的", "B1 litre"),
        ("a quarter", None),
    ):
        result = resolve_variant(text, bottles)
        assert [variant.sku for variant in result.candidates] == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("那来个160粉的", ["160ml-pink"]),
        ("blue 240 please", ["240ml-blue"]),
        ("the pink one", ["160ml-pink", "240ml-pink"]),
        ("1 pink one", ["160ml-pink", "240ml-pink"]),
        ("order 160160, pink", ["160ml-pink", "240ml-pink"]),
    ],
)
def test_a_number_without_its_unit(text: str, meant: list[str]) -> None:
    bottles = [
        VariantCandidate(
            f"{size}-{colour}",
            ["Glass Bottle", "玻璃奶瓶"],
            options={"Capacity": size, "Colour": colour},
            other_options=[{"容量": size, "颜色": named}],
        )
        for size in ("160ml", "240ml")
        for colour, named in (("pink", "粉色"), ("blue", "蓝色"))
    ]
    assert [each.sku for each in resolve_variant(text, bottles).candidates] == meant
