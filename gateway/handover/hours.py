"""When people answer: pure functions over the shop's support hours.

No hours given means that the shop does not say, and people are taken to be there at any time. All instants are aware;
the hours are local times of their own zone, so a day may have 23 or 25 hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

from shopdesk_schemas.crm import SupportHours, Weekday

_WEEK: Final[tuple[Weekday, ...]] = get_args(Weekday)
_LOOK_AHEAD_DAYS: Final = 60
"""A shop that is closed for longer than this has no next opening."""


def is_open(hours: SupportHours | None, at: datetime) -> bool:
    """Whether people answer at this instant."""
    if hours is None:
        return True
    return any(opens <= at < closes for opens, closes in _intervals(hours, at, days=2))


def next_opening(hours: SupportHours | None, at: datetime) -> datetime | None:
    """The first instant from `at` on at which people answer; None when there is none within two months."""
    if hours is None:
        return at
    for opens, closes in _intervals(hours, at, days=_LOOK_AHEAD_DAYS):
        if closes > at:
            return max(opens, at)
    return None


def after_working(hours: SupportHours | None, at: datetime, duration: timedelta) -> datetime | None:
    """The instant at which `duration` of opening time has passed since `at`; None when that is over two months away."""
    if hours is None:
        return at + duration
    left = duration
    for opens, closes in _intervals(hours, at, days=_LOOK_AHEAD_DAYS):
        begins = max(opens, at)
        if closes <= begins:
            continue
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return None


def _intervals(hours: SupportHours, at: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Opening intervals as instants in order, from the day before `at`, whose late hours may reach past midnight."""
    zone = ZoneInfo(hours.timezone)
    first = at.astimezone(zone).date() - timedelta(days=1)
    closed = set(hours.closed_on)
    for offset in range(days + 1):
        day = first + timedelta(days=offset)
        if day in closed:
            continue
        for opens, closes in sorted(hours.weekly.get(_WEEK[day.weekday()]) or []):
            ends = day if closes > opens else day + timedelta(days=1)
            yield _instant(day, opens, zone), _instant(ends, closes, zone)


def _instant(day: date, clock_time: str, zone: ZoneInfo) -> datetime:
    if clock_time == "24:00":
        return datetime.combine(day + timedelta(days=1), time(0), zone)
    return datetime.combine(day, time.fromisoformat(clock_time), zone)
