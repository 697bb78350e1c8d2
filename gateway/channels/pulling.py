"""Asking channels for news, where a platform does not bring them: one gateway at a time, each event stored once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from gateway.channels import repository
from gateway.channels.models import ChannelCursor
from gateway.channels.port import Channel, ChannelError, Event
from gateway.database.engine import Database
from shopdesk_schemas.clock import Clock

LEASE: Final = timedelta(minutes=2)
"""Longer than one call of `pull` may take."""

_log = logging.getLogger("shopdesk.channels")


class Pulling:
    """Pulls from the channels that have to be asked."""

    def __init__(self, database: Database, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._clock = clock
        self._channels = {name: channel for name, channel in channels.items() if channel.pull_every is not None}
        self.news = {name: asyncio.Event() for name in self._channels}
        """By channel whether to ask at once."""

    @property
    def names(self) -> tuple[str, ...]:
        """The channels that have to be asked."""
        return tuple(self._channels)

    def every(self, name: str) -> float | None:
        """Seconds between two askings."""
        return self._channels[name].pull_every

    async def pull(self, name: str) -> bool:
        """Ask once; whether there is more at once. What came and where to go on are stored together."""
        async with self._database.write() as session:
            row = await repository.lock_cursor(session, name, self._clock.wall(), LEASE)
            if row is None:
                return False
            cursor = row.cursor
        events: tuple[Event, ...] = ()
        more = False
        try:
            pulled = await self._channels[name].pull(cursor, self._clock.wall())
            events, cursor, more = tuple(pulled.events), pulled.cursor, pulled.more
        except ChannelError as error:
            _log.warning("%s cannot be asked: %s", name, error.reason)
        except asyncio.CancelledError:
            # The next start need not wait for the lease.
            await asyncio.shield(self._settle(name, (), cursor))
            raise
        await self._settle(name, events, cursor)
        return more

    async def _settle(self, name: str, events: Sequence[Event], cursor: str | None) -> None:
        async with self._database.write() as session:
            now = self._clock.wall()
            await repository.store_events(session, name, events, now)
            kept = await session.get_one(ChannelCursor, name)
            kept.cursor, kept.lease_until = cursor, now
