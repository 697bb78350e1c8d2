"""What is said to be done already, or wanted no more, beside what is asked."""

from __future__ import annotations

import pytest

from actions.changes.answering import wants_person
from actions.changes.charges_of_none import charged_without_order
from actions.changes.plain_yes import is_sure_yes, is_yes_and_all
from actions.changes.questions_apart import fact_questions_apart, is_fact_question
from actions.changes.said_done import rest_beside_done
from actions.changes.settled import without_wish
from actions.resolver.own_questions import read_own_question


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("huh? that's already swapped, nothing more", ""),
        ("the mugs are cancelled already. where is my parcel?", "where is my parcel?"),
        ("I don't want to return anything", ""),
        ("已经退了，钱什么时候到？", "钱什么时候到？"),
        ("没有要取消的了", ""),
        ("the blue one", None),
        ("yes, thanks", None),
        ("all of it", None),
        ("都退", None),
    ],
)
def test_what_is_done_is_told_apart(text: str, rest: str | None) -> None:
    assert rest_beside_done(text) == rest


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        ("yes please. thats all", True),
        ("go ahead, nothing else", True),
        ("好的，就这些", True),
        ("ok no thanks", False),
        ("that's all", False),
        ("no that's all", False),
        ("yes but that's all of it?", False),
    ],
)
def test_a_yes_that_ends_the_talk_is_one(text: str, agreed: bool) -> None:
    assert is_yes_and_all(text) is agreed


def test_a_yes_stands_beside_a_fact_that_is_asked_by_name() -> None:
    assert fact_questions_apart("yes. and the warranty on the kettle?", swaps=True) == (
        "yes.",
        "and the warranty on the kettle?",
    )
    assert is_fact_question("台灯的保修期呢？", swaps=True)
    assert not is_fact_question("and the kettle?", swaps=True)
    assert is_sure_yes("Yep.")
    assert not is_sure_yes("ok.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I've never bought anything from you, so why this charge?", True),
        ("我从来没在你们店买过东西，怎么扣了我钱", True),
        ("I have no order number but I was charged twice", False),
        ("I never ordered the lamp, why was I charged for it", False),
        ("没有订单号，扣了两次", False),
    ],
)
def test_a_charge_of_no_order(text: str, expected: bool) -> None:
    assert charged_without_order(text) is expected


def test_a_person_is_asked_for_to_look() -> None:
    assert wants_person("can a human have a look at it")
    assert wants_person("能不能找个人看一下")
    assert not wants_person("can someone check when my parcel comes")


def test_where_an_order_goes_is_asked_without_a_change() -> None:
    for text in ("no change, just tell me the current address", "不改，就告诉我现在寄到哪"):
        asked = read_own_question(text)
        assert asked is not None
        assert asked.what == "goes_to"
    assert read_own_question("change it to my current address") is None


def test_what_was_noted_of_the_same_wish_goes_with_it() -> None:
    queue = [{"text": "drop the mug", "intent": "cancel_order"}, {"text": "send it home", "intent": "change_address"}]
    assert without_wish(queue, "cancel") == queue[1:]
    assert without_wish(queue, None) == queue
