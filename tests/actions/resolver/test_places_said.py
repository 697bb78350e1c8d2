"""Of several places in a message the last word counts; a place may tell which order is meant."""

from __future__ import annotations

import pytest

from actions.resolver import place_of_order
from actions.resolver.places_said import places_said, without_other_places


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("deliver it to my house… hm no, my workplace", "work"),
        ("to work, sorry, my parents", "parents"),
        ("from the office to home", "home"),
        ("it goes to my office now, send it home", "home"),
        ("the parcel going to my office should go home", "home"),
        ("寄到家里 不对 寄单位", "work"),
        ("公司那单改寄家里吧 算了 还是公司", "work"),
        ("从单位改到家里", "home"),
        ("地址写成家里了 应该是办公室", "work"),
    ],
)
def test_the_last_word_counts(text: str, kind: str) -> None:
    assert {each.kind for each in places_said(without_other_places(text))} == {kind}


@pytest.mark.parametrize("text", ["home or the office?", "寄家里还是公司好呢", "send everything home"])
def test_a_choice_that_is_left_open_stays(text: str) -> None:
    assert without_other_places(text) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cancel the order going to my office", "work"),
        ("寄公司那单改一下", "work"),
        ("my home order please", "home"),
        ("the parcel that goes to my office", "work"),
        ("send my order home", None),
        ("can the coat order go to my work address", None),
        ("have my order sent to the office", None),
        ("都寄到公司去", None),
    ],
)
def test_a_place_may_tell_the_order(text: str, kind: str | None) -> None:
    told = place_of_order(text)
    assert (told[0] if told else None) == kind
