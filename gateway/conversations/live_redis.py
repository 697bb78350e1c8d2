"""Live fan-out between several gateways, over Redis publish and subscribe.

Who listens here is woken at once, by what happens here or at any other gateway. Redis may be away: then a gateway wakes
its own listeners only, and when the connection is back it wakes all of them, because they may have missed something.
Nothing is lost meanwhile, for a wake-up carries nothing: clients also read again by themselves.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.conversations.live import Listener, LocalBus
from gateway.tasks import end

CHANNEL: Final = "shopdesk:live"
RETRY_SECONDS: Final = 1.0
_WAITING: Final = 10_000
"""Announcements kept while Redis is slow; beyond it the oldest are dropped."""

_log = logging.getLogger("shopdesk.live")


class RedisBus:
    """The port over Redis."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(url, health_check_interval=15)
        self._local = LocalBus()
        self._me = secrets.token_hex(8)
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(_WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self.listening = asyncio.Event()
        """Set while what other gateways say arrives here."""

    @property
    def closing(self) -> bool:
        """True once the program is stopping."""
        return self._local.closing

    async def start(self) -> None:
        """Begin to tell and to hear."""
        self._tasks = [
            asyncio.create_task(self._tell(), name="live-tell"),
            asyncio.create_task(self._hear(), name="live-hear"),
        ]

    async def stop(self) -> None:
        """End the connections."""
        await end(self._tasks)
        await self._redis.aclose()

    def publish(self, topic: str) -> None:
        """Wake the topic's listeners, here at once and elsewhere soon."""
        self._local.publish(topic)
        if self._outgoing.full():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(topic)

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Listener]:
        """A listener for the length of the block."""
        with self._local.listen(*topics) as listener:
            yield listener

    def close(self) -> None:
        """Wake everybody for the last time."""
        self._local.close()

    async def _tell(self) -> None:
        while True:
            topic = await self._outgoing.get()
            try:
                await self._redis.publish(CHANNEL, f"{self._me} {topic}")
            except (RedisError, OSError) as error:
                _log.warning("could not tell other gateways: %s", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(CHANNEL)
                    self.listening.set()
                    self._local.wake_all()
                    async for message in subscription.listen():
                        self._take(message["data"])
            except (RedisError, OSError) as error:
                _log.warning("other gateways are not heard: %s", type(error).__name__)
            self.listening.clear()
            await asyncio.sleep(RETRY_SECONDS)

    def _take(self, announcement: bytes) -> None:
        sender, _, topic = announcement.decode().partition(" ")
        if sender != self._me:
            self._local.publish(topic)
