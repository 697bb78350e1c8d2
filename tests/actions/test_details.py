"""Which number is which, by what was asked."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from actions.details import Proof, read_details, resembles
from tests.actions.conftest import bare, order_number, proof

FOUR = bare("4571", "postcode", "phone_last4")


def read(*entities: dict[str, Any], asked: Any = None, known: str | None = None, digits: int | None = None) -> Any:
    return read_details(entities, asked=asked, known_reference=known, postcode_digits=digits)


def test_four_digits_answer_the_question_that_was_asked() -> None:
    assert read(FOUR, asked="order_reference").references == ["4571"]
    asked = {"asked": "identity_proofs", "known": "489434"}
    assert read(FOUR, **asked).proofs == [Proof("phone_last4", "4571"), Proof("postcode", "4571")]
    assert read(FOUR, **asked, digits=4).proofs[0] == Proof("postcode", "4571")


def test_a_number_like_the_one_spoken_of_corrects_it() -> None:
    asked = {"asked": "identity_proofs", "known": "489434"}
    assert read(bare("489435", "postcode"), **asked).references == ["489435"]
    assert read(bare("100080", "postcode"), **asked).proofs == [Proof("postcode", "100080")]
    assert read(bare("90210", "postcode"), **asked).proofs == [Proof("postcode", "90210")]
    assert read(bare("SD-10024", "postcode"), asked="identity_proofs", known="SD-10023").references == ["SD-10024"]


def test_after_a_refusal_a_number_of_another_length_is_another_order() -> None:
    asked = {"asked": "identity_proofs", "known": "12345"}
    refused = [Proof("postcode", "90210")]
    again = read_details(
        [bare("489434", "postcode")], asked="identity_proofs", known_reference="12345", refused=refused
    )
    assert again.references == ["489434"]
    proof_again = read_details(
        [bare("90211", "postcode")], asked="identity_proofs", known_reference="X1", refused=refused
    )
    assert proof_again.proofs == [Proof("postcode", "90211")]
    assert read(bare("TX 73301", "postcode"), **asked).proofs == [Proof("postcode", "73301")]


def test_words_beside_a_number_decide() -> None:
    assert read(order_number("4571"), asked="identity_proofs", known="489434").references == ["4571"]
    assert read(proof("postcode", "489434"), asked="order_reference").proofs == [Proof("postcode", "489434")]


def test_the_longest_bare_number_is_the_order() -> None:
    details = read(bare("90210", "postcode"), bare("489434", "postcode"))
    assert details.references == ["489434"]
    assert details.proofs == [Proof("postcode", "90210")]


def test_numbers_of_one_shape_are_several_orders() -> None:
    assert read(bare("489434", "postcode"), bare("489435", "postcode")).references == ["489434", "489435"]


def test_a_phone_number_is_reduced_to_what_proves() -> None:
    phone = {"entity": "phone", "value": "447700900123", "alternatives": [], "cued": False, "weak": False}
    assert read(phone).proofs == [Proof("phone_last4", "0123")]


def test_a_button_is_what_it_says() -> None:
    pressed = {"entity": "order_number", "value": "4571", "extractor": "button"}
    assert read(pressed, asked="identity_proofs", known="489434").references == ["4571"]


@given(st.text("0123456789ABCDEF-#", min_size=1, max_size=40))
def test_every_number_resembles_itself(number: str) -> None:
    assert resembles(number, number.lower())


@given(st.lists(st.sampled_from([FOUR, bare("489434", "postcode"), proof("email", "a@b.co")]), max_size=4))
def test_no_entity_is_read_twice(entities: list[dict[str, Any]]) -> None:
    details = read(*entities)
    assert len(set(details.references)) == len(details.references)
    assert len(set(details.proofs)) == len(details.proofs)
