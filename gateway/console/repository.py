"""What the console reads. Every agent may read every conversation; narrower rights will be decided here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, false, func, not_, or_, select, union

from gateway.conversations.models import Conversation, Message, OutboxEntry, Turn
from gateway.database.engine import ReadSession
from gateway.desk.models import ConversationLabel, ConversationSegment
from gateway.handover.models import Handover
from gateway.handover.repository import queue

PAGE_SIZE = 50

QUEUE_SHOWN = 20


@dataclass(frozen=True)
class ConversationFilter:
    """Which conversations to list; None means any."""

    language: str | None = None
    channel: str | None = None
    state: str | None = None
    attention: str | None = None
    """`low_confidence`, `handoff`, or `unresolved`: a request for a person that is not ended, or an answer given up."""
    holder_id: int | None = None
    """Held by this agent, or taken last by them while their request is not ended."""
    intent: str | None = None
    """Something in it was understood as this."""
    label_id: int | None = None
    segment: str | None = None
    """Its customer was in this segment when that was last looked up."""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after this conversation, in order of newest activity."""

    at: datetime
    id: str


def readable[*Columns](query: Select[*Columns]) -> Select[*Columns]:
    """`query` over conversations, narrowed to those that an agent may read: at present all of them."""
    return query


async def list_conversations(
    session: ReadSession, chosen: ConversationFilter, cursor: Cursor | None, now: datetime
) -> tuple[Sequence[tuple[Conversation, Message | None]], Cursor | None]:
    """One page, newest activity first, each with its last message; and where the next page begins.

    Pages by key, not by offset: the thousandth page costs what the first does.
    """
    last = and_(Message.conversation_id == Conversation.id, Message.seq == Conversation.next_seq - 1)
    query = _narrowed(readable(select(Conversation, Message).outerjoin(Message, last)), chosen, now)
    query = query.order_by(Conversation.last_message_at.desc(), Conversation.id.desc()).limit(PAGE_SIZE + 1)
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


def _narrowed[*Columns](query: Select[*Columns], chosen: ConversationFilter, now: datetime) -> Select[*Columns]:
    """`query` over conversations, narrowed to those of the filter; without those that sleep or went on elsewhere."""
    if chosen.language is not None:
        query = query.where(Conversation.locale == chosen.language)
    if chosen.channel is not None:
        query = query.where(Conversation.channel == chosen.channel)
    asleep = and_(
        Conversation.snoozed_until.is_not(None),
        Conversation.snoozed_until > now,
        Conversation.last_message_at <= Conversation.snoozed_at,
    )
    gone_on_elsewhere = and_(
        Conversation.merged_into.is_not(None), Conversation.last_message_at <= Conversation.merged_at
    )
    query = query.where(not_(func.coalesce(gone_on_elsewhere, false())))
    if chosen.state == "snoozed":
        query = query.where(asleep)
    else:
        query = query.where(not_(func.coalesce(asleep, false())))
        if chosen.state is not None:
            query = query.where(Conversation.state == chosen.state)
    if chosen.label_id is not None:
        labelled = select(ConversationLabel.label_id).where(
            ConversationLabel.conversation_id == Conversation.id, ConversationLabel.label_id == chosen.label_id
        )
        query = query.where(labelled.exists())
    if chosen.segment is not None:
        inside = select(ConversationSegment.key).where(
            ConversationSegment.conversation_id == Conversation.id, ConversationSegment.key == chosen.segment
        )
        query = query.where(inside.exists())
    if chosen.attention == "low_confidence":
        query = query.where(Conversation.low_confidence)
    elif chosen.attention == "handoff":
        query = query.where(Conversation.handoff_reason.is_not(None))
    elif chosen.attention == "unresolved":
        # As one list of ids: both are few and have indexes of their own, while asking of each conversation whether it
        # is among them walks through all.
        asked = select(Handover.conversation_id).where(Handover.ended_at.is_(None))
        unanswered = select(Turn.conversation_id).where(Turn.state == "given_up")
        query = query.where(Conversation.id.in_(union(asked, unanswered)))
    if chosen.holder_id is not None:
        query = query.where(
            select(Handover.id)
            .where(
                Handover.conversation_id == Conversation.id,
                Handover.agent_id == chosen.holder_id,
                Handover.ended_at.is_(None),
            )
            .exists()
        )
    if chosen.intent is not None:
        query = query.where(
            select(Turn.id).where(Turn.conversation_id == Conversation.id, Turn.intent == chosen.intent).exists()
        )
    return query


