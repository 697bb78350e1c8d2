"""One parcel's forecast read off its curve, on any day after the landmark. Plain Python: it runs in a request.

The curve says, for each day after the landmark, how likely the parcel has not arrived by the end of that day. Whoever
asks later knows more: it has not arrived yet. So all is reckoned among the cases in which it has not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Curve:
    """What was fitted of a parcel. `waiting[k]`: the probability that it has not arrived by the end of day `k`."""

    since: date
    """The landmark's day where the order is: day 0."""
    waiting: Sequence[float]
    slope: float
    intercept: float
    """The calibration: logit(late) = slope × logit(what the curve says) + intercept."""
    by_level: float
    """Which quantile is told as the last day: so chosen that the promised share of parcels kept it."""


@dataclass(frozen=True)
class Forecast:
    """What can be told of a parcel that has not arrived."""

    predicted_on: date | None
    """The middle: as many arrive by this day as after it. None where the curve does not come so far."""
    predicted_by: date | None
    """By this day nearly all arrive; None likewise."""
    late_probability: float | None
    """That it arrives after the promised day; None where none was promised."""


def forecast(curve: Curve, promised_on: date | None, today: date) -> Forecast | None:
    """The forecast on a day. None when the parcel is overdue beyond all that was seen: nobody can tell then."""
    age = max(0, (today - curve.since).days)
    before = curve.waiting[age - 1] if 0 < age <= len(curve.waiting) else 1.0
    if age >= len(curve.waiting) or before <= curve.waiting[-1] or before < MOST_PATIENT:
        return None
    arrived = [1 - waiting / before for waiting in curve.waiting[age:]]
    return Forecast(
        predicted_on=_day(curve, age, _first(arrived, 0.5)),
        predicted_by=_day(curve, age, _first(arrived, curve.by_level)),
        late_probability=_late(curve, promised_on, age, before),
    )


MOST_PATIENT = 0.002
"""Where fewer parcels than this were still on their way the curve has nothing to say."""


def _first(arrived: Sequence[float], level: float) -> int | None:
    return next((day for day, share in enumerate(arrived) if share >= level), None)


def _day(curve: Curve, age: int, after: int | None) -> date | None:
    return None if after is None else curve.since + timedelta(days=age + after)


def _late(curve: Curve, promised_on: date | None, age: int, before: float) -> float | None:
    if promised_on is None:
        return None
    day = (promised_on - curve.since).days
    if day < age:
        return 1.0
    return calibrated(curve.waiting[min(day, len(curve.waiting) - 1)] / before, curve.slope, curve.intercept)


def calibrated(probability: float, slope: float, intercept: float) -> float:
    """Platt's scaling on the logit."""
    kept = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(slope * math.log(kept / (1 - kept)) + intercept)))
