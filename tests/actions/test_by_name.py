"""A name in place of a number: what was taken for one, and what was refused."""

from __future__ import annotations

import pytest

from actions.by_name import names_no_number
from actions.details import Proof
from actions.proofs import read_proofs
from actions.refused import pair_key, read_refused_pairs, stored_refused_pairs


@pytest.mark.parametrize(
    "text",
    ["that's not an order number", "it isn't a number, it's where I live", "I have no order number",
     "it's not my order number",
     "forget that number", "that was never a tracking number", "60651不是订单号", "没有单号", "那是我家的门牌",
     "that's my zip"],
)  # fmt: skip
def test_a_number_is_denied(text: str) -> None:
    assert names_no_number(text)


@pytest.mark.parametrize(
    "text",
    ["I did not get this order yet. 60614", "never got the order, zip is 60614", "it's not my first order, zip 60614",
     "not sure, I think the order went to 60614", "no one delivered my order, 60614", "the parcel isn't here, 60614",
     "这不是我第一次下单，邮编60614", "订单一直没到，60614", "never numbered the boxes"],
)  # fmt: skip
def test_a_story_with_an_order_in_it_denies_no_number(text: str) -> None:
    assert not names_no_number(text)


def test_a_pair_is_the_same_however_it_is_written() -> None:
    pair = pair_key("Mei  García", Proof("postcode", "sw1a 1aa"))
    assert pair == pair_key("garcia, mei", Proof("postcode", "SW1A1AA"))
    assert pair != pair_key("Mei Garcia", Proof("postcode", "SW1A 1AB"))
    assert pair_key("A B", Proof("email", "x@example.org")) != pair_key("A B", Proof("postcode", "x@example.org"))


def test_pairs_and_a_numbers_proofs_share_a_slot_and_are_not_mistaken() -> None:
    pair = pair_key("Mei Garcia", Proof("postcode", "60614"))
    stored = [{"kind": "email", "value": "a@example.org"}, *stored_refused_pairs([pair])]
    assert read_refused_pairs(stored) == [pair]
    assert read_proofs(stored) == [Proof("email", "a@example.org")]
