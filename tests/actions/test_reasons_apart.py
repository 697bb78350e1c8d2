"""What is said of one thing is no reason for another."""

from __future__ import annotations

import pytest

from actions.changes.reasons_apart import words_about
from actions.resolver import resolve_reason
from tests.actions.resolver.candidates import KETTLE, LINES, MUG, SCARF, TODAY

CODES = ("faulty", "damaged_in_transit", "changed_mind", "does_not_fit", "wrong_item")


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("杯子碎了一个 另外围巾颜色不喜欢想退", SCARF.key, "changed_mind"),
        ("杯子碎了一个 另外围巾颜色不喜欢想退", MUG.key, "damaged_in_transit"),
        ("the kettle leaks, and the scarf is not my style", SCARF.key, "changed_mind"),
        ("the kettle leaks, and the scarf is not my style", KETTLE.key, "faulty"),
        ("the kettle leaks. return the scarf", SCARF.key, None),
    ],
)
def test_each_thing_has_its_own_reason(text: str, key: str, reason: str | None) -> None:
    about = words_about(text, {key}, LINES, today=TODAY)
    assert about is not None
    why = resolve_reason(about, CODES)
    assert (why.first if why.status == "one" else None) == reason


def test_where_nothing_else_is_spoken_of_all_of_it_counts() -> None:
    assert words_about("the kettle leaks, send it back", {KETTLE.key}, LINES, today=TODAY) is None
    assert words_about("I changed my mind", {KETTLE.key}, LINES, today=TODAY) is None


def test_a_reason_for_everything_is_one() -> None:
    text = "everything but the rug goes back, i changed my mind"
    assert words_about(text, {KETTLE.key}, LINES, today=TODAY) is None
