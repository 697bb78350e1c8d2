"""Numbers that are of no order."""

from __future__ import annotations

import pytest

from actions.changes.numbers_apart import is_no_order

OWN = ["#W6776811", "#W1569534"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ok 1345.61 i guess", "1345.61"),
        ("the 13-inch one", "13-inch"),
        ("Tacoma WA 98402", "WA 98402"),
        ("the 2000 piece one", "2000"),
        ("要1000片的", "1000"),
    ],
)
def test_something_else(text: str, number: str) -> None:
    assert is_no_order(text, number, OWN)


@pytest.mark.parametrize(
    ("text", "number"),
    [("order 2000 please", "2000"), ("订单号：1234", "1234"), ("W1569999", "W1569999"), ("it is 676811", "676811")],
)
def test_a_number_that_may_be_an_order(text: str, number: str) -> None:
    assert not is_no_order(text, number, OWN)


def test_a_shop_with_short_numbers() -> None:
    assert not is_no_order("1042", "1042", ["1041", "1040"])
