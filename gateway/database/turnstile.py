"""A lock that lets the urgent in first: for the one writer that SQLite has."""

from __future__ import annotations

import asyncio
from collections import deque


class Turnstile:
    """As `asyncio.Lock`, but who is urgent goes before all who are not. In each class first come, first served."""

    def __init__(self) -> None:
        self._locked = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    async def acquire(self, *, urgent: bool = False) -> None:
        """Return once it is the caller's."""
        if not self._locked:
            self._locked = True
            return
        waiting = asyncio.get_running_loop().create_future()
        line = self._urgent if urgent else self._others
        line.append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                # It was handed over just now; somebody else shall have it.
                self.release()
            elif waiting in line:
                line.remove(waiting)
            raise

    def release(self) -> None:
        """Hand it to the next in line."""
        for line in (self._urgent, self._others):
            while line:
                waiting = line.popleft()
                if not waiting.done():
                    waiting.set_result(None)
                    return
        self._locked = False
