"""What a message says of each of several goods: what is called off, what stays and what becomes another version."""

from __future__ import annotations

import pytest

from actions.changes.said_of_each import is_bare_denial, said_of_each, without_bare_denials
from actions.resolver import Focus
from tests.actions.resolver.candidates import TODAY, line

GRILL = line(1, ["Grill", "烧烤架"], 90000)
TRAINERS = line(2, ["Trainers", "跑鞋"], 9000)
MAT = line(3, ["Yoga mat", "瑜伽垫"], 3000, quantity=3)
LAMP = line(4, ["Desk lamp", "台灯"], 8000, quantity=2, options={"colour": "White"})
LINES = [GRILL, TRAINERS, MAT, LAMP]
NAMES = {"grill": GRILL.key, "trainers": TRAINERS.key, "mat": MAT.key, "lamp": LAMP.key}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("台灯不换 是取消一盏 留一盏", {"lamp": 1}),
        ("台灯不是换 是取消一盏", {"lamp": 1}),
        ("no I want the grill cancelled, not swapped", {"grill": None}),
        ("I said cancel the lamp, not swap it", {"lamp": None}),
        ("the trainers are right but what about the mats, cancel two of them", {"mat": 2}),
        ("跑鞋对的 但是台灯呢 两盏要取消一盏", {"lamp": 1}),
        ("please cancel only one of the lamps and leave the other", {"lamp": 1}),
        ("跑鞋留着 烧烤架取消 台灯换黑的", {"grill": None}),
        ("swap the lamp for a black one and cancel the grill", {"grill": None}),
        ("台灯是换黑色 烧烤架才是取消", {"grill": None}),
        ("不取消台灯 只取消一个瑜伽垫", {"mat": 1}),
        ("不是取消台灯 是取消烧烤架", {"grill": None}),
        ("I don't want the grill cancelled, cancel the trainers", {"trainers": None}),
        ("drop the trainers and one mat", {"trainers": None, "mat": 1}),
        ("I don't want lamps cancelled!! leave the mats", {}),
        ("no lamps. keep the grill", {}),
    ],
)
def test_called_off(text: str, gone: dict[str, int | None]) -> None:
    told = said_of_each(text, LINES, focus=Focus(lines=[LAMP.key]), today=TODAY)
    assert told is not None
    assert told.gone == {NAMES[name]: pieces for name, pieces in gone.items()}


@pytest.mark.parametrize(
    ("text", "field", "names"),
    [
        ("I don't want lamps cancelled, cancel the grill", "uncancelled", {"lamp"}),
        ("台灯不取消 取消的是烧烤架", "uncancelled", {"lamp"}),
        ("跑鞋留着 烧烤架取消", "kept", {"trainers"}),
        ("the trainers are right, cancel the grill", "kept", set[str]()),
        ("台灯是换黑色 烧烤架才是取消", "becomes", {"lamp"}),
        ("swap the lamp for a black one and cancel the grill", "becomes", {"lamp"}),
        ("台灯要是有黑的就换 没有就不换", "becomes", {"lamp"}),
        ("台灯不换 是取消一盏", "unswapped", {"lamp"}),
    ],
)
def test_stays_or_becomes_another(text: str, field: str, names: set[str]) -> None:
    told = said_of_each(text, LINES, focus=Focus(), today=TODAY)
    assert told is not None
    assert getattr(told, field) == {NAMES[name] for name in names}


@pytest.mark.parametrize("text", ["blue please", "有货吗", "if there is none, cancel it", "the black one"])
def test_nothing_of_any(text: str) -> None:
    assert said_of_each(text, LINES, focus=Focus(), today=TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "return all of it but the lamp, changed my mind",
        "cancel all of my order but the mats",
        "the lot, but not the grill",
    ],
)
def test_what_is_left_out_of_everything_stays_with_it(text: str) -> None:
    assert without_bare_denials(text) == text
    assert said_of_each(text, LINES, focus=Focus(), today=TODAY) is None


@pytest.mark.parametrize(
    "text", ["not swapped", "不是取消", "it's not cancelled", "don't swap it", "no cancelling at all"]
)
def test_bare_denials(text: str) -> None:
    assert is_bare_denial(text)
    assert without_bare_denials(f"the grill in black, {text}").strip(" ,") == "the grill in black"


@pytest.mark.parametrize(
    "text", ["no cancel it please", "no swap it", "no return them please", "no please change it", "不，换了它"]
)
def test_wishes_behind_a_no_deny_nothing(text: str) -> None:
    assert not is_bare_denial(text)
    assert without_bare_denials(f"{text}, and keep the lamp").startswith(text)


@pytest.mark.parametrize(
    ("text", "corrects"),
    [
        ("sorry, also cancel the grill", False),
        ("could you just cancel the grill too", False),
        ("Hey, cancel the grill as well", False),
        ("等等，烧烤架也取消", False),
        ("只是烧烤架还要取消", False),
        ("no, cancel the grill", True),
        ("I said cancel the grill", True),
        ("不是，是取消烧烤架", True),
    ],
)
def test_what_comes_besides_corrects_nothing(text: str, corrects: bool) -> None:
    told = said_of_each(text, LINES, focus=Focus(lines=[LAMP.key]), today=TODAY)
    assert told is not None
    assert told.gone == {GRILL.key: None}
    assert told.corrects is corrects


@pytest.mark.parametrize(
    "text",
    [
        "I never wanted to cancel the lamp",
        "did the lamp get cancelled",
        "was the lamp cancelled too",
        "台灯取消了吗",
        "台灯取消了没",
        "I never meant to return the lamp",
    ],
)
def test_nothing_goes_by_a_denial_or_a_question(text: str) -> None:
    told = said_of_each(text, LINES, focus=Focus(), today=TODAY)
    assert told is None or not told.gone
