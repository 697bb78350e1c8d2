"""The port for events by month: partitions where the store has them.

On PostgreSQL each month has a table of its own in the schema `events_by_month`, made before its first event comes, so
old months can be moved or dropped as a whole and a question about one month reads one table. SQLite has one table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import text

from crm_backend.database.engine import WriteSession
from crm_backend.database.locks import take_turns

SCHEMA = "events_by_month"


def month_of(at: datetime) -> tuple[int, int]:
    """Year and month in UTC."""
    utc = at.astimezone(UTC)
    return utc.year, utc.month


def make_room(session: WriteSession, instants: Iterable[datetime]) -> None:
    """See that events of these instants have a place."""
    if session.get_bind().dialect.name == "sqlite":
        return
    missing = [month for month in sorted({month_of(at) for at in instants}) if not _there(session, month)]
    if not missing:
        return
    take_turns(session, ["events_by_month"])
    for month in missing:
        if not _there(session, month):
            _make(session, month)


def _name(month: tuple[int, int]) -> str:
    return f"{SCHEMA}.events_{month[0]:04d}_{month[1]:02d}"


def _there(session: WriteSession, month: tuple[int, int]) -> bool:
    return session.scalar(text("SELECT to_regclass(:name)"), {"name": _name(month)}) is not None


def _make(session: WriteSession, month: tuple[int, int]) -> None:
    year, number = month
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    first, end = (f"{one[0]:04d}-{one[1]:02d}-01 00:00:00+00" for one in (month, following))
    # Attached, not made as a partition at once: that would keep readers of all months out for the moment.
    session.execute(text(f"CREATE TABLE {_name(month)} (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"))
    session.execute(
        text(f"ALTER TABLE events ATTACH PARTITION {_name(month)} FOR VALUES FROM ('{first}') TO ('{end}')")
    )
