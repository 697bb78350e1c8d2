"""Words that answer any question of the form."""

from __future__ import annotations

import pytest

from actions.changes.answering import near, starts_over, wants_no_person, wants_person
from actions.changes.asides import aspect_of


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
