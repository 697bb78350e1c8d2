"""Which order words mean, beside what the resolver reads."""

from __future__ import annotations

import pytest

from actions.changes.profile import removes_a_place
from actions.changes.which_order import becoming, goes_to, unknown_object, without_becoming
from actions.resolver import NO_FOCUS
from actions.resolver.lines import line_pool, read_lines
from tests.actions.resolver.candidates import LINES, TODAY


@pytest.mark.parametrize(
    ("text", "left", "wanted"),
    [
        ("the sunglasses to silver", "the sunglasses", "to silver"),
        ("I want the mugs in today's order to become green ones", "I want the mugs in today's order", "green ones"),
        ("the kettle should be the red one", "the kettle", "the red one"),
        ("I'd like the bookcase in white", "I'd like the bookcase", "in white"),
        ("恒温器换成黑色", "恒温器", "换成黑色"),
        ("cancel the lamp in the order from today", "cancel the lamp in the order from today", ""),
        ("I want to change the lamp", "I want to change the lamp", ""),
        ("换货，那张地毯", "换货，那张地毯", ""),
    ],
)
def test_what_a_thing_becomes_describes_no_order(text: str, left: str, wanted: str) -> None:
    assert without_becoming(text).strip() == left
    assert wanted in becoming(text)
    assert bool(wanted) == bool(becoming(text))


@pytest.mark.parametrize("text", ["the camera delivered to York", "cancel the York order", "the one in york"])
def test_an_order_is_told_by_its_city(text: str) -> None:
    assert goes_to("York", text)


@pytest.mark.parametrize("text", ["the bath mat", "cancel the lamp"])
def test_no_city(text: str) -> None:
    assert not goes_to("Bath", text)


@pytest.mark.parametrize(
    "text", ["delete the Boston one", "remove the one in Seattle please", "把休斯顿那个删掉", "上海的地址删了吧"]
)
def test_a_place_that_is_removed_is_an_address(text: str) -> None:
    assert removes_a_place(text)


@pytest.mark.parametrize(
    "text", ["remove the lamp", "delete the Boston mug from my order", "把台灯删掉", "cancel the Leeds order"]
)
def test_goods_that_are_removed_are_no_address(text: str) -> None:
    assert not removes_a_place(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("cancel the gizmo", "gizmo"),
        ("please cancel my doodad", "doodad"),
        ("cancel the lamp", ""),
        ("cancel my order", ""),
        ("cancel my purchase please", ""),
        ("cancel it", ""),
        ("cancel everything", ""),
    ],
)
def test_what_is_to_be_called_off_and_is_not_known(text: str, word: str) -> None:
    assert unknown_object(read_lines(text, line_pool(LINES, NO_FOCUS), TODAY)) == word
