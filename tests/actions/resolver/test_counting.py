"""How many pieces are meant: a number that is wanted told from one that says how many there are or how many stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.resolver import Focus, LineCandidate, fewer, read_requests
from tests.actions.resolver.candidates import TODAY

TANKARD = LineCandidate(
    order="A1", line_number=1, titles=["Stoneware Tankard", "陶杯"], sku="TNK", quantity=2, unit_price_minor=1400
)
SCARF = LineCandidate(
    order="A1", line_number=2, titles=["Lambswool Scarf", "羊毛围巾"], sku="SCF", unit_price_minor=3500
)
LAMP = LineCandidate(
    order="A1", line_number=3, titles=["Brass Lamp", "黄铜台灯"], sku="LMP", quantity=3, unit_price_minor=7200
)
LINES = [TANKARD, SCARF, LAMP]


def meant(text: str, lines: list[LineCandidate] = LINES, focus: Focus | None = None) -> dict[str, int | None] | str:
    """The pieces by stock code; or "ask" where they are not sure, "whole" where no line is spoken of."""
    requests = read_requests(text, lines, today=TODAY, focus=focus or Focus())
    if any(not each.lines.sure for each in requests):
        return "whole" if all(each.lines.said_nothing for each in requests) else "ask"
    return {
        str(match.candidate.sku): match.quantity if match.quantity is not None else each.quantity
        for each in requests
        for match in each.lines.matches
    }


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("cancel one of the two tankards", {"TNK": 1}),
        ("cancel one tankard out of the two", {"TNK": 1}),
        ("take one of my two tankards off", {"TNK": 1}),
        ("return two of the three lamps", {"LMP": 2}),
        ("return two out of three lamps", {"LMP": 2}),
        ("I bought 3 lamps, return one", {"LMP": 1}),
        ("I ordered two tankards but need only one, cancel one", {"TNK": 1}),
        ("keep one of the two tankards and cancel the other", {"TNK": 1}),
        ("cancel all but one of the lamps", {"LMP": 2}),
        ("cancel all the lamps but one", {"LMP": 2}),
        ("cancel one each of the tankards and lamps", {"TNK": 1, "LMP": 1}),
        ("cancel both tankards", {"TNK": 2}),
        ("cancel half of the tankards", {"TNK": 1}),
        ("两个陶杯退一个", {"TNK": 1}),
        ("三盏台灯里退两盏", {"LMP": 2}),
        ("我买了三盏台灯，退一盏", {"LMP": 1}),
        ("台灯留一盏其余取消", {"LMP": 2}),
        ("陶杯和台灯各退一个", {"TNK": 1, "LMP": 1}),
        ("退一半陶杯", {"TNK": 1}),
    ],
)
def test_the_number_wanted_is_told_from_the_others(text: str, pieces: dict[str, int]) -> None:
    assert meant(text) == pieces


@pytest.mark.parametrize("text", ["cancel half of the lamps", "台灯退一半", "return 4 lamps", "买了三个台灯只要一个"])
def test_what_is_no_plain_number_is_asked(text: str) -> None:
    assert meant(text) == "ask"


def test_pieces_of_the_only_line_need_no_name() -> None:
    assert meant("三件里退两件", [LAMP]) == {"LMP": 2}
    assert meant("return two of the three", [LAMP]) == {"LMP": 2}


@pytest.mark.parametrize("text", ["cancel order A1", "cancel A1", "cancel the order", "取消订单A1"])
def test_an_order_by_its_number_is_not_the_line_in_focus(text: str) -> None:
    focus = Focus(lines=("A1/2", "A1/1"), orders=("A1",))
    assert meant(text, focus=focus) == "whole"
    assert meant("cancel it", focus=focus) == {"SCF": None}


@pytest.mark.parametrize("text", ["send back all but the scarf, onto my gift card", "除了围巾都退，钱退到礼品卡"])
def test_where_money_goes_is_no_line(text: str) -> None:
    assert meant(text) == {"TNK": 2, "LMP": 3}


NUMBERS = {1: ("one", "1", "一"), 2: ("two", "2", "两"), 3: ("three", "3", "三"), 4: ("four", "4", "四")}
PATTERNS = (
    "cancel {n} of the {m} lamps",
    "return {n} lamps of the {m}",
    "{n} out of {m} lamps go back",
    "I bought {m} lamps, send back {n}",
    "please cancel {n} lamps",
    "of the {m} lamps I would like to return {n}",
    "{M}盏台灯退{N}盏",
    "{M}盏台灯里取消{N}盏",
    "买了{M}盏台灯，退{N}盏",
    "台灯退{N}盏",
)


@given(st.sampled_from(PATTERNS), st.integers(1, 4), st.integers(1, 4), st.integers(1, 5), st.sampled_from([0, 1]))
@settings(max_examples=200, deadline=None)
def test_never_more_than_was_said_or_is_open(pattern: str, wanted: int, of: int, there: int, written: int) -> None:
    few, many = NUMBERS[min(wanted, of)], NUMBERS[max(wanted, of)]
    text = pattern.format(n=few[written], m=many[written], N=few[2], M=many[2])
    lamp = replace(LAMP, quantity=there)
    pieces = meant(text, [TANKARD, SCARF, lamp])
    if isinstance(pieces, dict):
        assert set(pieces) == {"LMP"}
        # None stands for the whole line.
        assert (pieces["LMP"] or there) <= min(wanted, of)


@pytest.mark.parametrize(
    ("text", "of_two", "of_three"),
    [
        ("I only need one of the things I ordered two of, can you take one off", 1, 1),
        ("I ordered two too many", 2, 2),
        ("just want one please", 1, 2),
        ("今天那单多拍了 少要一个", 1, 1),
        ("只要一件就行", 1, 2),
        ("多拍了2个", 2, 2),
    ],
)
def test_words_that_ask_for_a_part(text: str, of_two: int, of_three: int) -> None:
    part = fewer(text)
    assert part is not None
    assert (part.of(2), part.of(3)) == (of_two, of_three)


@pytest.mark.parametrize(
    "text", ["cancel my order please", "I only want the mug", "取消订单", "不要了", "all but the mug"]
)
def test_words_that_ask_for_no_number(text: str) -> None:
    assert fewer(text) is None
