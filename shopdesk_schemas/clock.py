"""The business clock: what time it is for the shop, in UTC.

Time is injected everywhere through this class, so that orders of another year can be tried as if it were then
(`SHOPDESK_NOW`). Rate limits, expiries and message times that guard or record *real* events use `wall_now`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime


def wall_now() -> datetime:
    """The machine's time, UTC."""
    return datetime.now(UTC)


class Clock:
    """Tells the business time: fixed when `fixed` is given, the machine's otherwise."""

    def __init__(self, fixed: datetime | None = None, wall: Callable[[], datetime] = wall_now) -> None:
        if fixed is not None and fixed.tzinfo is None:
            raise ValueError("a fixed clock needs a time zone")
        self._fixed = fixed.astimezone(UTC) if fixed is not None else None
        self._wall = wall

    def now(self) -> datetime:
        """The business time, aware, UTC."""
        return self._fixed or self._wall()

    def wall(self) -> datetime:
        """The machine's time, for limits and expiries, aware, UTC."""
        return self._wall()
