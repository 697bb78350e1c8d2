"""What was carried out is not taken up again as another request."""

from __future__ import annotations

import pytest

from actions.changes.request import ChangeRequest
from actions.changes.settled import forget_settled, is_settled, settled_by, standing, without_settled
from tests.actions.resolver.candidates import LINES, TODAY

LAMP, MUG, SCARF = LINES[0].key, LINES[1].key, LINES[2].key


def test_a_swap_that_was_made_does_not_follow_again() -> None:
    made = ChangeRequest("change_items", "m1", "", lines={LAMP: None}, targets={LAMP: "L2"}, orders=["A1001"])
    done = settled_by(made, ["A1001"])
    assert is_settled({"kind": "change_items", "lines": {LAMP: None}}, done)
    assert is_settled({"kind": "change_items", "lines": {LAMP: None}, "targets": {LAMP: "L2"}}, done)
    assert not is_settled({"kind": "change_items", "lines": {LAMP: None}, "targets": {LAMP: "L3"}}, done)
    assert not is_settled({"kind": "change_items", "lines": {LAMP: None, MUG: None}}, done)
    assert not is_settled({"kind": "cancel", "lines": {LAMP: None}}, done)


def test_what_is_gone_is_not_swapped() -> None:
    gone = settled_by(ChangeRequest("cancel", "m1", "", lines={MUG: None}, orders=["A1001"]), ["A1001"])
    request = ChangeRequest("change_items", "m2", "", lines={MUG: None, SCARF: None}, orders=["A1001"])
    assert not forget_settled(request, gone)
    assert request.lines == {SCARF: None}


def test_of_some_pieces_the_others_may_follow() -> None:
    some = settled_by(ChangeRequest("return", "m1", "", lines={MUG: 1}, orders=["A1001"]), ["A1001"])
    assert not is_settled({"kind": "exchange", "lines": {MUG: 1}}, some)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("cancel the lamp", 0),
        ("落地灯取消", 0),
        ("cancel the scarf", 1),
        ("swap the lamp for a black one", 0),
        ("thanks", 1),
    ],
)
def test_what_waits_is_dropped_once_it_is_done(text: str, left: int) -> None:
    done = settled_by(ChangeRequest("cancel", "m1", "", lines={LAMP: None}, orders=["A1001"]), ["A1001"])
    assert len(without_settled([{"text": text, "intent": ""}], LINES, done, today=TODAY)) == left


def test_a_return_that_was_called_off_may_be_wanted_again() -> None:
    back = settled_by(ChangeRequest("return", "m1", "", lines={LAMP: None}, orders=["A1001"]), ["A1001"])
    kept = settled_by(ChangeRequest("cancel_return", "m2", "", orders=["A1001"]), ["A1001"])
    assert is_settled({"kind": "return", "lines": {LAMP: None}}, standing(back))
    assert standing([*back, *kept]) == []
    assert standing([*back, *kept, *back]) == back


def test_a_swap_back_and_forth_holds_as_it_was_made_last() -> None:
    there, back = (
        settled_by(ChangeRequest("change_items", "m", "", lines={LAMP: None}, targets={LAMP: sku}), ["A1001"])
        for sku in ("L2", "L1")
    )
    done = standing([*there, *back])
    assert not is_settled({"kind": "change_items", "lines": {LAMP: None}, "targets": {LAMP: "L2"}}, done)
    assert is_settled({"kind": "change_items", "lines": {LAMP: None}, "targets": {LAMP: "L1"}}, done)


def test_the_other_piece_may_become_the_same() -> None:
    one = ChangeRequest("change_items", "m1", "", lines={MUG: 1}, targets={MUG: "M2"}, orders=["A1001"])
    done = standing(settled_by(one, ["A1001"]))
    again = {"kind": "change_items", "lines": {MUG: 1}, "targets": {MUG: "M2"}}
    assert is_settled({**again, "text": "one mug in green"}, done)
    assert not is_settled({**again, "text": "the other mug in green too"}, done)


@pytest.mark.parametrize(("intent", "left"), [("cancel_order", 0), ("", 1), ("return_items", 0)])
def test_a_verb_that_is_not_known_is_what_it_was_understood_as(intent: str, left: int) -> None:
    done = settled_by(ChangeRequest("cancel", "m1", "", lines={LAMP: None}, orders=["A1001"]), ["A1001"])
    assert len(without_settled([{"text": "kill the lamp please", "intent": intent}], LINES, done, today=TODAY)) == left
