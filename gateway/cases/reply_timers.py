"""By when a person has to answer the customer of a case.

The timer of a case that came out of a conversation runs from its opening until somebody of the shop writes there, and
again from each message of the shopper's that neither a person nor the assistant has answered. It is worked out from the
record whenever it is asked for, so nothing can forget to start or to stop it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from gateway.conversations.models import Message
from gateway.database.engine import ReadSession
from gateway.handover.hours import after_working
from shopdesk_schemas.cases import CaseView
from shopdesk_schemas.crm import SupportHours


@dataclass(frozen=True)
class Said:
    """What counts of a conversation."""

    person_at: datetime | None
    """When somebody of the shop wrote last."""
    unanswered_at: datetime | None
    """The shopper's first message after which nobody wrote, the assistant neither."""


async def reply_timers(
    session: ReadSession, cases: Sequence[CaseView], hours: SupportHours | None, within: timedelta
) -> dict[str, datetime]:
    """By case id, until when its customer is to be answered; cases that owe no answer are not in it.

    `within` is opening time of the shop's support hours.
    """
    linked = {case.id: _conversations(case) for case in cases if case.state != "closed"}
    said = await _said(session, {one for conversations in linked.values() for one in conversations})
    timers: dict[str, datetime] = {}
    for case in cases:
        since = waiting_since(case.created_at, [said[one] for one in linked.get(case.id, []) if one in said])
        due = after_working(hours, since, within) if since is not None else None
        if due is not None:
            timers[case.id] = due
    return timers


def waiting_since(opened_at: datetime, said: Sequence[Said]) -> datetime | None:
    """Since when the customer waits for words of the shop; None when they do not, or the case has no conversation."""
    if not said:
        return None
    answered = [one.person_at for one in said if one.person_at is not None and one.person_at >= opened_at]
    if not answered:
        return opened_at
    return min((one.unanswered_at for one in said if one.unanswered_at is not None), default=None)


def _conversations(case: CaseView) -> list[str]:
    return [link.reference for link in case.links if link.kind == "conversation"]


async def _said(session: ReadSession, conversations: Collection[str]) -> Mapping[str, Said]:
    answers = (
        select(
            Message.conversation_id,
            func.max(Message.at).filter(Message.author == "agent").label("person_at"),
            func.coalesce(func.max(Message.seq).filter(Message.author.in_(("agent", "assistant"))), 0).label("seq"),
        )
        .where(Message.conversation_id.in_(conversations))
        .group_by(Message.conversation_id)
        .subquery()
    )
    asked = and_(
        Message.conversation_id == answers.c.conversation_id,
        Message.author == "shopper",
        Message.seq > answers.c.seq,
    )
    query = (
        select(answers.c.conversation_id, answers.c.person_at, func.min(Message.at))
        .outerjoin(Message, asked)
        .group_by(answers.c.conversation_id, answers.c.person_at)
    )
    return {row[0]: Said(row[1], row[2]) for row in await session.execute(query)}
