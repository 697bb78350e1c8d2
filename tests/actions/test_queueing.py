"""What waits behind an open change: when it is dropped, and what it is about when it is taken up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.changes.kinds import BY_KEY
from actions.changes.noted import asks, named_before, says_what_is_wrong
from actions.changes.queueing import (
    asks_for_money,
    corrects,
    only_says_all,
    only_takes_back,
    taken_back,
    without_done,
    without_told,
)
from actions.resolver import LineCandidate

TODAY = date(2026, 3, 12)


def _line(order: str, number: int, title: str, quantity: int = 1) -> LineCandidate:
    return LineCandidate(
        order=order,
        line_number=number,
        titles=[title],
        sku=f"{order}-{number}",
        options={},
        quantity=quantity,
        open_quantity=quantity,
        unit_price_minor=1000,
    )


LINES = [_line("A1", 1, "Yoga Mat"), _line("A1", 2, "Desk Lamp", 2), _line("A1", 3, "Tea Kettle")]


def _noted(text: str, intent: str) -> list[dict[str, Any]]:
    return [{"text": text, "intent": intent}]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cancel the mat", "cancel_order"),
        ("can you cancel that", "cancel_order"),
        ("please cancel the yoga mat", "ask_order_details"),
    ],
)
def test_what_was_done_is_not_done_again(text: str, intent: str) -> None:
    assert without_done(_noted(text, intent), BY_KEY["cancel"], LINES, ["A1/1"], today=TODAY) == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cancel the lamp", "cancel_order"),
        ("send the mat back", "return_items"),
        ("cancel the other one too", "cancel_order"),
        ("cancel my order 88231", "cancel_order"),
    ],
)
def test_what_was_not_done_still_waits(text: str, intent: str) -> None:
    queue = _noted(text, intent)
    assert without_done(queue, BY_KEY["cancel"], LINES, ["A1/1"], today=TODAY) == queue


def test_a_return_that_was_opened_since_is_not_called_off_by_earlier_words() -> None:
    queue = _noted("I'd simply like to return one because the trip was cancelled", "cancel_return")
    assert without_done(queue, BY_KEY["return"], LINES, ["A1/2"], today=TODAY) == []


def test_what_was_left_takes_along_only_what_names_the_same() -> None:
    queue = [*_noted("cancel the mat", "cancel_order"), *_noted("can you cancel that", "cancel_order")]
    left = without_done(queue, BY_KEY["cancel"], LINES, ["A1/1"], made=False, today=TODAY)
    assert left == queue[1:]


@pytest.mark.parametrize(
    "text",
    [
        "What would I get back",
        "how much will i get",
        "What's the refund",
        "what would that cost extra",
        "能退多少钱",
        "差价多少",
    ],
)
def test_money_that_an_offer_tells(text: str) -> None:
    assert asks_for_money(text)
    assert without_told(_noted(text, "ask_total")) == []


@pytest.mark.parametrize("text", ["how much is the lamp", "what would the black one cost", "台灯多少钱一盏"])
def test_money_that_no_offer_tells(text: str) -> None:
    assert not asks_for_money(text)


QUEUE = [{"text": "cancel the keyboard"}, {"text": "swap the trainers for a size 8"}, {"text": "把台灯也退了"}]


@pytest.mark.parametrize(
    "text", ["that's all, thanks", "no thanks", "no, thank you, that's it", "没别的了", "没有了，谢谢"]
)
def test_all_of_it_is_taken_back(text: str) -> None:
    assert taken_back(QUEUE, text) == QUEUE
    assert only_says_all(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("never mind the keyboard", QUEUE[0]),
        ("forget the trainers please", QUEUE[1]),
        ("台灯算了", QUEUE[2]),
        ("别管台灯了", QUEUE[2]),
    ],
)
def test_one_thing_is_taken_back(text: str, left: dict[str, Any]) -> None:
    assert taken_back(QUEUE, text) == [left]
    assert only_takes_back(text)


@pytest.mark.parametrize(
    "text", ["that's all I want changed", "leave the rug", "the blue one, that's all good", "就这样吧"]
)
def test_nothing_is_taken_back(text: str) -> None:
    assert taken_back(QUEUE, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "not the backpack!! the mouse",
        "no, the order from today",
        "I mean the other mug",
        "不是这个，是那盒拼图",
        "我说的是昨天那单",
    ],
)
def test_a_correction(text: str) -> None:
    assert corrects(text)


@pytest.mark.parametrize("text", ["no thanks", "and the mug too", "把马克杯也退了"])
def test_no_correction(text: str) -> None:
    assert not corrects(text)


def test_a_question_is_no_wish() -> None:
    assert asks("did you cancel today's bed")
    assert asks("取消了吗")
    assert not asks("can you cancel that")
    assert not asks("could the watch be in black")
    assert not asks("能把它退了吗")


def test_what_is_wrong_is_said_plainly() -> None:
    assert says_what_is_wrong("the lamp came with a broken shade")
    assert not says_what_is_wrong("nothing wrong came, it isn't even here yet")
    assert not says_what_is_wrong("i ordered that by mistake")


def test_a_pronoun_is_about_the_clause_before_it() -> None:
    found = named_before("swap the mat for a blue one. One of the two lamps isn't needed", LINES, today=TODAY)
    assert found is not None
    assert [(match.candidate.key, match.quantity) for match in found.matches] == [("A1/2", 1)]
    assert named_before("I've far too many things", LINES, today=TODAY) is None
