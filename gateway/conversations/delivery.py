"""Notes which messages web clients have received, in few transactions: a mark is not worth a write of its own."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from gateway.conversations import repository
from gateway.database.engine import Database
from gateway.tasks import end
from shopdesk_schemas.clock import Clock

FLUSH_SECONDS = 1.0
_REMEMBERED = 20_000
_log = logging.getLogger("shopdesk.delivery")


class DeliveryMarks:
    """Collects acknowledged sequence numbers and writes them together."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._pending: dict[str, tuple[int, int]] = {}
        """By conversation: after which message, and up to which."""
        self._known: OrderedDict[str, int] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def received(self, conversation_id: str, seq: int) -> None:
        """A client of the conversation has everything up to `seq`."""
        known = self._known.get(conversation_id, 0)
        if seq <= known:
            return
        after, _ = self._pending.get(conversation_id, (known, 0))
        self._pending[conversation_id] = after, seq
        self._known[conversation_id] = seq
        self._known.move_to_end(conversation_id)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def start(self) -> None:
        """Begin to write marks."""
        self._task = asyncio.create_task(self._run(), name="delivery-marks")

    async def stop(self) -> None:
        """Write what is left and stop."""
        if self._task is not None:
            await end([self._task])
        await self.flush()

    async def flush(self) -> None:
        """Write the marks collected so far."""
        marks, self._pending = self._pending, {}
        if not marks:
            return
        now = self._clock.wall()
        try:
            async with self._database.write(brief=True) as session:
                for conversation_id, (after, seq) in sorted(marks.items()):
                    await repository.mark_delivered(session, conversation_id, after, seq, now)
        except BaseException:
            for conversation_id, (after, seq) in marks.items():
                _, later = self._pending.get(conversation_id, (0, 0))
                self._pending[conversation_id] = after, max(seq, later)
            raise

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except Exception:
                _log.exception("could not note deliveries")
