"""Amounts: integers in minor units, never floats."""

from __future__ import annotations

from shopdesk.demo.settings import PriceRule


def price_point(pence: int, rule: PriceRule) -> int:
    """The price in a market's minor units: converted, rounded up to a full step, a little less taken off."""
    steps = -(-(pence * rule.per_thousand) // (1000 * rule.step))
    return steps * rule.step - rule.less


def included_tax(total: int, per_mille: int) -> int:
    """The tax inside a tax-inclusive total, rounded half up."""
    base = 1000 + per_mille
    return (2 * total * per_mille + base) // (2 * base)


def share(amount: int, part: int, whole: int) -> int:
    """`amount` × `part` / `whole`, rounded down, so that shares never add up to more than the amount."""
    return amount * part // whole if whole else 0
