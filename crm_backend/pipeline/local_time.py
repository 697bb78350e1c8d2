"""Times without an offset, as shops' files have them, to instants.

Two hours a year are not plain. An hour that happens twice (clocks go back) is taken as its first, and one that does
not happen (clocks go forward) is moved on by the gap, as a clock that was not yet changed would have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

DayOrder = Literal["day_first", "month_first"]

_ISO = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}")
_PARTS = re.compile(
    r"^(?P<first>\d{1,4})[/.\-](?P<second>\d{1,2})[/.\-](?P<third>\d{1,4})"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second_>\d{2})(?:\.\d+)?)?(?:\s*(?P<half>[AaPp][Mm]))?)?$"
)


class LocalTime:
    """An instant and which rule made it from a local time: `gap`, `overlap` or none."""

    __slots__ = ("instant", "rule")

    def __init__(self, instant: datetime, rule: Literal["gap", "overlap"] | None) -> None:
        self.instant = instant
        self.rule = rule


@lru_cache(maxsize=65536)
def parse_local(text: str, day_order: DayOrder, zone: ZoneInfo) -> LocalTime:
    """The instant of a file's local time.

    Takes `2010-12-01 08:26[:00]`, `12/1/2010 8:26`, `1.12.2010 08:26`, `…Z` and offsets; a day alone is its midnight.
    `day_order` says what `1/2/2010` means. Raises ValueError when the text is no time.
    """
    local = _naive(text.strip(), day_order)
    if local.tzinfo is not None:
        return LocalTime(local.astimezone(UTC), None)
    first = local.replace(tzinfo=zone)
    instant = first.astimezone(UTC)
    rule: Literal["gap", "overlap"] | None = None
    if first.utcoffset() != first.replace(fold=1).utcoffset():
        rule = "overlap" if instant.astimezone(zone).replace(tzinfo=None) == local else "gap"
    return LocalTime(instant, rule)


def parse_day(text: str, day_order: DayOrder) -> date:
    """The day of a file's local time, whatever hour is written behind it. Raises ValueError."""
    return _naive(text.strip(), day_order).date()


def _naive(text: str, day_order: DayOrder) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    match = _PARTS.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time")
    first, second, third = (int(match[name]) for name in ("first", "second", "third"))
    if len(match["first"]) == 4:
        year, month, day = first, second, third
    elif day_order == "day_first":
        day, month, year = first, second, third
    else:
        month, day, year = first, second, third
    if year < 100:
        year += 2000 if year < 70 else 1900
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"{text!r} is not a time")
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    try:
        return datetime(year, month, day, hour, int(match["minute"] or 0), int(match["second_"] or 0))  # noqa: DTZ001
    except ValueError as error:
        raise ValueError(f"{text!r} is not a time") from error


def needs_day_order(text: str) -> bool:
    """Whether the order of day and month in this time is not plain from its form."""
    text = text.strip()
    return bool(_PARTS.match(text)) and not _ISO.match(text)


def day_order_of(texts: Iterable[str]) -> DayOrder:
    """Which comes first in the dates of one file, judged by numbers above 12.

    Where no date tells, `/` means month first (as spreadsheets of American make write) and `.` or `-` day first.
    """
    day_first = month_first = slashes = others = 0
    for text in texts:
        match = _PARTS.match(text.strip())
        if match is None or len(match["first"]) == 4:
            continue
        day_first += int(match["first"]) > 12
        month_first += int(match["second"]) > 12
        slashes += "/" in text
        others += "/" not in text
    if day_first != month_first:
        return "day_first" if day_first > month_first else "month_first"
    return "month_first" if slashes >= others else "day_first"
