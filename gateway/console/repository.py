"""What the console reads. Every agent may read every conversation; narrower rights will be decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from gateway.conversations.models import Conversation, Message, Turn
from gateway.database.engine import ReadSession

PAGE_SIZE = 50


@dataclass(frozen=True)
class ConversationFilter:
    """Which conversations to list; None means any."""

    language: str | None = None
    channel: str | None = None
    state: str | None = None
    attention: str | None = None
    """`low_confidence` or `handoff`."""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after this conversation, in order of newest activity."""

    at: datetime
    id: str


async def list_conversations(
    session: ReadSession, chosen: ConversationFilter, cursor: Cursor | None
) -> tuple[Sequence[tuple[Conversation, Message | None]], Cursor | None]:
    """One page, newest activity first, each with its last message; and where the next page begins.

    Pages by key, not by offset: the thousandth page costs what the first does.
    """
    last = and_(Message.conversation_id == Conversation.id, Message.seq == Conversation.next_seq - 1)
    query = (
        select(Conversation, Message)
        .outerjoin(Message, last)
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if chosen.language is not None:
        query = query.where(Conversation.locale == chosen.language)
    if chosen.channel is not None:
        query = query.where(Conversation.channel == chosen.channel)
    if chosen.state is not None:
        query = query.where(Conversation.state == chosen.state)
    if chosen.attention == "low_confidence":
        query = query.where(Conversation.low_confidence)
    elif chosen.attention == "handoff":
        query = query.where(Conversation.handoff_reason.is_not(None))
    if cursor is not None:
        query = query.where(
            or_(
                Conversation.last_message_at < cursor.at,
                and_(Conversation.last_message_at == cursor.at, Conversation.id < cursor.id),
            )
        )
    rows = [(conversation, message) for conversation, message in (await session.execute(query)).all()]
    page = rows[:PAGE_SIZE]
    more = Cursor(page[-1][0].last_message_at, page[-1][0].id) if len(rows) > PAGE_SIZE else None
    return page, more


async def transcript(
    session: ReadSession, conversation_id: str
) -> tuple[Conversation, Sequence[Message], Mapping[str, Turn]] | None:
    """A conversation with all its messages in order, and its turns by id; None when there is no such."""
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        return None
    messages = (
        (await session.execute(select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)))
        .scalars()
        .all()
    )
    turns = (await session.execute(select(Turn).where(Turn.conversation_id == conversation_id))).scalars().all()
    return conversation, messages, {turn.id: turn for turn in turns}
