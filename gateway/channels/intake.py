"""Platforms' calls kept before they are answered, and the room that this leaves for the work on them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.channels import repository
from gateway.channels.port import Event
from gateway.database.engine import Database
from shopdesk_schemas.clock import Clock

_PAUSE: Final = 0.005
_LATE: Final = 0.002
"""Seconds that a pause may take longer than it should while the loop has room."""
_MOST_PAUSES: Final = 20


@dataclass(frozen=True)
class _Call:
    """A platform's call that is not stored yet; `stored` is settled once it is."""

    channel: str
    events: Sequence[Event]
    stored: asyncio.Future[None]


class Intake:
    """Stores what comes in; `Inbox` works it off."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._unanswered = 0
        """Calls of platforms that are not stored yet."""
        self._line = asyncio.Lock()
        self._unstored: list[_Call] = []
        self._storing: asyncio.Task[None] | None = None
        self._storing_them = repository.storing(database.engine.dialect.name)

    async def store(self, channel: str, events: Sequence[Event]) -> None:
        """Keep what came in, before the platform is answered.

        Calls that come while one is being stored are stored in one transaction after it: many at once cost little more
        than one, and none waits behind the work on what came before.
        """
        stored = asyncio.get_running_loop().create_future()
        self._unstored.append(_Call(channel, events, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_all(), name="channels-store")
        self._unanswered += 1
        try:
            await stored
        finally:
            self._unanswered -= 1

    async def _store_all(self) -> None:
        while self._unstored:
            together, self._unstored = self._unstored, []
            if not await self._store_together(together) and len(together) > 1:
                # One that the database will not take must not take the others with it.
                for each in together:
                    await self._store_together([each])

    async def _store_together(self, calls: Sequence[_Call]) -> bool:
        """Store the events of all these calls or of none; whether they are."""
        now = self._clock.wall()
        try:
            rows = [row for each in calls for row in repository.event_rows(each.channel, each.events, now)]
            await self._database.insert_at_once(self._storing_them, rows)
        except Exception as error:
            if len(calls) == 1 and not calls[0].stored.done():
                calls[0].stored.set_exception(error)
            return False
        for each in calls:
            if not each.stored.done():
                each.stored.set_result(None)
        return True

    async def quiet(self) -> None:
        """Return when no platform waits for its answer and the loop has room, at the latest after a moment.

        Work comes second: while calls come one upon the other it begins piece by piece, in the room that they leave.
        """
        if not self._unanswered and not self._database.is_pressed:
            return
        loop = asyncio.get_running_loop()
        async with self._line:
            for _ in range(_MOST_PAUSES):
                due = loop.time() + _PAUSE
                await asyncio.sleep(_PAUSE)
                if not self._unanswered and loop.time() - due < _LATE:
                    return

    async def stop(self) -> None:
        """Return once what came in is stored."""
        if self._storing is not None:
            await asyncio.gather(self._storing, return_exceptions=True)
