"""An order's money: what was paid, what went back, what is still the shop's to keep, and what a change of lines moves.

Pure: plain values in, plain values out, integers in minor units of the order's currency. The rule that everything
here keeps: for an order that was paid in full, paid − refunded = the worth of what is left of it (and what was
withheld), in every state, to the unit.

What a line is worth is its share of the whole order by the lines' totals, so that discounts and taxes of the order as
a whole are given back in proportion. Shares are cut from running totals (`whole × so far ÷ all`), not rounded one by
one, and so are the parts of a line: the last of it is worth whatever is left. What a part was worth when it went is
kept with the line (`gone_minor`) and not worked out again, because goods may go in one order and be promised in
another. Once anything has gone the shares are kept too (`net_minor`): a line that comes later shifts no other's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

ShippingRule = Literal["never", "whole_order", "always"]
"""Whether shipping goes back: never, when nothing is left of the order, or in proportion to the goods."""


@dataclass(frozen=True)
class LineMoney:
    """A line with goods: what all of it is listed at, and how many of it are gone (cancelled or returned)."""

    number: int
    quantity: int
    gone: int
    total_minor: int
    net_minor: int | None = None
    """Its share of the order, where that is fixed; else it has its part of what the fixed ones leave."""
    gone_minor: int | None = None
    """What of its share went, where that is on record; else in proportion to `gone`."""

    @property
    def left(self) -> int:
        """How many are left."""
        return self.quantity - self.gone


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
class Taken:
    """What leaves an order's worth when goods of it go: each line's part, and postage; and the order after it."""

    goods: Mapping[int, int]
    shipping_minor: int
    after: OrderMoney

    @property
    def total_minor(self) -> int:
        """Goods and postage."""
        return sum(self.goods.values()) + self.shipping_minor


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
    shipping_gone_minor: int = 0
    """What of the shipping charge was given back."""
    awaited_minor: int = 0
    """What we asked for and count on by the time anything goes back: not set off as if the shopper owed it."""

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
        return all(line.left == 0 for line in self.lines)

    @property
    def shipping_left_minor(self) -> int:
        """What of the shipping charge is still the shop's."""
        return max(0, self.shipping_minor - self.shipping_gone_minor)

    @cached_property
    def shares(self) -> Mapping[int, int]:
        """Each line's share of the order's goods. Lines without a price have theirs by quantity."""
        shares = {line.number: line.net_minor for line in self.lines if line.net_minor is not None}
        open_lines = [line for line in self.lines if line.net_minor is None]
        rest = self.total_minor - self.shipping_minor - sum(shares.values())
        priced = sum(line.total_minor for line in open_lines) > 0
        weights = [line.total_minor if priced else line.quantity for line in open_lines]
        so_far = given = 0
        for line, weight in zip(open_lines, weights, strict=True):
            so_far += weight
            until_here = rest * so_far // sum(weights)
            shares[line.number] = until_here - given
            given = until_here
        return shares

    @cached_property
    def gone_by_line(self) -> Mapping[int, int]:
        """What of each line's share went."""
        return {
            line.number: line.gone_minor
            if line.gone_minor is not None
            else self.shares[line.number] * line.gone // line.quantity
            for line in self.lines
        }

    @property
    def worth_left(self) -> int:
        """What the shop keeps, or has still to get, for what is left of the order."""
        return sum(self.shares.values()) - sum(self.gone_by_line.values()) + self.shipping_left_minor

    @property
    def unpaid_minor(self) -> int:
        """What has still to come for what is left of the order: a surcharge that the shop has not confirmed, say."""
        return max(0, self.worth_left - self.paid_minor - self.awaited_minor)

    def set_off_minor(self, quantities: Mapping[int, int]) -> int:
        """What of these goods' worth does not go back because it was not paid yet."""
        taken = self.take(quantities, "never")
        return min(self.unpaid_minor, max(0, taken.total_minor - self.refund_for(quantities, "never")))

    def take(self, quantities: Mapping[int, int], shipping: ShippingRule) -> Taken:
        """What goes with so many of each line. The last of a line takes what is left of its share, the last of an
        order what is left of its postage, where `shipping` lets that go.
        """
        shares, gone = self.shares, self.gone_by_line
        goods: dict[int, int] = {}
        lines = []
        for line in self.lines:
            quantity = min(quantities.get(line.number, 0), line.left)
            if quantity > 0:
                there = shares[line.number] - gone[line.number]
                goods[line.number] = there * quantity // line.left
            lines.append(
                replace(
                    line,
                    gone=line.gone + quantity,
                    net_minor=shares[line.number],
                    gone_minor=gone[line.number] + goods.get(line.number, 0),
                )
            )
        after = replace(self, lines=lines)
        postage = 0
        if shipping != "never" and goods and after.nothing_left:
            postage = self.shipping_left_minor
        elif shipping == "always" and goods:
            worth = sum(shares.values()) - sum(gone.values())
            postage = self.shipping_left_minor * sum(goods.values()) // worth if worth > 0 else 0
        return Taken(goods, postage, replace(after, shipping_gone_minor=self.shipping_gone_minor + postage))

    def without(self, quantities: Mapping[int, int]) -> OrderMoney:
        """The same order with so many more of each line gone, its postage untouched."""
        return self.take(quantities, "never").after

    def refund_for(self, quantities: Mapping[int, int], shipping: ShippingRule) -> int:
        """What goes back when so many of each line go: never more than was paid and is not back yet.

        What was not paid yet is set off first: somebody who paid a third and takes back half has nothing to get.
        """
        taken = self.take(quantities, shipping)
        if taken.after.nothing_left:
            return max(0, self.refundable_minor - taken.after.worth_left)
        return max(0, min(taken.total_minor - self.unpaid_minor, self.refundable_minor))


def when_settled(
    money: OrderMoney, coming_back: Sequence[tuple[int, int, int]], *, promised: int, withheld: int
) -> OrderMoney:
    """The ledger as it will be when the open returns are settled: their goods gone (line number, quantity, and what of
    the line's share these are), `promised` minor units paid out for them and `withheld` kept as fees and postage.
    """
    quantities: dict[int, int] = {}
    worth: dict[int, int] = {}
    for number, quantity, share in coming_back:
        quantities[number] = quantities.get(number, 0) + quantity
        worth[number] = worth.get(number, 0) + share
    shares, gone = money.shares, money.gone_by_line
    return replace(
        money,
        lines=[
            replace(
                line,
                gone=line.gone + quantities.get(line.number, 0),
                net_minor=shares[line.number],
                gone_minor=gone[line.number] + worth.get(line.number, 0),
            )
            for line in money.lines
        ],
        refunded_minor=money.refunded_minor + promised,
        withheld_minor=money.withheld_minor + withheld,
    )


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
