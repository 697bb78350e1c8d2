"""Queries over conversations. Who may see a row is decided here: shoppers' queries take the conversation they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.exc import NoResultFound

from gateway.conversations.contents import OfferedButton
from gateway.conversations.models import (
    IS_OPEN_TURN,
    OPEN_TURN_STATES,
    Button,
    ChatToken,
    Conversation,
    Message,
    OutboxEntry,
    Turn,
)
from gateway.database.base import UtcDateTime, table_of
from gateway.database.engine import AnySession, Rows, WriteSession
from gateway.search import models as search

# What every message asks is put together once: making a query takes longer than carrying it out.
_conversation: BindParameter[str] = bindparam("conversation")
_now = bindparam("now", type_=UtcDateTime())
_locking = select(Conversation).where(Conversation.id == _conversation).execution_options(populate_existing=True)
_lock_waiting = _locking.with_for_update()
_lock_skipping = _locking.with_for_update(skip_locked=True)
_messages_after = (
    select(Message)
    .where(Message.conversation_id == _conversation, Message.seq > bindparam("after"))
    .order_by(Message.seq)
)
_open_turns = (
    select(Turn)
    .where(Turn.conversation_id == _conversation, IS_OPEN_TURN)
    .order_by(Turn.first_seq)
    .execution_options(populate_existing=True)
)
_messages = table_of(Message).c
_number_of = select(_messages.id).where(
    _messages.conversation_id == _conversation, _messages.client_id == bindparam("client_id")
)
_said_after = (
    select(_messages.seq, _messages.author, _messages.at, _messages.content, _messages.reply_to, _messages.client_id)
    .where(_messages.conversation_id == _conversation, _messages.seq > bindparam("after"))
    .order_by(_messages.seq)
)
_conversations = table_of(Conversation).c
_turns = table_of(Turn).c
_typing = select(
    or_(
        and_(
            _conversations.state != "agent",
            _conversations.assistant_paused.is_(False),
            exists().where(
                _turns.conversation_id == _conversation,
                IS_OPEN_TURN,
                _turns.state != "deferred",
                _turns.told_at.is_(None),
            ),
        ),
        and_(_conversations.state == "agent", _conversations.agent_typing_until > _now),
    )
).where(_conversations.id == _conversation)
_insert_message = insert(table_of(Message))
_insert_buttons = insert(table_of(Button))
_insert_outbox = insert(table_of(OutboxEntry))
_join_turn = update(table_of(Message)).where(_messages.id == bindparam("message")).values(turn_id=bindparam("turn"))

_outbox = table_of(OutboxEntry).c
_mark_sent = (
    update(table_of(OutboxEntry))
    .where(
        _outbox.conversation_id == _conversation,
        _outbox.seq > bindparam("after"),
        _outbox.seq <= bindparam("up_to"),
        _outbox.channel == "web",
        _outbox.state == "pending",
    )
    .values(state="sent", sent_at=_now)
)
_mark_delivered = (
    update(table_of(Message))
    .where(
        _messages.conversation_id == _conversation,
        _messages.seq > bindparam("after"),
        _messages.seq <= bindparam("up_to"),
        _messages.author != "shopper",
        _messages.delivered_at.is_(None),
    )
    .values(delivered_at=_now)
)


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
    query = _lock_skipping if skip_locked else _lock_waiting
    conversation = (await session.execute(query, {"conversation": conversation_id})).scalar_one_or_none()
    if conversation is not None:
        session.plain.watch(conversation)
        session.held[conversation_id] = Held(conversation)
    return conversation


async def locale(session: AnySession, conversation_id: str) -> str:
    """The language in which the gateway speaks in the conversation."""
    return (await session.execute(select(Conversation.locale).where(Conversation.id == conversation_id))).scalar_one()


async def by_client_id(session: AnySession, conversation_id: str, client_id: str) -> Message | None:
    """The message that a client sent under this id."""
    number = (await session.execute(_number_of, {"conversation": conversation_id, "client_id": client_id})).scalar()
    return await session.get_one(Message, number) if number is not None else None


async def offered_button(session: AnySession, conversation_id: str, button_id: str) -> Button | None:
    """A button that this conversation was offered; nobody else's."""
    return (
        await session.execute(select(Button).where(Button.id == button_id, Button.conversation_id == conversation_id))
    ).scalar_one_or_none()


