"""Plain sentences near readings of pieces, of where money goes and of what is too dear: they say something else."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.every_piece import every_piece
from actions.changes.goods_compared import without_choice_of_targets
from actions.changes.money_of_goods import said_of_all
from actions.changes.part_corrected import corrects_a_part
from actions.changes.request import ChangeRequest
from actions.changes.topic_first import wish_of_topic_in
from actions.plain_requests import wanted_beside_its_money
from actions.resolver import LineCandidate, read_requests, resolve_refund_target, too_dear
from actions.resolver.portions import portion

TODAY = date(2026, 3, 12)
LINES = [
    LineCandidate("A1", 1, ["Desk lamp", "台灯"], sku="A1-1", options={"colour": "black"}, quantity=2),
    LineCandidate("A1", 2, ["Electric kettle", "电热水壶"], sku="A1-2", options={"colour": "red"}),
    LineCandidate("A1", 3, ["Stoneware mug", "马克杯"], sku="A1-3", quantity=3),
]


@pytest.mark.parametrize(
    "text",
    [
        "both lamps are broken, exchange both",
        "one of the lamps is broken, exchange both",
        "both lamps to white, not just one",
        "两盏都换成白色的，不是只换一盏",
        "lamps: both in white please",
        "both of them are too dark. swap them for white",
    ],
)
def test_all_pieces_that_are_to_change(text: str) -> None:
    request = ChangeRequest("change_items", "m1", "", orders=["A1"], lines={"A1/1": None})
    assert every_piece(text, LINES, request, today=TODAY) is not None


@pytest.mark.parametrize(
    "text", ["both lamps are too dark, swap one for the white one", "台灯两盏都太暗了，一盏换成白色的"]
)
def test_one_of_both(text: str) -> None:
    request = ChangeRequest("change_items", "m1", "", orders=["A1"], lines={"A1/1": None})
    assert every_piece(text, LINES, request, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("the lamps i got two of - change one of them to white", 1),
        ("I ordered two of the lamps, one in white please", 1),
        ("cancel two of the mugs", 2),
        ("I got two of the lamps", 2),
        ("exchange two of them", 2),
    ],
)
def test_how_many_there_are_is_no_number_that_is_wanted(text: str, pieces: int) -> None:
    read = portion(text)
    assert read is not None
    assert read.pieces == pieces


@pytest.mark.parametrize(
    "text",
    [
        "the other one should not go back, change one to white",
        "the other one will not be returned",
        "the other one must not be cancelled",
        "the other one doesn't go back",
        "the other one I'd rather keep, change one to white",
        "the other order I'd like to return",
        "the other one can't go",
        "the other one can go to my office",
        "the other order can go",
        "change one to white, the other one can stay",
    ],
)
def test_the_other_one_that_does_not_go(text: str) -> None:
    read = portion(text)
    assert read is None or read.rest not in ("return", "cancel")


def test_the_other_one_can_go() -> None:
    read = portion("no, just one, the other one can go")
    assert read is not None
    assert (read.pieces, read.rest) == (1, "cancel")


@pytest.mark.parametrize(
    "text",
    [
        "I want to send back the lamp. What does a new one cost?",
        "How much would I get back?",
        "I already sent back the lamp. How much would I get back?",
        "What happens if I cancel the lamp, how much do I get back?",
        "Can I return the lamp? How much would that be?",
        "I don't want to return the lamp. How much is that?",
    ],
)
def test_money_that_is_asked_about_begins_nothing(text: str) -> None:
    assert wanted_beside_its_money(text) is None


@pytest.mark.parametrize(
    "text", ["I want to send back the lamp. How much would that be?", "Cancel the kettle, how much do I get back?"]
)
def test_money_that_is_asked_about_beside_a_wish(text: str) -> None:
    assert wanted_beside_its_money(text) is not None


@pytest.mark.parametrize(
    ("said", "behind"),
    [
        ("the lamp is broken", ", cancel it"),
        ("the mugs came", ", can you cancel one of them?"),
        ("the two lamps from today", ", can you cancel one of them and change the other to white?"),
        ("the mug", ", cancel the lamp"),
        ("the lamp I keep", ", cancel it"),
        ("the kettle in red", ", please"),
    ],
)
def test_what_is_named_first_and_is_no_topic_of_a_wish(said: str, behind: str) -> None:
    assert wish_of_topic_in(said, behind) is None


def test_what_is_named_first_and_then_called_off() -> None:
    found = wish_of_topic_in("ok. and the two lamps in the order with the mug", ", can you cancel just one of them?")
    assert found == ("cancel", "cancel one of the two lamps in the order with the mug")


@pytest.mark.parametrize(
    "text",
    [
        "the money for the lamp on my gift card",
        "refund of the mug to my gift card",
        "only the lamp onto my gift card",
        "台灯的钱退到礼品卡",
        "这次退到礼品卡",
    ],
)
def test_money_of_some_goods_is_not_that_of_all(text: str) -> None:
    assert not said_of_all(text, resolve_refund_target(text, ("original", "gift_card")).spans)


@pytest.mark.parametrize("text", ["send back the lamp, but I'd like it on my gift card", "台灯想退，钱退到礼品卡"])
def test_money_of_all_that_goes_back(text: str) -> None:
    assert said_of_all(text, resolve_refund_target(text, ("original", "gift_card")).spans)


@pytest.mark.parametrize(
    "text",
    [
        "if it's more than 20 dollars extra, only the one in red",
        "if it's over 20 dollars extra then only one of the blue ones",
        "if it costs more than 20 dollars extra, leave it",
        "change one of them if it's under 5 dollars more",
        "only one of them please, not more than 10 dollars extra",
        "太贵了，只换一件",
    ],
)
def test_a_limit_of_price_that_says_nothing_of_fewer_pieces(text: str) -> None:
    dear, _ = too_dear(text)
    assert dear is None or dear.pieces is None


@pytest.mark.parametrize(
    ("text", "in_all"),
    [
        ("change the mugs to blue. if it's more than 5 dearer each then only one", False),
        ("both lamps in white, but if that's more than 10 dollars extra then only one of them", True),
        ("两盏都换成白色，贵50块以上就只换一盏", True),
    ],
)
def test_a_limit_of_price_for_more_than_one_piece(text: str, in_all: bool) -> None:
    dear, _ = too_dear(text)
    assert dear is not None
    assert (dear.pieces, dear.in_all) == (1, in_all)


@pytest.mark.parametrize(
    "text",
    [
        "swap whichever is cheaper to white",
        "change the lamps to white, whichever of my lamps is cheaper",
        "in white or whatever you have",
        "换便宜的那盏",
        "哪个便宜？",
    ],
)
def test_what_is_cheaper_of_ones_own_is_no_choice_of_what_comes(text: str) -> None:
    assert without_choice_of_targets(text) == text


def test_a_choice_of_what_comes_by_its_price() -> None:
    said = "the two lamps: same but white or grey - whichever is cheaper"
    assert without_choice_of_targets(said).strip() == "the two lamps: same but white or grey"
    assert without_choice_of_targets("台灯换成白色或灰色，哪个便宜要哪个") == "台灯换成白色或灰色"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("no, the kettle in white please", True),
        ("no, only the kettle in white", False),
        ("the kettle in white, not the lamp", False),
        ("just the kettle in white", False),
        ("只把水壶换成白色", False),
        ("cancel the kettle", False),
    ],
)
def test_what_one_of_several_becomes_leaves_the_others(text: str, part: bool) -> None:
    request = ChangeRequest("change_items", "m1", "", orders=["A1"], lines={"A1/1": None, "A1/2": None})
    request.targets = {"A1/1": "x", "A1/2": "y"}
    wishes = read_requests(text, LINES, today=TODAY)
    assert corrects_a_part(request, wishes, text) is part
