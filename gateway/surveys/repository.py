"""Queries over surveys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from gateway.conversations.models import Turn
from gateway.database.engine import AnySession
from gateway.handover.models import Handover
from gateway.surveys.models import Rating


async def latest(session: AnySession, conversation_id: str) -> Rating | None:
    """The conversation's last survey."""
    query = select(Rating).where(Rating.conversation_id == conversation_id).order_by(Rating.id.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


async def intents_since(session: AnySession, conversation_id: str, since: datetime) -> list[str | None]:
    """The intents of the turns answered since an instant, in order."""
    query = (
        select(Turn.intent)
        .where(Turn.conversation_id == conversation_id, Turn.received_at >= since, Turn.finished_at.is_not(None))
        .order_by(Turn.first_seq)
    )
    return list((await session.execute(query)).scalars())


async def last_helper(session: AnySession, conversation_id: str, since: datetime) -> int | None:
    """The agent who last gave the conversation back since an instant."""
    query = (
        select(Handover.agent_id)
        .where(Handover.conversation_id == conversation_id, Handover.ended_at >= since, Handover.agent_id.is_not(None))
        .order_by(Handover.ended_at.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()
