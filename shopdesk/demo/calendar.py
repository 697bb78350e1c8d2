"""The business day and local times."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

SUNDAY = 6


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone, looked up once."""
    return ZoneInfo(name)


def business_day(now: datetime, timezone: str) -> date:
    """The shop's calendar day at `now` (aware)."""
    return now.astimezone(zone(timezone)).date()


def day_start(day: date, timezone: str) -> datetime:
    """The first moment of `day` in `timezone`, UTC. Everything in the demo shop has happened by then."""
    return datetime.combine(day, time(), zone(timezone)).astimezone(UTC)


def minute_of(text: str) -> int:
    """Minutes since midnight of "HH:MM"."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def local_moment(day: date, minutes: int, timezone: str, seconds: int = 0) -> datetime:
    """The moment `minutes` after midnight by the clock on the wall of `timezone`, UTC.

    A time that the spring change of clocks skips is taken as if the clock had not changed yet.
    """
    wall = datetime.combine(day, time(minutes // 60, minutes % 60, seconds), zone(timezone))
    return wall.astimezone(UTC)


def next_moment(
    rng: random.Random, after: datetime, timezone: str, between: tuple[str, str], *, days: int = 0, sundays: bool = True
) -> datetime:
    """A moment after `after`, at a local time inside `between`, on the earliest day at least `days` later.

    Without `sundays` no Sunday is used. When `after` lies inside the window that day, what is left of it is used.
    """
    local = after.astimezone(zone(timezone))
    first, last = minute_of(between[0]), minute_of(between[1])
    day = local.date() + timedelta(days=days)
    while True:
        if sundays or day.weekday() != SUNDAY:
            begin = max(first, local.hour * 60 + local.minute + 5) if day == local.date() else first
            if begin <= last:
                moment = local_moment(day, rng.randint(begin, last), timezone, rng.randrange(60))
                if moment > after:
                    return moment
        day += timedelta(days=1)


def working_days_later(day: date, count: int) -> date:
    """The day `count` working days (Monday to Saturday) after `day`."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() != SUNDAY:
            count -= 1
    return day
