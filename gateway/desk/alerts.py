"""What somebody at the desk should look at now: long waits, broken promises, answers that are late, what did not leave.

Each alert is a count of rows that an index finds, so the inbox may ask on every refresh.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import func, select

from gateway.conversations.models import IS_OPEN_TURN, Conversation, OutboxEntry, Turn
from gateway.database.engine import ReadSession
from gateway.handover.models import Handover

LATE: Final = timedelta(minutes=1)
"""A message without an answer for so long is late."""

UNDELIVERED: Final = timedelta(hours=24)
"""How long a message that could not be delivered is spoken of."""

AlertKind = Literal["long_wait", "promise_broken", "answers_late", "undelivered"]


@dataclass(frozen=True)
class Alert:
    """So many, the oldest since then."""

    kind: AlertKind
    count: int
    since: datetime


async def alerts(session: ReadSession, now: datetime, wait: timedelta) -> list[Alert]:
    """What is wrong now. `wait` is how long somebody may wait in the queue before it is said."""
    questions: tuple[tuple[AlertKind, object], ...] = (
        (
            "long_wait",
            select(func.count(), func.min(Conversation.queued_at)).where(
                Conversation.state == "queued", Conversation.queued_at < now - wait
            ),
        ),
        (
            "promise_broken",
            select(func.count(), func.min(Handover.promised_at)).where(
                Handover.ended_at.is_(None), Handover.promised_at < now, Handover.first_answered_at.is_(None)
            ),
        ),
        (
            "answers_late",
            select(func.count(), func.min(Turn.received_at)).where(IS_OPEN_TURN, Turn.received_at < now - LATE),
        ),
        (
            "undelivered",
            select(func.count(), func.min(OutboxEntry.next_try_at)).where(
                OutboxEntry.state == "failed", OutboxEntry.next_try_at > now - UNDELIVERED
            ),
        ),
    )
    found = []
    for kind, query in questions:
        count, since = (await session.execute(query)).one()  # type: ignore[call-overload]
        if count:
            found.append(Alert(kind, int(count), since))
    return found
