"""How many of the console's streams one process serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

STREAMS_PER_AGENT: Final = 20
"""Pages seen at once by one agent; beyond it they ask again instead (`live.FULL_RETRY_MS`)."""


class Streams:
    """How many streams this process serves: at most `limit`, and `STREAMS_PER_AGENT` for each agent."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[int] = Counter()

    @property
    def open(self) -> int:
        """Streams that are open."""
        return self._open.total()

    @contextmanager
    def place(self, agent_id: int) -> Iterator[bool]:
        """Whether there is room for one more, which takes it for the length of the block."""
        if self.open >= self._limit or self._open[agent_id] >= STREAMS_PER_AGENT:
            yield False
            return
        self._open[agent_id] += 1
        try:
            yield True
        finally:
            self._open[agent_id] -= 1
            if not self._open[agent_id]:
                del self._open[agent_id]
