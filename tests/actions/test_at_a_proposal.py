"""What is said at a proposal: goods that stay, a yes with something beside it, which money goes where, a state."""

from __future__ import annotations

from datetime import date

import pytest

from actions.changes.address_corrections import corrected, state_of
from actions.changes.agreeing import agreement, joins_on
from actions.changes.left_alone import as_left, left_alone
from actions.changes.plain_yes import is_yes
from actions.changes.ways_apart import refund_way
from actions.resolver import LineCandidate

TODAY = date(2026, 3, 12)
LINES = [
    LineCandidate(order="a", line_number=1, sku="LAMP", titles=["Orchard Lamp", "果园台灯"], quantity=1),
    LineCandidate(order="a", line_number=2, sku="RUG", titles=["Harbour Rug", "海港地毯"], quantity=2),
    LineCandidate(order="a", line_number=3, sku="SCARF", titles=["Heather Scarf", "石楠围巾"], quantity=1),
]


@pytest.mark.parametrize(
    ("text", "kept", "rest"),
    [
        ("No, leave the lamp alone.", {"LAMP"}, ""),
        ("forget the rug. leave it alone", {"RUG"}, ""),
        ("i don't want another lamp, i want to change the rug in it", {"LAMP"}, "i want to change the rug in it"),
        ("please don't swap the scarf, just send it to my office", {"SCARF"}, "just send it to my office"),
        ("take the rug out of it", {"RUG"}, ""),
        ("I don't want the lamp cancelled", {"LAMP"}, ""),
        ("never mind the scarf", {"SCARF"}, ""),
        ("台灯留着，只改地址", {"LAMP"}, "只改地址"),
        ("先别管围巾，车先退一辆", {"SCARF"}, "车先退一辆"),
        ("地毯不换，别改了", {"RUG"}, ""),
        ("别动台灯", {"LAMP"}, ""),
        ("我不想换围巾，我要换的是地毯", {"SCARF"}, "我要换的是地毯"),
    ],
)
def test_a_not_beside_a_thing_leaves_it(text: str, kept: set[str], rest: str) -> None:
    left = left_alone(text, LINES, today=TODAY)
    assert left is not None
    assert ({line.sku for line in LINES if line.key in left.kept}, left.rest) == (kept, rest)


@pytest.mark.parametrize(
    "text",
    [
        "cancel the lamp",
        "if there is none in blue, leave the rug",
        "keep one of the two rugs",
        "要是没有红的就别换围巾",
        "yes",
        "it's not the lamp I ordered",
        "please don't forget the lamp",
        "I don't want to keep the scarf",
        "you didn't cancel the rug",
        "don't send me the scarf",
        "别忘了台灯",
        "台灯不是我要的",
    ],
)
def test_a_wish_a_condition_or_a_part_leaves_nothing_whole(text: str) -> None:
    assert left_alone(text, LINES, today=TODAY) is None


def test_what_stands_in_a_condition_keeps_its_words() -> None:
    assert as_left("swap it, and if it is dearer don't change the lamp") == (
        "swap it, and if it is dearer don't change the lamp"
    )


@pytest.mark.parametrize(
    "text",
    [
        "212.40 is fine, yes please, thank you",
        "hmm £4.50 for postage? ok fine, yes",
        "yes, that one",
        "18.20 is under 25, go for it",
        "yes all of them",
        "90 for a 95 lamp? fine, do it",
        "好的，八块钱邮费可以接受，办吧",
        "可以，就那个",
        "行，谢谢您",
    ],
)
def test_a_yes_with_an_amount_or_thanks_is_a_yes(text: str) -> None:
    assert is_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes but only one",
        "yes, and the scarf too",
        "8.95 is too much",
        "yes, the blue one",
        "yes. on my gift card",
        "is that ok?",
        "好的，围巾也要",
        "行，但是只要一件",
        "2 of them, yes",
        "ok bye",
        "thank you",
    ],
)
def test_what_says_more_is_no_mere_yes(text: str) -> None:
    assert not is_yes(text)


@pytest.mark.parametrize(
    ("text", "of", "way"),
    [
        ("my gift card if you can, else leave it on the card", "change", "gift_card"),
        ("the $12 on the card, only the return onto the gift card", "change", "original"),
        ("the $12 on the card, only the return onto the gift card", "return", "gift_card"),
        ("退到礼品卡，不要退卡里", "return", "gift_card"),
        ("差价退原卡，退货的钱退礼品卡", "change", "original"),
    ],
)
def test_two_ways_are_told_apart(text: str, of: str, way: str) -> None:
    found = refund_way(text, ("original", "gift_card"), of)  # type: ignore[arg-type]
    assert (found.status, found.first) == ("one", way)


def test_a_state_corrects_an_address_and_names_no_other() -> None:
    address = {"line1": "12 Birch Lane", "city": "Tacoma", "region": "WA", "postcode": "98402"}
    assert state_of("Yes, but it's Washington, WA") == "WA"
    assert corrected(address, "no, Oregon, OR") == {**address, "region": "OR"}
    assert corrected(address, "Yes, but it's Washington, WA") is None
    assert state_of("send it to Washington please") is None


@pytest.mark.parametrize(
    ("text", "touches"),
    [
        ("yes, but the pink one as well, do both", False),
        ("yes, and can you send that order to my home instead of chicago", False),
        ("yes, but only the rug", True),
        ("ok but in blue", True),
    ],
)
def test_what_comes_to_a_yes_restricts_nothing(text: str, touches: bool) -> None:
    agreed = agreement(text)
    assert agreed is not None
    assert agreed.touches is touches
    assert joins_on(agreed)
