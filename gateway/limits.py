"""Rate limits kept in memory, bounded however many callers there are."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable


class RateLimit:
    """At most `count` events per `seconds` for each key, as a token bucket that starts full.

    Keys seen longest ago are forgotten beyond `capacity`, so that memory stays bounded: a forgotten key starts anew.
    """

    def __init__(
        self, count: int, seconds: float, *, capacity: int = 50_000, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._count = float(count)
        self._per_second = count / seconds
        self._capacity = capacity
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> int:
        """Whole seconds until `key` may have one more event; 0 when it may now. Takes nothing."""
        left = self._left(key)
        return 0 if left >= 1 else max(1, math.ceil((1 - left) / self._per_second))

    def take(self, key: str) -> None:
        """Count one event of `key`."""
        self._buckets[key] = (max(0.0, self._left(key) - 1), self._now())
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)

    def forget(self, key: str) -> None:
        """Start `key` anew."""
        self._buckets.pop(key, None)

    def _left(self, key: str) -> float:
        left, at = self._buckets.get(key, (self._count, self._now()))
        return min(self._count, left + (self._now() - at) * self._per_second)
