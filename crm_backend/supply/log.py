"""Chains of events: put in order, with the gaps and the broken promises marked. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

Promise = Literal["ship_by", "delivery", "arrival"]


@dataclass(frozen=True)
class Event:
    """One thing that happened, in the source's order where it knows no time."""

    code: str
    at: datetime | None
    place: str | None = None
    description: str | None = None
    recorded: bool = True
    late: bool = False


@dataclass(frozen=True)
class Gap:
    """A silence."""

    since: datetime
    until: datetime
    lasts: bool

    @property
    def hours(self) -> float:
        """How long."""
        return (self.until - self.since).total_seconds() / 3600


@dataclass(frozen=True)
class Broken:
    """A promise and by how much it was, or is being, missed."""

    promise: Promise
    promised: datetime
    kept_at: datetime | None
    hours_late: float


def in_order(events: Sequence[Event]) -> list[Event]:
    """Oldest first; one without a time stays behind the one that the source put before it."""
    latest = datetime.min.replace(tzinfo=UTC)
    keyed = []
    for event in events:
        latest = event.at if event.at is not None else latest
        keyed.append((latest, event))
    return [event for _at, event in sorted(keyed, key=lambda pair: pair[0])]


def gaps(events: Sequence[Event], longest: timedelta, *, finished: bool, now: datetime) -> list[Gap]:
    """Silences longer than allowed between events, and up to now while it is not finished."""
    times = sorted(event.at for event in events if event.at is not None and event.at <= now)
    found = [Gap(since, until, lasts=False) for since, until in pairwise(times) if until - since > longest]
    if times and not finished and now - times[-1] > longest:
        found.append(Gap(times[-1], now, lasts=True))
    return found


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after a day of the zone's calendar."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def broken(promise: Promise, promised: datetime | None, kept_at: datetime | None, now: datetime) -> Broken | None:
    """The breach, if there is one: kept too late, or not kept and the time is past."""
    if promised is None:
        return None
    when = kept_at if kept_at is not None else now
    if when <= promised:
        return None
    return Broken(promise, promised, kept_at, (when - promised).total_seconds() / 3600)


def mark_late(events: Sequence[Event], breaches: Sequence[Broken]) -> list[Event]:
    """The events with those marked that kept a promise too late."""
    late = {breach.kept_at for breach in breaches if breach.kept_at is not None}
    return [replace(event, late=True) if event.at is not None and event.at in late else event for event in events]


def between(events: Sequence[Event], start: datetime | None, end: datetime | None) -> list[Event]:
    """Those from `start` up to and with `end`. One without a time goes with the one before it."""
    inside = start is None
    kept = []
    for event in events:
        if event.at is not None:
            inside = (start is None or event.at >= start) and (end is None or event.at <= end)
        if inside:
            kept.append(event)
    return kept