async def messages_after(session: AnySession, conversation_id: str, after: int) -> Sequence[Message]:
    """Messages newer than `after`, in order."""
    return (await session.execute(_messages_after, {"conversation": conversation_id, "after": after})).scalars().all()


async def said_after(rows: Rows, conversation_id: str, after: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """As `messages_after`, of each only what its readers see (`schemas.ChatMessage`)."""
    return (await rows.execute(_said_after, {"conversation": conversation_id, "after": after})).all()


async def is_typing(rows: Rows, conversation_id: str, now: datetime) -> bool:
    """Whether the shopper should wait: for the assistant, unless told that it is late, or for an agent who writes."""
    return bool((await rows.execute(_typing, {"conversation": conversation_id, "now": now})).scalar_one_or_none())


def add_message(
    session: WriteSession,
    message: Message,
    *,
    offered: Sequence[OfferedButton] = (),
    channel: str | None = None,
    notice: dict[str, Any] | None = None,
) -> None:
    """Store a new message with its buttons and what it is found by; with its way out when it goes to `channel`.

    The conversation is locked and `next_seq` counted on already. The message has its number once it is stored.
    """
    new: list[_NewMessage] = session.held.setdefault(_NEW, [])
    new.append(_NewMessage(message, offered, channel, notice))
    if len(new) == 1:
        session.store(lambda connection: _store(connection, session.held.pop(_NEW)))


@dataclass(frozen=True)
class _NewMessage:
    message: Message
    offered: Sequence[OfferedButton]
    channel: str | None
    notice: dict[str, Any] | None


_NEW = "new messages"


def _store(connection: Connection, new: Sequence[_NewMessage]) -> None:
    """Each message takes a statement, for its number; what belongs to them takes one of each kind for all."""
    for message in (one.message for one in new):
        values = {
            "conversation_id": message.conversation_id,
            "seq": message.seq,
            "author": message.author,
            "agent_id": message.agent_id,
            "kind": message.kind,
            "content": message.content,
            "client_id": message.client_id,
            "turn_id": message.turn_id,
            "reply_to": message.reply_to,
            "at": message.at,
        }
        (message.id,) = connection.execute(_insert_message, values).inserted_primary_key or (0,)
    search.index(connection, [(one.message.id, one.message.conversation_id, one.message.content) for one in new])
    buttons = [
        {
            "id": button.id,
            "conversation_id": one.message.conversation_id,
            "message_id": one.message.id,
            "label": button.label,
            "payload": button.payload,
        }
        for one in new
        for button in one.offered
    ]
    if buttons:
        connection.execute(_insert_buttons, buttons)
    ways = [
        {
            "message_id": one.message.id,
            "conversation_id": one.message.conversation_id,
            "seq": one.message.seq,
            "channel": one.channel,
            "next_try_at": one.message.at,
            "notice": one.notice,
        }
        for one in new
        if one.channel is not None
    ]
    if ways:
        connection.execute(_insert_outbox, ways)


def give_turn(session: WriteSession, message: Message, turn: Turn) -> None:
    """Make a new message part of a turn, whether or not it is stored already."""
    message.turn_id = turn.id
    if message.id is not None:
        values = {"message": message.id, "turn": turn.id}

        def store(connection: Connection) -> None:
            connection.execute(_join_turn, values)

        session.store(store)


async def open_turns(session: WriteSession, conversation_id: str) -> Sequence[Turn]:
    """Turns that are not finished, in order, of a conversation that the transaction has locked."""
    held: Held = session.held[conversation_id]
    if held.turns is None:
        held.turns = list((await session.execute(_open_turns, {"conversation": conversation_id})).scalars())
        for turn in held.turns:
            session.plain.watch(turn)
    return [turn for turn in held.turns if turn.state in OPEN_TURN_STATES]


async def add_turn(session: WriteSession, turn: Turn) -> None:
    """Store a new turn, the last of a conversation that the transaction has locked."""
    await open_turns(session, turn.conversation_id)
    session.held[turn.conversation_id].turns.append(turn)
    session.plain.add(turn)


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
                .where(IS_OPEN_TURN, due)
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


async def mark_delivered(session: WriteSession, conversation_id: str, after: int, seq: int, now: datetime) -> None:
    """The shopper's client has everything up to `seq`; up to `after` that was noted before."""
    values = {"conversation": conversation_id, "after": after, "up_to": seq, "now": now}
    await session.execute(_mark_sent, values)
    await session.execute(_mark_delivered, values)
