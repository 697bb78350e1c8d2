"""When a store is open. Pure functions over `Store.opening_hours`.

The document has local times by weekday and, under `holidays`, by day (`2026-12-25`, or `12-25` for every year): those
come in place of the weekday's. A span that closes at or before the time it opens ends on the next day. On the day the
clocks change a local time is the instant that the zone's rules give it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 60
"""A store that does not open within so long is closed for good, as far as anybody can say."""

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, order=True)
class Span:
    """Open from one instant to another (UTC)."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Day:
    """The spans that begin on a day of the store's calendar."""

    day: date
    holiday: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Standing:
    """Whether a store is open at some instant, and what comes next."""

    open_now: bool
    closes_at: datetime | None = None
    opens_at: datetime | None = None


def are_known(hours: Mapping[str, Any]) -> bool:
    """Whether the shop has written any hours for this store."""
    return any(weekday in hours for weekday in WEEKDAYS)


def day(hours: Mapping[str, Any], on: date, zone: ZoneInfo) -> Day:
    """The store's hours on one day. A weekday that is not written is closed; a span that cannot be read is left out."""
    holidays = hours.get("holidays")
    named = holidays if isinstance(holidays, dict) else {}
    key = next((key for key in (on.isoformat(), on.isoformat()[5:]) if key in named), None)
    pairs = named[key] if key is not None else hours.get(WEEKDAYS[on.weekday()])
    spans = sorted(span for pair in pairs or () if (span := _span(pair, on, zone)) is not None)
    return Day(on, key is not None, tuple(spans))


def _span(pair: Any, on: date, zone: ZoneInfo) -> Span | None:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        return None
    ends = [_minutes(text) for text in pair]
    opens, closes = ends
    if opens is None or closes is None:
        return None
    if closes <= opens:
        closes += 24 * 60
    span = Span(_instant(on, opens, zone), _instant(on, closes, zone))
    return span if span.opens_at < span.closes_at else None


def _minutes(text: Any) -> int | None:
    found = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if minutes <= 24 * 60 else None


def _instant(on: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, of_day = divmod(minutes, 24 * 60)
    local = datetime.combine(on + timedelta(days=days), time(of_day // 60, of_day % 60), zone)
    return local.astimezone(UTC)


def standing(hours: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> Standing:
    """Whether the store is open at `now`; spans that meet or overlap are one."""
    today = now.astimezone(zone).date()
    closes: datetime | None = None
    for offset in range(-1, LOOK_AHEAD_DAYS + 1):
        for span in day(hours, today + timedelta(days=offset), zone).spans:
            if closes is None:
                if span.opens_at <= now < span.closes_at:
                    closes = span.closes_at
                elif span.opens_at > now:
                    return Standing(open_now=False, opens_at=span.opens_at)
            elif span.opens_at <= closes:
                closes = max(closes, span.closes_at)
            else:
                return Standing(open_now=True, closes_at=closes)
        if closes is not None and offset >= 1:
            return Standing(open_now=True, closes_at=closes)
    return Standing(open_now=closes is not None, closes_at=closes)