async def newest_activity(session: ReadSession) -> datetime | None:
    """When something was last said anywhere; None while there is no conversation."""
    return (await session.execute(select(func.max(Conversation.last_message_at)))).scalar_one()


async def intents(session: ReadSession) -> Sequence[str]:
    """Every intent that was ever understood, for the filter.

    From one to the next through the index: what it costs grows with the number of intents, not of turns.
    """
    first = select(func.min(Turn.intent).label("intent")).cte("known", recursive=True)
    following = select(func.min(Turn.intent)).where(Turn.intent > first.c.intent).scalar_subquery()
    known = first.union_all(select(following).where(first.c.intent.is_not(None)))
    query = select(known.c.intent).where(known.c.intent.is_not(None))
    return [str(intent) for intent in (await session.execute(query)).scalars()]


async def waiting(session: ReadSession, limit: int) -> Sequence[tuple[Conversation, Message | None]]:
    """Who waits for a person, in the order in which they should be taken, each with the shopper's last message."""
    found = await queue(session, limit)
    newest = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_([one.id for one in found]), Message.author == "shopper")
        .group_by(Message.conversation_id)
        .subquery()
    )
    query = select(Message).join(
        newest, and_(Message.conversation_id == newest.c.conversation_id, Message.seq == newest.c.seq)
    )
    said = {message.conversation_id: message for message in (await session.execute(query)).scalars()}
    return [(one, said.get(one.id)) for one in found]


async def unsent(session: ReadSession, conversation_id: str) -> dict[int, tuple[str, str]]:
    """Of messages that did not go out to a platform, by their ids: the outbox's state and the reason."""
    query = select(OutboxEntry.message_id, OutboxEntry.state, OutboxEntry.error).where(
        OutboxEntry.conversation_id == conversation_id, OutboxEntry.state != "sent", OutboxEntry.error.is_not(None)
    )
    return {message_id: (state, error or "") for message_id, state, error in await session.execute(query)}


async def channels_of(session: ReadSession, ids: Collection[str]) -> dict[str, str]:
    """The channel that each of these conversations is held on."""
    query = select(Conversation.id, Conversation.channel).where(Conversation.id.in_(ids))
    return {row[0]: row[1] for row in await session.execute(query)}


async def page_of_messages(
    session: ReadSession, conversation_id: str, limit: int, *, first: int | None = None, before: int | None = None
) -> tuple[Sequence[Message], bool]:
    """At most `limit` messages in order, and whether there are more: those from the number `first` on, those just
    before the number `before`, or with neither the newest.
    """
    query = select(Message).where(Message.conversation_id == conversation_id).limit(limit + 1)
    if first is not None:
        found = (await session.execute(query.where(Message.seq >= first).order_by(Message.seq))).scalars().all()
        return found[:limit], len(found) > limit
    if before is not None:
        query = query.where(Message.seq < before)
    found = (await session.execute(query.order_by(Message.seq.desc()))).scalars().all()
    return found[:limit][::-1], len(found) > limit


async def turns_of(session: ReadSession, messages: Sequence[Message]) -> dict[str, Turn]:
    """The turns that these messages belong to, by id."""
    ids = {message.turn_id for message in messages if message.turn_id is not None}
    return {turn.id: turn for turn in (await session.execute(select(Turn).where(Turn.id.in_(ids)))).scalars()}


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
