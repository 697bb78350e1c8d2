"""Exceptions and orders are understood although the words around them are misspelt."""

from __future__ import annotations

import pytest

from actions.changes.windows import left_out
from actions.resolver import order_words, read_requests, without_order_words
from actions.resolver.spelling import spelt
from tests.actions.resolver.candidates import LINES, TODAY


@pytest.mark.parametrize(
    "text",
    [
        "cancel everything in my odrer with the rug except the mugs",
        "cancel everything in my order with the kettle except the mugs",
        "cancel evrything in my oder with the kettle exept the mugs",
        "cancel everyting from my order with the rug apart form the mugs",
        "except the mugs, cancel the whole ordre with the kettle",
        "cancel everything form my order with the kettle expect the mugs",
        "除了杯子，有地毯的那个定单都取消",
        "有地毯的那个定单除了杯子都取消",
    ],
)
def test_what_is_left_out_is_left_out_whatever_is_misspelt(text: str) -> None:
    every = {line.key for line in LINES}
    mugs = {line.key for line in LINES if "Stoneware mug" in line.titles}
    called_off = {
        line.key
        for each in read_requests(without_order_words(text), LINES, today=TODAY)
        if each.wish == "cancel"
        for line in each.lines.candidates
    }
    assert called_off == every - mugs, text


def test_the_words_for_what_stays_are_found() -> None:
    assert left_out("send back everything in my oredr exept the lamp") == "the lamp"
    assert left_out("send back everyting other then my lamp") == "my lamp"


def test_what_an_order_holds_is_no_longer_described_by_what_is_left_out_of_it() -> None:
    assert order_words("send back all of my order with the lamp but the kettle") == "my order with the lamp"
    assert order_words("cancel my order with the chocolate bar") == "my order with the chocolate bar"


def test_words_of_their_own_stay() -> None:
    for text in ("I expect the parcel tomorrow", "the older one", "I accept the offer", "a border collie"):
        assert spelt(text) == text
