"""Queries over the queue, leases and requests for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from gateway.console.models import Agent
from gateway.conversations.models import Conversation, Message, Turn
from gateway.database.engine import AnySession
from gateway.handover.models import Handover


async def open_handover(session: AnySession, conversation_id: str) -> Handover | None:
    """The request that is not ended; there is at most one."""
    return (
        await session.execute(
            select(Handover).where(Handover.conversation_id == conversation_id, Handover.ended_at.is_(None))
        )
    ).scalar_one_or_none()


async def place_in_queue(session: AnySession, conversation: Conversation) -> int:
    """How many wait before it, plus one."""
    ahead = or_(
        Conversation.queue_key < conversation.queue_key,
        and_(Conversation.queue_key == conversation.queue_key, Conversation.id < conversation.id),
    )
    query = select(func.count()).select_from(Conversation).where(Conversation.state == "queued", ahead)
    return (await session.execute(query)).scalar_one() + 1


async def queue(session: AnySession, limit: int) -> Sequence[Conversation]:
    """Who waits, in the order in which they should be taken."""
    query = (
        select(Conversation)
        .where(Conversation.state == "queued")
        .order_by(Conversation.queue_key, Conversation.id)
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def preferences(session: AnySession, conversations: Sequence[str]) -> dict[str, str]:
    """Why those of the conversations that wait go before others, by conversation; most have no reason."""
    query = select(Handover.conversation_id, Handover.preferred).where(
        Handover.conversation_id.in_(conversations), Handover.ended_at.is_(None), Handover.preferred.is_not(None)
    )
    return {row[0]: str(row[1]) for row in (await session.execute(query)).all()}


async def lapsed_leases(session: AnySession, now: datetime, limit: int) -> Sequence[str]:
    """Conversations whose holder has given no sign of life in time."""
    query = (
        select(Conversation.id)
        .where(Conversation.state == "agent", Conversation.lease_until <= now)
        .order_by(Conversation.lease_until)
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def holder_name(session: AnySession, conversation: Conversation) -> str | None:
    """The display name of the agent who holds it."""
    if conversation.holder_id is None:
        return None
    query = select(Agent.display_name).where(Agent.id == conversation.holder_id)
    return (await session.execute(query)).scalar_one_or_none()


async def held_by(session: AnySession, agent_id: int) -> int:
    """How many conversations an agent holds now."""
    query = (
        select(func.count())
        .select_from(Conversation)
        .where(Conversation.state == "agent", Conversation.holder_id == agent_id)
    )
    return (await session.execute(query)).scalar_one()


async def colleagues(session: AnySession, agent_id: int) -> Sequence[Agent]:
    """Others to whom a conversation can be transferred, by name."""
    query = (
        select(Agent)
        .where(Agent.active, Agent.role != "read_only", Agent.id != agent_id)
        .order_by(Agent.display_name, Agent.id)
    )
    return (await session.execute(query)).scalars().all()


async def last_asked(session: AnySession, conversation_id: str) -> tuple[Turn | None, str]:
    """The shopper's last words and the turn they belong to, where the assistant was asked."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.author == "shopper")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    message = (await session.execute(query)).scalar_one_or_none()
    if message is None:
        return None, ""
    turn = await session.get(Turn, message.turn_id) if message.turn_id else None
    return turn, str(message.content.get("text", ""))
