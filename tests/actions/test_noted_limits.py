"""What only limits the choice is no request of its own; whether there are invoices is asked, and wants none."""

from __future__ import annotations

import pytest

from actions.changes.noted_limits import is_limit
from actions.changes.steps.of_their_own import asks_whether_invoices


@pytest.mark.parametrize(
    "text", ["要最便宜的那款吗", "就要最便宜的", "the cheapest one please", "and I want the cheapest"]
)
def test_a_limit(text: str) -> None:
    assert is_limit(text)


@pytest.mark.parametrize(
    "text", ["最便宜的灯是哪款", "what is the cheapest lamp?", "退掉最便宜的那单", "cancel the cheapest one"]
)
def test_no_limit(text: str) -> None:
    assert not is_limit(text)


@pytest.mark.parametrize(
    "text", ["能开发票吗", "顺便问下，可以开电子发票吗", "can I get an invoice?", "do you do invoices?"]
)
def test_whether_there_are_invoices(text: str) -> None:
    assert asks_whether_invoices(text)


@pytest.mark.parametrize(
    "text", ["请开发票", "订单SD-10023能开发票吗", "can I get an invoice for Acme Ltd?", "invoice please"]
)
def test_an_invoice_is_wanted(text: str) -> None:
    assert not asks_whether_invoices(text)
