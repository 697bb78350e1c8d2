"""Days in words, as ranges of days: "last week", 上个月, "3 May", "on Monday", 后天, "between the 3rd and the 5th"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from actions.resolver.resolution import Resolution, nothing

Direction = Literal["past", "future"]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `first` to `last`, both included. `about` when said loosely ("a couple of weeks ago")."""

    first: date
    last: date
    about: bool = False

    @property
    def is_day(self) -> bool:
        """Whether it is one single day."""
        return self.first == self.last


def resolve_date(text: str, *, today: date, direction: Direction = "future") -> Resolution[DateRange]:
    """The days that `text` speaks of.

    `direction` decides what "Monday" and "3 May" mean without a year: the next one (a delivery) or the last one (an
    order).
    """
    return nothing(text)
