"""Who in the queue goes before whom: besides waiting time and reason, the customer's segment and trouble with a parcel.

The CRM knows both, and is not asked while a message is being stored: a conversation is weighed moments after it was
queued, once, and moves forward by its greatest head start. Nobody is moved back, and whoever waits longer by more than
the head start still comes first, so nobody starves.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from gateway.clients.staff import StaffClient, StaffMember
from gateway.conversations import repository as conversations_repository
from gateway.conversations.models import Conversation
from gateway.database.engine import Database
from gateway.desk.models import ConversationSegment
from gateway.errors import UpstreamError, UpstreamRejected
from gateway.handover import repository
from gateway.handover.models import Handover
from gateway.tasks import end
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.customers import ConversationOutcome

EVERY_SECONDS: Final = 3.0
DELIVERY: Final = "delivery"
"""The reason that is not a segment."""

_AT_ONCE: Final = 50
_DESK: Final = StaffMember("queue", "read_only")
_log = logging.getLogger("shopdesk.handover")


def head_start(outcome: ConversationOutcome, delivery: timedelta) -> tuple[timedelta, str | None]:
    """The greatest head start that holds, and why: a segment's key, `delivery`, or None for none."""
    reasons = [(timedelta(minutes=minutes), key) for key, minutes in sorted(outcome.head_starts.items())]
    if outcome.delivery_trouble:
        reasons.append((delivery, DELIVERY))
    best = max(reasons, default=(timedelta(), None), key=lambda one: one[0])
    return best if best[0] > timedelta() else (timedelta(), None)


class QueueKeeper:
    """Weighs who is new in the queue, from `start` to `stop`."""

    def __init__(
        self,
        database: Database,
        staff: StaffClient,
        clock: Clock,
        delivery: timedelta,
    ) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock
        self._delivery = delivery
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._watch(), name="queue-keeper")

    async def stop(self) -> None:
        """Stop at once."""
        if self._task is not None:
            await end([self._task])

    async def check(self) -> int:
        """Weigh who was not weighed yet; how many. Raises `UpstreamError` while the CRM is away."""
        query = (
            select(Handover.conversation_id)
            .join(Conversation, Conversation.id == Handover.conversation_id)
            .where(Handover.ended_at.is_(None), Handover.weighed_at.is_(None), Conversation.state == "queued")
            .limit(_AT_ONCE)
        )
        async with self._database.read() as session:
            found = (await session.execute(query)).scalars().all()
        for conversation_id in found:
            await self._weigh(conversation_id)
        return len(found)

    async def _weigh(self, conversation_id: str) -> None:
        try:
            outcome = await self._staff.conversation_outcome(_DESK, conversation_id)
        except UpstreamRejected as error:
            if error.status != 404:
                raise
            outcome = ConversationOutcome(unsolved=None, others=[], segments=[])
        start, reason = head_start(outcome, self._delivery)
        async with self._database.write() as session:
            conversation = await conversations_repository.lock(session, conversation_id)
            handover = await repository.open_handover(session, conversation_id)
            if handover is None or handover.weighed_at is not None:
                return
            handover.weighed_at, handover.preferred = self._clock.wall(), reason
            if conversation.state == "queued" and conversation.queue_key is not None:
                conversation.queue_key -= start
            for key in outcome.segments:
                if await session.get(ConversationSegment, (conversation_id, key)) is None:
                    session.add(ConversationSegment(conversation_id=conversation_id, key=key))

    async def _watch(self) -> None:
        while True:
            try:
                await self.check()
            except UpstreamError as error:
                _log.info("the queue cannot be weighed yet", extra={"fields": {"why": str(error)}})
            except Exception:
                _log.exception("could not weigh the queue")
            await asyncio.sleep(EVERY_SECONDS)
