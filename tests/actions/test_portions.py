"""Of which line, and of which order, some pieces are meant, and what becomes of the others."""

from __future__ import annotations

import pytest

from actions.changes.portions import apart_meant, give_reason, limit_to, orders_with_several, part_meant, take_apart
from actions.changes.request import ChangeRequest
from actions.resolver import Focus, LineCandidate, VariantCandidate
from tests.actions.resolver.candidates import LAMP, MUG, SCARF, TODAY, line

PAIR = line(7, ["Cork trivet", "软木锅垫"], 900, quantity=2, options={"colour": "Natural"})
LINES = [LAMP, MUG, SCARF, PAIR]
VARIANTS = [
    VariantCandidate(sku=f"T-{colour}", titles=["Cork trivet", "软木锅垫"], product="P7", options={"colour": colour})
    for colour in ("Natural", "Black", "White")
]


def _request(kind: str = "change_items", *keys: str) -> ChangeRequest:
    return ChangeRequest(kind, "m1", "", orders=["A1001"], lines=dict.fromkeys(keys))


def test_a_named_line_is_meant_with_its_pieces() -> None:
    part = part_meant(
        "swap one of the trivets for black", LINES, _request(), focus=Focus(), today=TODAY, correcting=False
    )
    assert part is not None
    assert (part.key, part.pieces) == (PAIR.key, 1)
    assert "trivets" in part.text


def test_what_is_offered_is_meant_where_none_is_named() -> None:
    offered = _request("return", MUG.key)
    part = part_meant("just two please", LINES, offered, focus=Focus(), today=TODAY, correcting=True)
    assert part is not None
    assert (part.key, part.pieces, part.portion.alone) == (MUG.key, 2, True)


@pytest.mark.parametrize("text", ["just the one scarf", "swap one of the lamps", "only three of the trivets"])
def test_no_more_than_there_are(text: str) -> None:
    assert part_meant(text, LINES, _request(), focus=Focus(), today=TODAY, correcting=False) is None


def test_the_others_go_back_or_are_called_off() -> None:
    text = "exchange one of the trivets for white and send the other back"
    request = _request("exchange", PAIR.key)
    part = part_meant(text, LINES, request, focus=Focus(), today=TODAY, correcting=False)
    assert part is not None
    limit_to(part, request, PAIR, kind_of_rest="return", swapped_as="exchange")
    assert request.lines == {PAIR.key: 1}
    assert [(each["kind"], each["lines"]) for each in request.then] == [("return", {PAIR.key: 1})]
    request.reason = "changed_mind"
    give_reason(request)
    assert request.then[0]["reason"] == "changed_mind"


def test_each_piece_becomes_another_variant() -> None:
    variants = {str(PAIR.sku): VARIANTS}
    apart = apart_meant(
        "a black trivet and a white one, of the trivets one black, one white", LINES, _request(), variants,
        focus=Focus(), today=TODAY,
    )  # fmt: skip
    assert apart is not None
    assert dict(apart.targets) == {"T-Black": 1, "T-White": 1}
    together, one_by_one = _request(), _request("exchange")
    take_apart(apart, together, together=True)
    assert (together.lines, together.targets, together.also) == (
        {PAIR.key: 1}, {PAIR.key: "T-Black"}, {PAIR.key: {"T-White": 1}},
    )  # fmt: skip
    take_apart(apart, one_by_one, together=False)
    assert not one_by_one.also
    assert one_by_one.then[0]["targets"] == {PAIR.key: "T-White"}


def test_a_piece_that_stays_as_it_is_is_no_change() -> None:
    variants = {str(PAIR.sku): VARIANTS}
    text = "the trivets: one natural and one black"
    apart = apart_meant(text, LINES, _request(), variants, focus=Focus(), today=TODAY)
    assert apart is not None
    assert dict(apart.targets) == {"T-Black": 1}


@pytest.mark.parametrize(
    "text",
    [
        "锅垫两个,一个换黑的,另外那个换白的啊",
        "锅垫第一个换成黑色,第二个换白色",
        "change one trivet to black and the other one to white",
    ],
)
def test_the_other_piece_is_told_in_its_own_words(text: str) -> None:
    variants = {str(PAIR.sku): VARIANTS}
    apart = apart_meant(text, LINES, _request(), variants, focus=Focus(), today=TODAY)
    assert apart is not None
    assert dict(apart.targets) == {"T-Black": 1, "T-White": 1}


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("two trivets by accident, should be one", ["A"]),
        ("锅垫两个改成一个", ["A"]),
        ("swap the two trivets for black ones", ["A"]),
        ("make it one trivet only", ["A"]),
        ("send the trivet back", []),
        ("cancel both orders", []),
    ],
)
def test_the_order_that_has_as_many(text: str, orders: list[str]) -> None:
    single = LineCandidate("B", 1, ["Cork trivet", "软木锅垫"], sku="T", product="P7", quantity=1)
    pair = LineCandidate("A", 1, ["Cork trivet", "软木锅垫"], sku="T", product="P7", quantity=2)
    assert orders_with_several(text, {"A": [pair], "B": [single]}, today=TODAY) == orders
