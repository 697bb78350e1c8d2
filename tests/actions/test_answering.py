"""Lists on the screen, answered by what is typed."""

from __future__ import annotations

import json

import pytest

from actions.changes.answering import pressed_by_words
from actions.changes.request import ChangeRequest


def asked(slot: str, *choices: tuple[str, str], shown: int = 0) -> ChangeRequest:
    """A request with a question that has these buttons: (title, choice)."""
    request = ChangeRequest("exchange", "m1", "swap it")
    buttons = [
        {"title": title, "payload": "/provide_details" + json.dumps({"choice": choice})} for title, choice in choices
    ]
    request.question = {"slot": slot, "buttons": buttons}
    request.shown = [f"s{place}" for place in range(shown)]
    return request


PAYMENT = (("Visa ending in 4242", "payment=visa"), ("a gift card", "payment=gift"), ("No, leave it", "leave=1"))
SIZES = (("7, black", "target=s7"), ("8, black", "target=s8"), ("9, black", "target=s9"))


@pytest.mark.parametrize("typed", ["2", "2.", "no 2", "#2", "第2个", "A gift card"])
def test_a_list_is_answered_by_number_or_name(typed: str) -> None:
    assert pressed_by_words(asked("payment", *PAYMENT), typed) == "payment=gift"


def test_what_stands_behind_a_list_has_no_number() -> None:
    assert pressed_by_words(asked("payment", *PAYMENT), "3") is None


def test_of_versions_in_numbers_the_one_called_so_is_left_to_the_reader() -> None:
    assert pressed_by_words(asked("target", *SIZES, shown=3), "9") is None
    assert pressed_by_words(asked("target", *SIZES, shown=3), "2") == "target=s8"


def test_at_an_offer_a_number_counts_pieces() -> None:
    offer = asked("confirmation", ("Yes, do it", "confirm=p1"), ("No, leave it", "leave=1"), shown=2)
    assert pressed_by_words(offer, "1") is None
