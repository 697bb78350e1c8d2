"""Watches over leases, and knows the shop's support hours: the background half of hand-over."""

from __future__ import annotations

import asyncio
import logging

from gateway.clients.crm import CrmClient
from gateway.database.engine import Database
from gateway.errors import UpstreamError
from gateway.handover import repository
from gateway.handover.service import Handovers
from gateway.tasks import end
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.crm import SupportHours

LEASE_CHECK_SECONDS = 2.0
HOURS_REFRESH_SECONDS = 300.0
_HOURS_RETRY_SECONDS = 10.0
_LAPSES_PER_CHECK = 100
_log = logging.getLogger("shopdesk.handover")


class SupportHoursCache:
    """The shop's hours as the CRM last told them; None until it has, or when the shop does not say."""

    def __init__(self, crm: CrmClient) -> None:
        self._crm = crm
        self._hours: SupportHours | None = None

    def __call__(self) -> SupportHours | None:
        """The hours known now."""
        return self._hours

    async def refresh(self) -> None:
        """Ask the CRM. Raises `UpstreamError`."""
        self._hours = (await self._crm.policies()).shop.support_hours


class LeaseKeeper:
    """Returns conversations of lost connections to the queue, and keeps the hours fresh, from `start` to `stop`."""

    def __init__(self, database: Database, handovers: Handovers, hours: SupportHoursCache, clock: Clock) -> None:
        self._database = database
        self._handovers = handovers
        self._hours = hours
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._tasks = [
            asyncio.create_task(self._watch(), name="lease-keeper"),
            asyncio.create_task(self._refresh(), name="support-hours"),
        ]

    async def stop(self) -> None:
        """Stop at once."""
        await end(self._tasks)

    async def check(self) -> int:
        """Return what has lapsed by now to the queue; how many."""
        async with self._database.read() as session:
            lapsed = await repository.lapsed_leases(session, self._clock.wall(), _LAPSES_PER_CHECK)
        returned = 0
        for conversation_id in lapsed:
            async with self._database.write() as session:
                returned += await self._handovers.lapse(session, conversation_id)
        return returned

    async def _watch(self) -> None:
        while True:
            try:
                await self.check()
            except Exception:
                _log.exception("could not look after leases")
            await asyncio.sleep(LEASE_CHECK_SECONDS)

    async def _refresh(self) -> None:
        while True:
            pause = HOURS_REFRESH_SECONDS
            try:
                await self._hours.refresh()
            except UpstreamError as error:
                _log.info("support hours are not known yet", extra={"fields": {"why": str(error)}})
                pause = _HOURS_RETRY_SECONDS
            await asyncio.sleep(pause)
