"""The other piece that is called off, the company that a wish only has, and a state that is said to stay."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.address_corrections import state_of
from actions.changes.other_piece_off import other_pieces_off
from actions.changes.request import ChangeRequest
from actions.changes.said_of_each import said_of_each
from actions.changes.version_refused import allowed
from actions.resolver import Focus, LineCandidate, VariantCandidate, resolve_lines

TODAY = date(2026, 3, 12)
LINES = [
    LineCandidate(order="a", line_number=1, sku="MUG", titles=["Stone Mug", "石头杯"], quantity=2),
    LineCandidate(order="a", line_number=2, sku="LAMP", titles=["Orchard Lamp", "果园台灯"], quantity=2),
]
REQUEST = ChangeRequest("change_items", "m", "x", orders=["a"], lines={"a/1": 1})


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("另一个取消；台灯也取消一个", "台灯也取消一个"),
        ("剩下那个不要了", ""),
        ("cancel the other; also cancel one of the lamps", " also cancel one of the lamps"),
        ("the other one can go", ""),
        ("I don't need the other mug", ""),
    ],
)
def test_the_other_piece_goes(text: str, rest: str) -> None:
    gone, left = other_pieces_off(REQUEST, LINES, text, today=TODAY)
    assert gone == {"a/1": 1}
    assert left.strip(" ,.;，。；") == rest.strip()


@pytest.mark.parametrize("text", ["另一个台灯取消", "台灯取消一个", "the other one stays", "cancel one of the lamps"])
def test_no_other_piece(text: str) -> None:
    assert other_pieces_off(REQUEST, LINES, text, today=TODAY) == ({}, text)


@pytest.mark.parametrize(
    "text", ["台灯不取消，取消的是另外那个石头杯", "don't cancel the lamp, it's the other mug that is cancelled"]
)
def test_one_of_two_is_called_off_as_the_other(text: str) -> None:
    told = said_of_each(text, LINES, focus=Focus(), today=TODAY, changing=["a/1", "a/2"])
    assert told is not None
    assert told.gone == {"a/1": 1}


def test_what_goes_becomes_nothing() -> None:
    lines = [
        LineCandidate(order="a", line_number=1, sku="P", titles=["Mouse", "鼠标"], options={"colour": "粉色"}),
        LineCandidate(order="a", line_number=2, sku="B", titles=["Mouse", "鼠标"], options={"colour": "黑色"}),
    ]
    told = said_of_each("粉色鼠标取消", lines, focus=Focus(), today=TODAY, changing=["a/1", "a/2"])
    assert told is not None
    assert (set(told.gone), told.becomes) == ({"a/1"}, frozenset())


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("州别去掉啊，还是TX", "TX"),
        ("省份不要去掉，CO", "CO"),
        ("don't drop the state, it's still TX", "TX"),
        ("keep the state, Ohio", "OH"),
        ("还是寄到TX的公司", None),
    ],
)
def test_a_state_that_stays(text: str, state: str | None) -> None:
    assert state_of(text) == state


def test_the_shorter_name_is_not_swallowed_by_the_longer() -> None:
    lines = [
        LineCandidate(order="a", line_number=1, sku="K", titles=["Kettle", "烧水壶"]),
        LineCandidate(order="a", line_number=2, sku="B", titles=["Bottle", "水壶"]),
    ]
    assert [each.sku for each in resolve_lines("水壶", lines, today=TODAY).candidates] == ["B"]
    assert [each.sku for each in resolve_lines("烧水壶", lines, today=TODAY).candidates] == ["K"]
    assert [each.sku for each in resolve_lines("水壶", lines[:1], today=TODAY).candidates] == ["K"]


def test_versions_with_a_refused_value_are_left_out() -> None:
    variants = [
        VariantCandidate(sku=kind, titles=["Vacuum"], options={"type": kind}) for kind in ("robotic", "upright")
    ]
    assert [each.sku for each in allowed(variants, ["robotic"])] == ["upright"]
    assert allowed(variants, []) == variants
