"""Versions of a product as shoppers say them, with what was said just before, and by the biggest of them."""

from __future__ import annotations

import pytest

from actions.resolver.versions import versions_meant

_KETTLES = [
    {"Volume": "0.5 l", "Color": "pearl gray", "Thermometer included": "no"},
    {"Volume": "1 l", "Color": "pearl gray", "Thermometer included": "yes"},
    {"Volume": "1 l", "Color": "copper", "Thermometer included": "no"},
    {"Volume": "1.7 l", "Color": "copper", "Thermometer included": "yes"},
]
_KETTLES_ZH = [
    {"容量": "0.5升", "颜色": "珍珠灰", "含温度计": "否"},
    {"容量": "1升", "颜色": "珍珠灰", "含温度计": "是"},
    {"容量": "1升", "颜色": "紫铜色", "含温度计": "否"},
    {"容量": "1.7升", "颜色": "紫铜色", "含温度计": "是"},
]
_SHIRTS = [{"Fit": fit, "Size": size} for fit in ("men's", "women's") for size in ("S", "L", "XL")]
_TABLES = [
    {"Seats": "4-person", "Bench": "with bench"},
    {"Seats": "4-person", "Bench": "without bench"},
    {"Seats": "8-person", "Bench": "without bench"},
]
_CARDS = [{"Card": "none"}, {"Card": "32 GB"}, {"Card": "256 GB"}]
_BOLTS = [{"Pack": "10 pieces", "Length": "8 in"}, {"Pack": "50 pieces", "Length": "12 in"}]


@pytest.mark.parametrize(
    ("text", "variants", "places"),
    [
        ("how much is it w/ the thermometer in copper", _KETTLES, [3]),
        ("the grey one without thermometer?", _KETTLES, [0]),
        ("what does the biggest cost", _KETTLES, [3]),
        ("price of the smallest one w/o thermometer", _KETTLES, [0]),
        ("womens in large", _SHIRTS, [4]),
        ("what's the price of it for men", _SHIRTS, [0, 1, 2]),
        ("do you have it in extra large, mens", _SHIRTS, [2]),
        ("a table for 4 people with a bench", _TABLES, [0]),
        ("four-person without the bench", _TABLES, [1]),
        ("the one that comes with a card", _CARDS, [1, 2]),
        ("no card", _CARDS, [0]),
        ("the 12 inch", _BOLTS, [1]),
        ('is the 8" left', _BOLTS, [0]),
        ("a 50 piece set", _BOLTS, [1]),
    ],
)
def test_versions_are_named_as_people_do(text: str, variants: list[dict[str, str]], places: list[int]) -> None:
    assert list(versions_meant(text, variants).places) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [("带温度计的多少钱", [1, 3]), ("不带温度计的灰色", [0]), ("最大的多少钱", [3]), ("紫铜的1升有货吗", [2])],
)
def test_in_chinese(text: str, places: list[int]) -> None:
    assert list(versions_meant(text, _KETTLES_ZH, _KETTLES).places) == places


@pytest.mark.parametrize(
    "text",
    [
        "how big is it",
        "when do you open, it's late",
        "i'm after something nice, that's all",
        "what's the biggest difference to last year",
        "do 9 people work there",
        "take $12 off",
        "can it be sent in 10 days",
        "最近有什么活动",
    ],
)
@pytest.mark.parametrize("variants", [_SHIRTS, _TABLES, _BOLTS])
def test_plain_sentences_name_no_version(text: str, variants: list[dict[str, str]]) -> None:
    assert not versions_meant(text, variants).named


def test_what_was_said_before_holds_on() -> None:
    found = versions_meant("how much is the 1 l one", _KETTLES, before="a kettle with a thermometer")
    assert list(found.places) == [1]
    assert found.held == {"Thermometer included": frozenset({"yes"})}


def test_another_value_of_the_same_option_takes_its_place() -> None:
    found = versions_meant("and 1.7 l?", _KETTLES, before="the copper one with thermometer, 1 l")
    assert list(found.places) == [3]


def test_what_there_is_besides_is_bound_by_nothing() -> None:
    assert not versions_meant("what other colours are there", _KETTLES, before="the copper one").places


def test_what_does_not_exist_is_none_of_them() -> None:
    found = versions_meant("0.5 l in copper", _KETTLES)
    assert found.named.wanted
    assert not found.places


def test_a_word_of_its_own_says_of_what_the_most_is_meant() -> None:
    sized = [{"Width": "90 cm", "Length": "60 cm"}, {"Width": "60 cm", "Length": "120 cm"}]
    assert list(versions_meant("how much is the longest?", sized).places) == [1]
    assert list(versions_meant("how much is the widest?", sized).places) == [0]


def test_what_something_does_names_its_option() -> None:
    mops = [{"Mopping": "no"}, {"Mopping": "yes"}]
    assert list(versions_meant("one that mops", mops).places) == [1]
    movement = [{"机芯": "石英"}, {"机芯": "自动机械"}]
    assert list(versions_meant("机械的多少钱", movement).places) == [1]
