"""What an order was charged, explained from its own records. Pure.

A bank statement shows one amount; behind it may be the whole order, one of several payments, an instalment, what was
captured of a held amount, or a later change. What nothing explains is for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crm_backend.payments.models import Payment

TAKEN = ("captured", "unknown")
"""States of payments whose money came."""

Explanation = Literal[
    "order_total",
    "one_of_several_payments",
    "all_payments",
    "instalment",
    "held_not_taken",
    "not_taken",
    "without_tax",
    "without_shipping",
    "shipping",
    "tax",
    "charged_for_a_change",
    "charged_twice",
]


@dataclass(frozen=True)
class Charged:
    """An order's amounts, minor units of its currency; None where its records do not say."""

    total_minor: int | None
    shipping_minor: int | None
    tax_minor: int | None
    payments: Sequence[Payment]

    @property
    def taken(self) -> list[Payment]:
        """The payments whose money came."""
        return [payment for payment in self.payments if payment.state in TAKEN]


def doubled(charged: Charged, overpaid_minor: int) -> list[Payment]:
    """Captured payments that came a second time: equal in way and amount to an earlier one, and not needed for what is
    left of the order (`overpaid_minor` is what the shop has too much). What the CRM asked for itself is none.
    """
    seen: set[tuple[str, str | None, int, str]] = set()
    twice: list[Payment] = []
    left = overpaid_minor
    for payment in charged.payments:
        if payment.state != "captured" or payment.effect_id is not None:
            continue
        looks = (payment.method, payment.last4, payment.amount_minor, payment.currency)
        if looks in seen and payment.amount_minor <= left:
            twice.append(payment)
            left -= payment.amount_minor
        seen.add(looks)
    return twice


def explain(charged: Charged, amount_minor: int, currency: str, order_currency: str) -> Explanation | None:
    """What of the order an amount on a statement is; None where nothing explains it."""
    if currency != order_currency:
        # A statement in another currency shows what the bank made of it.
        return None
    taken = charged.taken
    amounts = [payment.amount_minor for payment in taken]
    if len(taken) > 1 and amounts.count(amount_minor) == 1:
        (match,) = [payment for payment in taken if payment.amount_minor == amount_minor]
        return "charged_for_a_change" if match.effect_id is not None else "one_of_several_payments"
    if amount_minor == charged.total_minor:
        return "order_total"
    if amount_minor in amounts:
        return "one_of_several_payments"
    if len(taken) > 1 and amount_minor == sum(amounts):
        return "all_payments"
    for payment in taken:
        parts = payment.instalments or 1
        if parts > 1 and amount_minor in {payment.amount_minor // parts, -(-payment.amount_minor // parts)}:
            return "instalment"
    for payment in charged.payments:
        if payment.amount_minor == amount_minor and payment.state == "authorised":
            return "held_not_taken"
        if payment.amount_minor == amount_minor and payment.state in {"failed", "cancelled"}:
            return "not_taken"
    return _part(charged, amount_minor)


def _part(charged: Charged, amount_minor: int) -> Explanation | None:
    total, tax, shipping = charged.total_minor, charged.tax_minor, charged.shipping_minor
    if tax and amount_minor == tax:
        return "tax"
    if shipping and amount_minor == shipping:
        return "shipping"
    if total is not None and tax and amount_minor == total - tax:
        return "without_tax"
    if total is not None and shipping and amount_minor == total - shipping:
        return "without_shipping"
    return None
