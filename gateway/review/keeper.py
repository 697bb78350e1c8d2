"""Looks conversations through once they are quiet, from `start` to `stop`."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from gateway.database.engine import Database
from gateway.review import repository
from gateway.review.service import Reviews
from gateway.tasks import end
from shopdesk_schemas.clock import Clock

EVERY_SECONDS: Final = 60.0
_AT_ONCE: Final = 200
_log = logging.getLogger("shopdesk.review")


class ReviewKeeper:
    """Fills the reviewers' queue. Two gateways may look through the same conversation: it comes to the same."""

    def __init__(self, database: Database, reviews: Reviews, clock: Clock) -> None:
        self._database = database
        self._reviews = reviews
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._watch(), name="review-keeper")

    async def stop(self) -> None:
        """Stop at once."""
        if self._task is not None:
            await end([self._task])

    async def check(self) -> int:
        """Look through what is quiet by now and was not yet; how many conversations."""
        async with self._database.read() as session:
            found = [one.id for one in await repository.unscanned(session, self._clock.wall(), _AT_ONCE)]
        for conversation_id in found:
            async with self._database.write() as session:
                await self._reviews.scan(session, conversation_id)
        return len(found)

    async def _watch(self) -> None:
        while True:
            try:
                found = _AT_ONCE
                while found == _AT_ONCE:
                    found = await self.check()
            except Exception:
                _log.exception("could not look conversations through")
            await asyncio.sleep(EVERY_SECONDS)
