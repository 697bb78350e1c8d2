"""Goods that are said to come as ordered, beside what is called off: they stay, and the rest of an order too."""

from __future__ import annotations

import pytest

from actions.resolver import read_requests
from actions.resolver.sent_on import without_rest_kept
from tests.actions.resolver.candidates import KETTLE, LAMP, LINES, MUG, RAINCOAT, RUG, SCARF, TODAY


def said(text: str) -> dict[str | None, set[str]]:
    wishes: dict[str | None, set[str]] = {}
    for each in read_requests(text, LINES, today=TODAY):
        wishes.setdefault(each.wish, set()).update(line.titles[0] for line in each.lines.candidates)
    return wishes


def names(*lines: object) -> set[str]:
    return {line.titles[0] for line in lines}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "帮我把围巾取消，其他东西照发",
        "围巾都不要了，其余的照常寄",
        "取消围巾，剩下的正常发",
        "cancel the scarf, ship the rest as planned",
        "cancel the scarf and send the rest",
        "take the scarf off my order and ship the rest to my office",
        "cancel the scarf, send everything else to my sister",
        "围巾取消，剩下的寄到公司",
        "cancel all the scarves, keep the rest",
        "please cancel the scarf; the other things still go out as usual",
    ],
)
def test_the_rest_is_sent(text: str) -> None:
    assert said(text) == {"cancel": names(SCARF), "keep": names(LAMP, MUG, RAINCOAT, RUG, KETTLE)}


@pytest.mark.parametrize(
    "text",
    [
        "只取消围巾，地毯照发",
        "围巾取消，地毯还是照常寄",
        "only cancel the scarf! I want the rug",
        "cancel the scarf, the rug can still ship",
        "the rug should still be sent, cancel the scarf",
        "ship the rug, cancel the scarf",
    ],
)
def test_what_is_named_is_sent(text: str) -> None:
    assert said(text) == {"cancel": names(SCARF), "keep": names(RUG)}


@pytest.mark.parametrize(
    "text", ["send the scarf back", "return the scarf, I want my money back", "send back the scarf"]
)
def test_what_is_sent_back_goes(text: str) -> None:
    assert said(text) == {"return": names(SCARF)}


@pytest.mark.parametrize(
    "text",
    ["不加了，什么都不要买", "什么都别买了", "I don't want to buy anything else", "don't add anything new"],
)
def test_buying_nothing_calls_nothing_off(text: str) -> None:
    assert said(text) == {}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("取消拼图，其他不动", "取消拼图，"),
        ("跑鞋不要了，剩下的正常发", "跑鞋不要了，"),
        ("cancel the grills in both orders and ship the rest as planned", "cancel the grills in both orders"),
        ("cancel the lamps; the rest can be sent as usual", "cancel the lamps"),
        ("其他都退，围巾留下", "其他都退，围巾留下"),
        ("send the rest back", "send the rest back"),
        ("keep the scarf, return the rest", "keep the scarf, return the rest"),
    ],
)
def test_without_what_says_that_the_rest_stays(text: str, left: str) -> None:
    assert without_rest_kept(text).rstrip() == left
