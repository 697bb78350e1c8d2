"""Words that point at what another order has name neither the order nor the thing meant."""

from __future__ import annotations

import pytest

from actions.changes.as_bought import says_as_bought, without_as_bought


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("the rug should be the same as the one in my other order", "the rug should"),
        ("make the mug like the one I already got", "make the mug"),
        ("the cushion identical to the one I received", "the cushion"),
        ("毛毯换成跟我另外一单里那条一样的", "毛毯"),
        ("杯子跟我收到的那个蓝的一样就行", "杯子"),
    ],
)
def test_what_points_at_another_order_is_left_out(text: str, rest: str) -> None:
    assert without_as_bought(text).strip() == rest


@pytest.mark.parametrize(
    "text", ["the same colour please", "as I ordered it yesterday", "颜色一样", "I have the rug in red"]
)
def test_other_words_point_at_none(text: str) -> None:
    assert not says_as_bought(text)
