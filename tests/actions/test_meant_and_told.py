"""What is only told is not wanted, what is denied is left, and the same may be wanted of further goods."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.asked_of_orders import without_asked_of_orders
from actions.changes.done_likewise import more_of_it
from actions.changes.no_place import denies_place, means_no_place
from actions.changes.only_told import only_told, without_only_told
from actions.changes.wished_so_far import as_wished, turns_back
from actions.resolver import LineCandidate, VariantCandidate, read_requests, resolve_lines
from actions.resolver.asked_comparison import without_asked_comparison

_TODAY = date(2026, 3, 12)
_MUG = LineCandidate("A", 1, ["Tin Mug", "锡杯"], "MUG-R", None, {"Colour": "Red"}, ({"颜色": "红色"},))
_LAMP = LineCandidate("A", 2, ["Desk Lamp", "台灯"], "LAMP-W", None, {"Colour": "White"}, ({"颜色": "白色"},))
_BLUE = LineCandidate("B", 1, ["Tin Mug", "锡杯"], "MUG-B", None, {"Colour": "Blue"}, ({"颜色": "蓝色"},), quantity=2)
_UPRIGHT = LineCandidate("A", 3, ["Vacuum", "吸尘器"], "V-U", None, {"Type": "Upright"}, ({"类型": "立式"},))
_ROBOT = LineCandidate(
    "B", 2, ["Vacuum", "吸尘器"], "V-R", None, {"Type": "Robotic"}, ({"类型": "扫地机器人"},), quantity=2
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I got a mug and a lamp last week. I want to send the lamp back", {"A/1"}),
        ("买了杯子和台灯，想退台灯", {"A/1"}),
        ("I bought a mug and a lamp, send both back", set()),
        ("I bought the mug but it is chipped. Send back the lamp too", set()),
        ("send back the lamp", set()),
    ],
)
def test_what_was_only_bought(text: str, told: set[str]) -> None:
    wishes = read_requests(text, [_MUG, _LAMP], today=_TODAY)
    assert only_told(text, wishes) == told
    assert ("mug" in without_only_told(text, [_MUG, _LAMP], today=_TODAY)) == ("mug" in text and not told)


@pytest.mark.parametrize(
    "text", ["cancel the red one and the blue ones", "取消红色的和蓝色的", "cancel the red mug and the blue ones"]
)
def test_told_by_a_value_each(text: str) -> None:
    (wish,) = read_requests(text, [_MUG, _LAMP, _BLUE], today=_TODAY)
    assert {line.key for line in wish.lines.candidates} == {"A/1", "B/1"}


@pytest.mark.parametrize("text", ["return the robot vacuums", "扫地机退了", "send the robot vacuum back"])
def test_a_robot_vacuum_is_the_robotic_one(text: str) -> None:
    (wish,) = read_requests(text, [_UPRIGHT, _ROBOT, _LAMP], today=_TODAY)
    assert [line.key for line in wish.lines.candidates] == ["B/2"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Which of my mugs is bigger? Return the smaller one", "my mugs, Return the smaller one"),
        ("我的杯子哪个贵？便宜的那个退掉", "我的杯子，便宜的那个退掉"),
        ("Which lamp costs more? Keep that one, cancel the other", "lamp, Keep the pricier one, cancel the other"),
        ("我的灯哪盏亮？留那盏，另一盏退", "我的灯，留亮的那盏，另一盏退"),
        ("return the bigger mug", "return the bigger mug"),
        ("which mug is bigger?", "which mug is bigger?"),
    ],
)
def test_a_comparison_that_is_only_asked(text: str, left: str) -> None:
    assert without_asked_comparison(text) == left


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("forget the address! the lamp in black", "the lamp in black"),
        ("I'm not talking about the address. Change the mug", "Change the mug"),
        ("别管地址，台灯要黑的", "台灯要黑的"),
        ("the address stays the same", ""),
        ("send it to my work address", None),
        ("leave it at the door", None),
    ],
)
def test_no_address_is_meant(text: str, rest: str | None) -> None:
    assert denies_place(text) == rest


def test_a_change_of_address_that_speaks_of_none() -> None:
    assert means_no_place("Ana Berg, 94110. I ordered a tent but it only sleeps two. I want the one for four")
    assert not means_no_place("I want the parcel sent to my office")
    assert not means_no_place("change it to 94110")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("and the lamp", "the lamp"),
        ("the lamp as well please", "the lamp"),
        ("same for the mug", "the mug"),
        ("还有台灯", "台灯"),
        ("谢谢，台灯也一样", "台灯"),
        ("and where is the lamp?", ""),
        ("the lamp", ""),
    ],
)
def test_what_is_added_to_what_was_done(text: str, said: str) -> None:
    assert more_of_it(text) == said


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Change the mug to blue. Is my lamp order going to Leeds?", "Change the mug to blue."),
        ("杯子换成蓝色。台灯那单寄到哪了？", "杯子换成蓝色。"),
        ("Is the mug to be had in blue? Change it then.", "Is the mug to be had in blue? Change it then."),
        ("is my order going to Leeds?", "is my order going to Leeds?"),
    ],
)
def test_what_is_only_asked_of_an_order(text: str, left: str) -> None:
    assert without_asked_of_orders(text).strip() == left


_VARIANTS = [
    VariantCandidate("W-L-W", ["Mouse"], options={"Hand": "left-handed", "Shade": "white"}),
    VariantCandidate("W-R-P", ["Mouse"], options={"Hand": "right-handed", "Shade": "pink"}),
    VariantCandidate("W-R-G", ["Mouse"], options={"Hand": "right-handed", "Shade": "grey"}),
    VariantCandidate("W-L-B", ["Mouse"], options={"Hand": "left-handed", "Shade": "black"}),
]
_MOUSE = LineCandidate("A", 4, ["Mouse"], "W-L-W", None, {"Hand": "left-handed", "Shade": "white"})


def test_what_all_that_is_offered_has_stays_wanted() -> None:
    wished = as_wished(_MOUSE, _VARIANTS, ["W-R-P", "W-R-G"])
    assert wished is not None
    assert wished.options == {"Hand": "right-handed", "Shade": "white"}
    assert turns_back(_VARIANTS[3], wished, _MOUSE, "black then")
    assert not turns_back(_VARIANTS[3], wished, _MOUSE, "the left one in black")
    assert as_wished(_MOUSE, _VARIANTS, ["W-R-P", "W-L-B"]) is None


@pytest.mark.parametrize("text", ["the keyboard with no lighting", "the unlit keyboard", "the keyboard that isn't lit"])
def test_none_of_an_option(text: str) -> None:
    dark = LineCandidate("A", 5, ["Keyboard"], "K-N", None, {"Lighting": "none", "Size": "60%"})
    lit = LineCandidate("A", 6, ["Keyboard"], "K-W", None, {"Lighting": "white", "Size": "80%"})
    assert [line.key for line in resolve_lines(text, [dark, lit], today=_TODAY).candidates] == ["A/5"]
