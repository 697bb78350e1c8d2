"""One turn at a time per tracker, in one process or, with Redis, across several.

Rasa's Redis store reads a ticket list, changes it and writes it back, so that two processes can draw the same ticket.
Here Redis itself decides (SET NX with an expiry and a token of the holder, as redis-py's lock does it). Within a
process Rasa's ticket lock serves, asked more often than once a second.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import AsyncIterator

import redis.asyncio
from rasa.core.lock_store import InMemoryLockStore, LockError, LockStore
from redis.exceptions import LockError as RedisLockError
from redis.exceptions import RedisError

_ASK_AGAIN_SECONDS = 0.02
_PREFIX = "shopdesk:turn:"


class TurnLockStore(InMemoryLockStore):
    """Locks in this process; `lifetime` (seconds) is more than a turn can take."""

    def __init__(self, lifetime: float) -> None:
        super().__init__()
        self._lifetime = lifetime

    def lock(self, conversation_id: str) -> AsyncIterator[object]:  # type: ignore[override]
        """Waits for the tracker's lock and holds it. Raises `LockError`."""
        return super().lock(conversation_id, self._lifetime, _ASK_AGAIN_SECONDS)

    async def close(self) -> None:
        """Nothing to close."""


class RedisTurnLockStore(LockStore):
    """Locks in Redis."""

    def __init__(self, url: str, lifetime: float) -> None:
        self._redis = redis.asyncio.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
        self._lifetime = lifetime

    @asynccontextmanager
    async def lock(self, conversation_id: str) -> AsyncIterator[object]:  # type: ignore[override]
        """Waits for the tracker's lock and holds it. Raises `LockError` when Redis is away or the wait too long."""
        lock = self._redis.lock(
            _PREFIX + conversation_id,
            timeout=self._lifetime,
            sleep=_ASK_AGAIN_SECONDS,
            blocking_timeout=self._lifetime,
        )
        try:
            acquired = await lock.acquire()
        except RedisError as error:
            raise LockError("Redis is away.") from error
        if not acquired:
            raise LockError("The tracker is busy.")
        try:
            yield lock
        finally:
            # Expired or out of reach: the expiry frees it.
            with suppress(RedisLockError, RedisError):
                await lock.release()

    async def close(self) -> None:
        """Closes the connections."""
        await self._redis.close()
