"""What goods that come back bring, exactly. Pure, on top of the order's ledger (`payments/ledger.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crm_backend.payments.ledger import OrderMoney
from crm_backend.policies.returns import ReturnTerms


@dataclass(frozen=True)
class Price:
    """Minor units. `refund` = goods + shipping − restocking − freight, never below nothing."""

    goods: Mapping[int, int]
    """By line number, what was paid for what comes back."""
    shipping: int
    """Postage that is due when nothing of the order is left after these."""
    restocking: Mapping[int, int]
    freight: int
    insured: int
    """What an insurance pays of the way back: up to this to a shopper who sends it themselves, else this."""

    @property
    def goods_minor(self) -> int:
        """Of all lines."""
        return sum(self.goods.values())

    @property
    def restocking_minor(self) -> int:
        """Of all lines."""
        return sum(self.restocking.values())

    @property
    def refund(self) -> int:
        """What goes back."""
        return self.goods_minor + self.shipping - self.restocking_minor - self.freight

    def without_shipping(self) -> Price:
        """The same where postage goes back with another return: it pays for no freight either."""
        left = self.goods_minor - self.restocking_minor
        return replace(self, shipping=0, freight=min(self.freight, max(0, left)))


def worths(money: OrderMoney, quantities: Mapping[int, int]) -> dict[int, int]:
    """What was paid for so many of each line, minor units, without shipping. One line after the other, so that they
    add up to what all of them bring together.
    """
    worth: dict[int, int] = {}
    for number in sorted(quantities):
        one = {number: quantities[number]}
        worth[number] = money.refund_for(one, "never")
        money = replace(money.without(one), refunded_minor=money.refunded_minor + worth[number])
    return worth


def price(
    money: OrderMoney,
    quantities: Mapping[int, int],
    terms: Mapping[int, ReturnTerms],
    *,
    method: str,
    currency: str,
) -> Price:
    """The price of giving back so many of each line under each line's terms.

    `money` is the order's as its open returns leave it (`promised_money_of`).
    """
    goods = worths(money, quantities)
    rule = refunds_shipping([terms[number] for number in quantities])
    shipping = money.refund_for(quantities, rule) - sum(goods.values()) if rule == "whole_order" else 0
    restocking = {number: worth * terms[number].restocking_per_mille // 1000 for number, worth in goods.items()}
    freight, insured = freight_of([terms[number] for number in quantities], method=method, currency=currency)
    left = sum(goods.values()) + max(0, shipping) - sum(restocking.values())
    return Price(goods, max(0, shipping), restocking, min(freight, max(0, left)), insured)


def refunds_shipping(terms: Sequence[ReturnTerms]) -> Literal["never", "whole_order"]:
    """Whether postage goes back with these when they are the last of an order: where all of their terms say so."""
    return "never" if any(one.refund_shipping == "never" for one in terms) else "whole_order"


def freight_of(terms: Sequence[ReturnTerms], *, method: str, currency: str) -> tuple[int, int]:
    """What is taken off for the way back, and what an insurance pays of it.

    One parcel: where the shop pays for one of the lines it pays for all.
    """
    if any(one.freight == "shop" for one in terms):
        return 0, 0
    if method == "store":
        # Nothing travels, whoever would pay for it.
        return 0, 0
    insured = max(one.freight_insured_minor.get(currency, 0) for one in terms)
    if method == "own":
        return 0, insured
    costs = max(one.freight_minor.get(currency, 0) for one in terms)
    return max(0, costs - insured), min(costs, insured)


def share_of_acceptance(price_minor: int, accepted: int, quantity: int) -> int:
    """What is due of an amount when only some of the goods were accepted."""
    return price_minor * accepted // quantity


def instalment_parts(amount_minor: int, parts: int) -> list[int]:
    """An amount in parts that differ by one at most, the larger first; they add up to it."""
    parts = max(1, min(parts, amount_minor or 1))
    each, more = divmod(amount_minor, parts)
    return [each + 1] * more + [each] * (parts - more)
