"""What is enough, or needed no longer, is called off; and each part of a message names its own thing."""

from __future__ import annotations

from datetime import date

import pytest

from actions.resolver import LineCandidate, VariantCandidate
from actions.resolver.part_by_part import read_part_by_part
from actions.resolver.plain_wishes import plain_wishes

_TODAY = date(2026, 3, 12)
_MUG = LineCandidate("A", 1, ["Tin Mug", "锡杯"], "MUG-R", None, {"Colour": "Red"}, ({"颜色": "红色"},), quantity=2)
_LAMP = LineCandidate("A", 2, ["Desk Lamp", "台灯"], "LAMP-W", None, {"Colour": "White"}, ({"颜色": "白色"},))
_LINES = [_MUG, _LAMP]
_VARIANTS = {
    "MUG-R": [
        VariantCandidate("MUG-R", _MUG.titles, options={"Colour": "Red"}, other_options=({"颜色": "红色"},)),
        VariantCandidate("MUG-B", _MUG.titles, options={"Colour": "Blue"}, other_options=({"颜色": "蓝色"},)),
    ],
    "LAMP-W": [
        VariantCandidate("LAMP-W", _LAMP.titles, options={"Colour": "White"}, other_options=({"颜色": "白色"},)),
        VariantCandidate("LAMP-B", _LAMP.titles, options={"Colour": "Black"}, other_options=({"颜色": "黑色"},)),
    ],
}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Two mugs, one is enough. The lamp black", "Two mugs, cancel one Tin Mug. The lamp black"),
        ("the lamp in black, and one mug will do", "the lamp in black, and cancel one Tin Mug"),
        ("锡杯一个就够了，台灯换黑色", "锡杯取消1个，台灯换黑色"),
        ("one lamp is enough", "one lamp is enough"),
        ("取消一个就行", "取消一个就行"),
        ("is one enough for two people?", "is one enough for two people?"),
        ("the mugs in blue please. Lamp no longer needed", "the mugs in blue please. cancel Lamp"),
        ("the lamp is not needed any more", "the lamp is not needed any more"),
        ("cancel the lamp, it isn't needed", "cancel the lamp, it isn't needed"),
    ],
)  # fmt: skip
def test_what_is_enough_is_said_outright(text: str, plain: str) -> None:
    assert plain_wishes(text, _LINES, today=_TODAY) == plain


def test_each_part_names_its_own() -> None:
    said = "the mugs should be blue, the lamp one in black"
    read = read_part_by_part(said, _LINES, variants=_VARIANTS, today=_TODAY)
    assert [(wish.lines.first.sku, wish.wanted) for wish in read] == [("MUG-R", "blue"), ("LAMP-W", "black")]
    assert read_part_by_part("the mugs and the lamp in black", _LINES, variants=_VARIANTS, today=_TODAY) == []
    assert read_part_by_part("the mugs in blue, if not the lamp", _LINES, variants=_VARIANTS, today=_TODAY) == []
