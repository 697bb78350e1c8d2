"""An address put right: one of its numbers or words instead of another."""

from __future__ import annotations

import pytest

from actions.changes.address_corrections import corrected, state_of

ADDRESS = {"line1": "72 Cedar Road", "city": "Denver", "region": "CO", "postcode": "80289", "country": "US"}


@pytest.mark.parametrize(
    ("text", "line1"),
    [
        ("no wait, it's 27, not 72", "27 Cedar Road"),
        ("72 should be 27", "27 Cedar Road"),
        ("sorry, number 27", "27 Cedar Road"),
        ("oops 27", "27 Cedar Road"),
        ("Cedar Lane, not Cedar Road", "72 Cedar Lane"),
        ("27 Cedar Road please", "27 Cedar Road"),
        ("等一下 是27号 不是72", "27 Cedar Road"),
        ("不是72号 是27号", "27 Cedar Road"),
        ("啊写错了 27号", "27 Cedar Road"),
    ],
)
def test_the_street_is_put_right(text: str, line1: str) -> None:
    now = corrected(ADDRESS, text)
    assert now is not None
    assert now == {**ADDRESS, "line1": line1}


def test_a_postcode_is_told_by_what_it_was() -> None:
    assert corrected(ADDRESS, "it's 80298, not 80289") == {**ADDRESS, "postcode": "80298"}


@pytest.mark.parametrize(
    "text", ["I want one, not two", "27号送到", "yes please", "Boston, not Austin", "ok 27 dollars"]
)
def test_other_numbers_put_nothing_right(text: str) -> None:
    assert corrected(ADDRESS, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "send it to my office instead of Cedar Road",
        "please send it to my office instead of Denver",
        "I'd rather have it at home, not Denver",
        "the blue one instead of CO",
        "OK",
        "OK thanks",
        "I want the lamp, not Denver",
        "have it delivered to her instead of Cedar Road",
        "Navy instead of CO",
    ],
)
def test_a_sentence_is_no_name_of_a_place(text: str) -> None:
    assert corrected(ADDRESS, text) is None


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("change it to Boulder instead of Denver", "city", "Boulder"),
        ("Colorado Springs, not Denver", "city", "Colorado Springs"),
        ("NM instead of CO", "region", "NM"),
        ("it's Cedar Lane instead of Cedar Road", "line1", "72 Cedar Lane"),
    ],
)
def test_a_name_in_the_place_of_another(text: str, field: str, value: str) -> None:
    assert corrected(ADDRESS, text) == {**ADDRESS, field: value}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("OK", None),
        ("ok OK", None),
        ("HI", None),
        ("it's OK", None),
        ("yes please OK", None),
        ("OK, it's Texas", "TX"),
        ("OK TX", "TX"),
        ("it's in OK", "OK"),
        ("the state is OK", "OK"),
        ("yes, but it's Oregon, OR", "OR"),
        ("TX", "TX"),
    ],
)
def test_words_that_are_states_too(text: str, state: str | None) -> None:
    assert state_of(text) == state
