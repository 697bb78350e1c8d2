"""Queries over conversations. Who may see a row is decided here: shoppers' queries take the conversation they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.exc import NoResultFound

from gateway.conversations.models import (
    OPEN_TURN_STATES,
    Button,
    ChatToken,
    Conversation,
    Message,
    OutboxEntry,
    Turn,
)
from gateway.database.engine import AnySession, WriteSession


async def opened_by(session: AnySession, token_hash: str, now: datetime) -> tuple[str, datetime] | None:
    """The id of the conversation that an unexpired token opens, and when the token expires."""
    query = select(ChatToken.conversation_id, ChatToken.expires_at).where(
        ChatToken.token_hash == token_hash, ChatToken.expires_at > now
    )
    found = (await session.execute(query)).one_or_none()
    return (found.conversation_id, found.expires_at) if found is not None else None


@dataclass
class Held:
    """A conversation that the transaction has locked, and its open turns once they were asked for."""

    conversation: Conversation
    turns: list[Turn] | None = None


async def lock(session: WriteSession, conversation_id: str) -> Conversation:
    """The conversation, locked until the transaction ends: all writing to a conversation starts here."""
    conversation = await _lock(session, conversation_id, skip_locked=False)
    if conversation is None:
        raise NoResultFound(conversation_id)
    return conversation


async def lock_unless_busy(session: WriteSession, conversation_id: str) -> Conversation | None:
    """As `lock`, but None at once where another transaction holds it (SQLite has one writer, who waits for none)."""
    return await _lock(session, conversation_id, skip_locked=True)


async def _lock(session: WriteSession, conversation_id: str, *, skip_locked: bool) -> Conversation | None:
    held: Held | None = session.held.get(conversation_id)
    if held is not None:
        return held.conversation
    conversation = (
        await session.execute(
            select(Conversation)
            .where(Conversation.id == conversation_id)
            .with_for_update(skip_locked=skip_locked)
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()
    if conversation is not None:
        session.held[conversation_id] = Held(conversation)
    return conversation


async def locale(session: AnySession, conversation_id: str) -> str:
    """The language in which the gateway speaks in the conversation."""
    return (await session.execute(select(Conversation.locale).where(Conversation.id == conversation_id))).scalar_one()


async def by_client_id(session: AnySession, conversation_id: str, client_id: str) -> Message | None:
    """The message that a client sent under this id."""
    return (
        await session.execute(
            select(Message).where(Message.conversation_id == conversation_id, Message.client_id == client_id)
        )
    ).scalar_one_or_none()


async def offered_button(session: AnySession, conversation_id: str, button_id: str) -> Button | None:
    """A button that this conversation was offered; nobody else's."""
    return (
        await session.execute(select(Button).where(Button.id == button_id, Button.conversation_id == conversation_id))
    ).scalar_one_or_none()


async def messages_after(session: AnySession, conversation_id: str, after: int) -> Sequence[Message]:
    """Messages newer than `after`, in order."""
    return (
        (
            await session.execute(
                select(Message)
                .where(Message.conversation_id == conversation_id, Message.seq > after)
                .order_by(Message.seq)
            )
        )
        .scalars()
        .all()
    )


async def is_typing(session: AnySession, conversation_id: str, now: datetime) -> bool:
    """Whether the shopper should wait: for the assistant, unless told that it is late, or for an agent who writes."""
    awaited = exists().where(
        Turn.conversation_id == conversation_id, Turn.state.in_(("waiting", "running")), Turn.told_at.is_(None)
    )
    assistant = and_(Conversation.state != "agent", Conversation.assistant_paused.is_(False), awaited)
    agent = and_(Conversation.state == "agent", Conversation.agent_typing_until > now)
    query = select(or_(assistant, agent)).where(Conversation.id == conversation_id)
    return bool((await session.execute(query)).scalar_one_or_none())


async def open_turns(session: WriteSession, conversation_id: str) -> Sequence[Turn]:
    """Turns that are not finished, in order, of a conversation that the transaction has locked."""
    held: Held = session.held[conversation_id]
    if held.turns is None:
        query = (
            select(Turn)
            .where(Turn.conversation_id == conversation_id, Turn.state.in_(OPEN_TURN_STATES))
            .order_by(Turn.first_seq)
            .execution_options(populate_existing=True)
        )
        held.turns = list((await session.execute(query)).scalars())
    return [turn for turn in held.turns if turn.state in OPEN_TURN_STATES]


async def add_turn(session: WriteSession, turn: Turn) -> None:
    """Store a new turn, the last of a conversation that the transaction has locked."""
    await open_turns(session, turn.conversation_id)
    session.held[turn.conversation_id].turns.append(turn)
    session.add(turn)


async def conversations_with_work(session: AnySession, now: datetime, limit: int) -> Sequence[str]:
    """Conversations with a turn that is due, or whose claim ran out, longest due first."""
    due = or_(
        Turn.state.in_(("waiting", "deferred")) & (Turn.next_try_at <= now),
        (Turn.state == "running") & (Turn.lease_until <= now),
    )
    return (
        (
            await session.execute(
                select(Turn.conversation_id)
                .where(Turn.state.in_(OPEN_TURN_STATES), due)
                .group_by(Turn.conversation_id)
                .order_by(func.min(Turn.next_try_at))
                .limit(limit)
            )
        )
        .scalars()
        .all()
    )


async def release_claims(session: WriteSession, now: datetime) -> None:
    """Make every running turn due at once. Only right where no other process works on this database."""
    await session.execute(
        update(Turn).where(Turn.state == "running").values(state="waiting", lease_until=None, next_try_at=now)
    )


async def mark_delivered(session: WriteSession, conversation_id: str, seq: int, now: datetime) -> None:
    """The shopper's client has everything up to `seq`."""
    await session.execute(
        update(OutboxEntry)
        .where(
            OutboxEntry.conversation_id == conversation_id,
            OutboxEntry.seq <= seq,
            OutboxEntry.channel == "web",
            OutboxEntry.state == "pending",
        )
        .values(state="sent", sent_at=now)
    )
    await session.execute(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.seq <= seq,
            Message.author != "shopper",
            Message.delivered_at.is_(None),
        )
        .values(delivered_at=now)
    )
