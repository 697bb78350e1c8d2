"""Which number is which, by what was asked."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from actions.details import Proof, read_details, resembles
from actions.resolver.claims import claimed_spans
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


AWAITED = "order_reference"


def claimed(text: str, number: str, **more: Any) -> list[str]:
    """The references read out of `text`, in which the bot found `number`, while an order is asked for."""
    start = text.index(number)
    entity = {
        "entity": "order_number", "value": number, "start": start, "end": start + len(number),
        "weak": len(number) < 4, **more,
    }  # fmt: skip
    spans = claimed_spans(text, currency="GBP")
    return read_details([entity], asked=AWAITED, known_reference=None, claimed=spans).references


@given(
    number=st.integers(11, 9999).map(str),
    phrase=st.sampled_from(
        [
            "lamps under {}",
            "anything over {}?",
            "{}以下的台灯",
            "有没有{}以内的",
            "不超过{}的礼物",
            "size {} boots",
            "{}码的凉鞋",
            "£{} at most",
            "{}块左右",
        ]
    ),
)
def test_a_number_that_something_else_claims_is_no_order(number: str, phrase: str) -> None:
    assert claimed(phrase.format(number), number) == []


@given(number=st.integers(11, 999_999).map(str), phrase=st.sampled_from(["{}", "it's {}", "是{}", "{}吧", "number {}"]))
def test_a_bare_number_answers_the_question_for_an_order(number: str, phrase: str) -> None:
    assert claimed(phrase.format(number), number) == [number]


def test_words_beside_a_number_outdo_what_claims_it() -> None:
    assert claimed("order over 4571", "4571", cued=True) == ["4571"]


def test_a_button_of_a_change_is_no_number() -> None:
    pressed = [{"entity": "choice", "value": "confirm=abc", "extractor": "button"}]
    assert not read_details(pressed, asked=None, known_reference=None).references
