"""Live fan-out: who waits for news of a conversation, or of any, is woken when there is some.

A listener that is woken reads the record again; a wake-up carries nothing, so a lost or doubled one costs one read.
`LiveBus` is the port. `LocalBus` serves one process, all there is on SQLite; `RedisBus` (`live_redis`) several.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Protocol

ANYTHING: Final = "*"
"""The topic of who wants to hear of every conversation."""


def agent_topic(agent_id: int) -> str:
    """The topic of an agent's own affairs, such as the end of a session. No conversation has such an id."""
    return f"agent:{agent_id}"


class Listener:
    """One waiter."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There is news."""
        self._news.set()

    def rearm(self) -> None:
        """Call before reading the record, so that what changes during the reading is not missed."""
        self._news.clear()

    async def wait(self, seconds: float | None = None) -> bool:
        """True when there is news, False when `seconds` passed without any."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True


class LiveBus(Protocol):
    """Wakes listeners of a conversation, wherever they are connected."""

    @property
    def closing(self) -> bool:
        """True once the program is stopping: listeners are woken and should finish."""

    async def start(self) -> None:
        """Begin to work."""

    async def stop(self) -> None:
        """End whatever connections there are."""

    def publish(self, topic: str) -> None:
        """Something about the conversation, or another topic, changed and is committed."""

    def listen(self, *topics: str) -> AbstractContextManager[Listener]:
        """A listener for the length of the block."""

    def close(self) -> None:
        """Wake everybody for the last time."""


class LocalBus:
    """The port within one process."""

    def __init__(self) -> None:
        self._closing = False
        self._listeners: dict[str, set[Listener]] = {}

    @property
    def closing(self) -> bool:
        """True once the program is stopping."""
        return self._closing

    async def start(self) -> None:
        """Nothing to begin."""

    async def stop(self) -> None:
        """Nothing to end."""

    def publish(self, topic: str) -> None:
        """Wake the topic's listeners, and those of anything."""
        for one in (topic, ANYTHING):
            for listener in self._listeners.get(one, ()):
                listener.wake()

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Listener]:
        """A listener for the length of the block."""
        listener = Listener()
        for topic in topics:
            self._listeners.setdefault(topic, set()).add(listener)
        if self._closing:
            listener.wake()
        try:
            yield listener
        finally:
            for topic in topics:
                others = self._listeners[topic]
                others.discard(listener)
                if not others:
                    del self._listeners[topic]

    def close(self) -> None:
        """Wake everybody for the last time."""
        self._closing = True
        self.wake_all()

    def wake_all(self) -> None:
        """Wake everybody: there may be news for anyone."""
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.wake()
