"""An order's money: what was paid, what went back, what is still the shop's to keep, and what a change of lines moves.

Pure: plain values in, plain values out, integers in minor units of the order's currency. The rule that everything
here keeps: for an order that was paid in full, paid − refunded = the worth of what is left of it, in every state.

What a line is worth is its share of the whole order by the lines' totals, so that discounts and taxes of the order as
a whole are given back in proportion. Shares are cut from running totals (`whole × so far ÷ all`), not rounded one by
one: the parts of an order always add up to the order, whatever the order in which they go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

ShippingRule = Literal["never", "whole_order", "always"]
"""Whether shipping goes back: never, when nothing is left of the order, or in proportion to the goods."""


@dataclass(frozen=True)
class LineMoney:
    """A line with goods: what all of it costs, and how many of it are gone (cancelled or returned)."""

    number: int
    quantity: int
    gone: int
    total_minor: int

    def worth_gone(self) -> int:
        """The price of what is gone."""
        return self.total_minor * self.gone // self.quantity


@dataclass(frozen=True)
class Paid:
    """Money that came by one payment, and what of it went back or is on its way."""

    payment: str
    """Its external id."""
    amount_minor: int
    refunded_minor: int = 0

    @property
    def left_minor(self) -> int:
        """What can still go back this way."""
        return max(0, self.amount_minor - self.refunded_minor)


@dataclass(frozen=True)
class OrderMoney:
    """The whole. `refunded_minor` counts every refund that is not given up, those to no certain payment included."""

    total_minor: int
    shipping_minor: int
    lines: Sequence[LineMoney]
    paid: Sequence[Paid]
    refunded_minor: int
    withheld_minor: int = 0
    """Fees and postage that were taken off refunds: the shop's to keep whatever becomes of the goods."""

    @property
    def paid_minor(self) -> int:
        """All that came."""
        return sum(payment.amount_minor for payment in self.paid)

    @property
    def refundable_minor(self) -> int:
        """What could go back at most."""
        return max(0, self.paid_minor - self.refunded_minor - self.withheld_minor)

    @property
    def nothing_left(self) -> bool:
        """Whether all goods are gone."""
        return all(line.gone == line.quantity for line in self.lines)

    def worth_left(self, shipping: ShippingRule) -> int:
        """What the shop keeps, or has still to get, for what is left of the order."""
        goods = self.total_minor - self.shipping_minor
        all_lines = sum(line.total_minor for line in self.lines)
        gone = sum(line.worth_gone() for line in self.lines)
        if self.nothing_left:
            left, shipping_left = 0, self.shipping_minor if shipping == "never" else 0
        elif all_lines <= 0:
            left, shipping_left = goods, self.shipping_minor
        else:
            left = goods - goods * gone // all_lines
            shipping_left = self.shipping_minor
            if shipping == "always":
                shipping_left -= self.shipping_minor * gone // all_lines
        return left + shipping_left

    def without(self, quantities: Mapping[int, int]) -> OrderMoney:
        """The same order with so many more of each line gone."""
        return replace(
            self, lines=[replace(line, gone=line.gone + quantities.get(line.number, 0)) for line in self.lines]
        )

    def refund_for(self, quantities: Mapping[int, int], shipping: ShippingRule) -> int:
        """What goes back when so many of each line go: never more than was paid and is not back yet.

        What was not paid yet is set off first: somebody who paid a third and takes back half has nothing to get.
        """
        before, after = self.worth_left(shipping), self.without(quantities).worth_left(shipping)
        if self.without(quantities).nothing_left:
            return max(0, self.refundable_minor - after)
        unpaid = max(0, before - self.paid_minor)
        return max(0, min(before - after - unpaid, self.refundable_minor))


def split(amount_minor: int, paid: Sequence[Paid]) -> dict[str, int]:
    """`amount_minor` over payments in proportion to what each has left; the sum is exact and none gets more than that.

    Raises ValueError when they have less left than the amount.
    """
    left = sum(payment.left_minor for payment in paid)
    if amount_minor > left:
        raise ValueError("more than was paid cannot go back")
    parts: dict[str, int] = {}
    so_far, given = 0, 0
    for payment in paid:
        so_far += payment.left_minor
        until_here = amount_minor * so_far // left if left else 0
        if until_here > given:
            parts[payment.payment] = until_here - given
            given = until_here
    return parts
