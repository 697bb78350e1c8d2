"""Words that answer any question of the form."""

from __future__ import annotations

import json

import pytest

from actions.changes.answering import near, pressed_by_words, starts_over, wants_no_person, wants_person
from actions.changes.asides import aspect_of
from actions.changes.request import ChangeRequest


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("send again please", "Send it again"),
        ("i'd like money back", "Money back"),
        ("person", "A person"),
        ("那就重新寄吧", "重新寄"),
    ],
)
def test_near_the_button(typed: str, title: str) -> None:
    assert near(typed, title)


@pytest.mark.parametrize(("typed", "title"), [("send", "Send it again"), ("it", "Send it"), ("退款", "重新寄")])
def test_not_near_the_button(typed: str, title: str) -> None:
    assert not near(typed, title)


@pytest.mark.parametrize(
    "text", ["agent", "this is hopeless, let me speak to a human", "帮我转人工 投诉物流", "找个真人"]
)
def test_a_person_is_wanted(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize("text", ["不用转人工", "no need for a person", "I don't want to talk to a human"])
def test_a_person_is_not_wanted(text: str) -> None:
    assert wants_no_person(text)
    assert not wants_person(text)


def test_all_is_forgotten() -> None:
    assert starts_over("ugh forget it all, start over")
    assert starts_over("cancel the invoice thing")
    assert not starts_over("cancel the lamp")


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("why only 33.05?", "amount"),
        ("怎么31.95 上次28啊", "amount"),
        ("运费能不能不扣", "waive"),
        ("can you waive the postage?", "waive"),
    ],
)
def test_what_an_amount_is_made_of(text: str, aspect: str) -> None:
    assert aspect_of(text, "", 0.0, goes_back=True) == aspect


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
