"""When to order again and how much: pure, from demand, lead time and what is there.

The textbook's periodic review (Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th ed.,
2017, section 6.10). Between two orders the stock has to last for the lead time L and the days R until the next look.
Demand a day has mean d and spread s, the lead time the spread t; over L + R days that makes

    mean d (L + R),   spread sqrt((L + R) s² + d² t²)

and the safety stock is the spread times the normal quantile of the service level: the share of such cycles in which
nothing runs out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev


@dataclass(frozen=True)
class Demand:
    """Units that were ordered a day: mean and spread (standard deviation) over `days` days, those without any too."""

    mean: float
    spread: float
    days: int

    @classmethod
    def of(cls, by_day: Sequence[int], days: int) -> Demand:
        """From the days on which there was demand; the other days of `days` had none."""
        mean = sum(by_day) / days
        squares = sum((units - mean) ** 2 for units in by_day) + (days - len(by_day)) * mean**2
        return cls(mean, math.sqrt(squares / (days - 1)) if days > 1 else 0.0, days)


@dataclass(frozen=True)
class LeadTime:
    """Days from a purchase order to its arrival: mean and spread of `deliveries`, 0 where it is only promised."""

    mean: float
    spread: float
    deliveries: int

    @classmethod
    def of(cls, days: Sequence[float]) -> LeadTime:
        """From deliveries that came; at least two."""
        return cls(fmean(days), stdev(days), len(days))


@dataclass(frozen=True)
class Suggestion:
    """Units, but for `cover_days` and `days_left`."""

    safety_stock: int
    reorder_point: int
    """From this on down, with what is on order counted in, it is time to order."""
    order_up_to: int
    quantity: int
    """What to order now; 0 while it is not due."""
    cover_days: float | None
    """How long what can be had lasts; None without demand."""
    days_left: float | None
    """Until the reorder point is reached; 0 when it is, None without demand."""


def suggest(
    demand: Demand, lead_time: LeadTime, *, available: int, on_order: int, review_days: int, service_level: float
) -> Suggestion:
    """What to do about one article in one place."""
    period = lead_time.mean + review_days
    spread = math.sqrt(period * demand.spread**2 + demand.mean**2 * lead_time.spread**2)
    safety = max(0, math.ceil(NormalDist().inv_cdf(service_level) * spread))
    # The reorder point covers the lead time, the level ordered up to also the days until the next look.
    reorder_point = math.ceil(demand.mean * lead_time.mean) + safety
    order_up_to = math.ceil(demand.mean * period) + safety
    position = available + on_order
    due = demand.mean > 0 and position <= reorder_point
    return Suggestion(
        safety_stock=safety,
        reorder_point=reorder_point,
        order_up_to=order_up_to,
        quantity=max(0, order_up_to - position) if due else 0,
        cover_days=available / demand.mean if demand.mean else None,
        days_left=max(0.0, (position - reorder_point) / demand.mean) if demand.mean else None,
    )
