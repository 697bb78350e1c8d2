"""Queries over chats, events and the outbox of channels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Insert, Select, Table, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.channels import reasons
from gateway.channels.models import ChannelCursor, ChannelEvent, ChannelPace, Chat
from gateway.channels.port import Event
from gateway.conversations.models import Message, OutboxEntry
from gateway.database.engine import AnySession, WriteSession

_ID: Final = 255
"""Characters of an id that are stored as they are; of a longer one its hash."""


async def store_events(session: WriteSession, channel: str, events: Sequence[Event], now: datetime) -> None:
    """Store events that are not stored yet; those that are stay as they are."""
    if events:
        await session.execute(storing(session.get_bind().dialect.name), event_rows(channel, events, now))


def storing(dialect: str) -> Insert:
    """The statement that stores `event_rows`, leaving those alone that are stored."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # Over the table and without values, so that it is compiled once for any number of rows.
    return insert(cast(Table, ChannelEvent.__table__)).on_conflict_do_nothing()


def event_rows(channel: str, events: Sequence[Event], now: datetime) -> list[dict[str, Any]]:
    """Events as rows that wait to be worked off."""
    return [
        {
            "channel": channel,
            "event_id": event.id if len(event.id) <= _ID else hashlib.sha256(event.id.encode()).hexdigest(),
            "chat": event.chat,
            "event": event.model_dump(mode="json"),
            "state": "waiting",
            "attempts": 0,
            "next_try_at": now,
            "received_at": now,
        }
        for event in events
    ]


async def due_events(session: AnySession, now: datetime, limit: int) -> Sequence[int]:
    """Ids of events to work off, in order; of each chat the first that waits, and only if it is due."""
    first = (
        select(func.min(ChannelEvent.id))
        .where(ChannelEvent.state == "waiting")
        .group_by(ChannelEvent.channel, ChannelEvent.chat)
    )
    query = (
        select(ChannelEvent.id)
        .where(ChannelEvent.id.in_(first), ChannelEvent.next_try_at <= now)
        .order_by(ChannelEvent.id)
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def lock_event(session: WriteSession, event_id: int) -> ChannelEvent | None:
    """A waiting event, locked; None when somebody else has it or had it."""
    query = (
        select(ChannelEvent)
        .where(ChannelEvent.id == event_id, ChannelEvent.state == "waiting")
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def chat(session: AnySession, channel: str, chat_id: str) -> Chat | None:
    """The chat with a person on a platform."""
    query = select(Chat).where(Chat.channel == channel, Chat.chat == chat_id)
    return (await session.execute(query)).scalar_one_or_none()


async def chat_of(session: AnySession, conversation_id: str) -> Chat | None:
    """The chat that a conversation is."""
    return (await session.execute(select(Chat).where(Chat.conversation_id == conversation_id))).scalar_one_or_none()


def _heads(channels: Sequence[str]) -> Select[int]:
    """Of each conversation on these channels the first message that is still to go out."""
    return (
        select(func.min(OutboxEntry.message_id))
        .where(OutboxEntry.state == "pending", OutboxEntry.channel.in_(channels))
        .group_by(OutboxEntry.conversation_id)
    )


async def due_outbox(session: AnySession, channels: Sequence[str], now: datetime, limit: int) -> Sequence[int]:
    """Ids of messages to send, one a conversation, longest due first."""
    query = (
        select(OutboxEntry.message_id)
        .where(OutboxEntry.message_id.in_(_heads(channels)), OutboxEntry.next_try_at <= now)
        .order_by(OutboxEntry.next_try_at)
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def lock_outbox(session: WriteSession, message_id: int) -> tuple[OutboxEntry, Message] | None:
    """A pending entry, locked, with its message; None when somebody else has it or had it."""
    query = (
        select(OutboxEntry, Message)
        .join(Message, Message.id == OutboxEntry.message_id)
        .where(OutboxEntry.message_id == message_id, OutboxEntry.state == "pending")
        .with_for_update(of=OutboxEntry, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row is not None else None


async def by_platform_id(session: AnySession, channel: str, platform_id: str) -> list[tuple[OutboxEntry, Message]]:
    """The messages of ours that a platform knows under this id: several where they went out as one."""
    query = (
        select(OutboxEntry, Message)
        .join(Message, Message.id == OutboxEntry.message_id)
        .where(OutboxEntry.channel == channel, OutboxEntry.platform_message_id == platform_id)
        .order_by(Message.id)
    )
    return [(entry, message) for entry, message in await session.execute(query)]


async def waiting_behind(session: WriteSession, entry: OutboxEntry) -> list[tuple[OutboxEntry, Message]]:
    """What waits to go out behind an entry in its conversation, in order."""
    return await _behind(session, entry, OutboxEntry.message_id > entry.message_id)


async def merged_into(session: WriteSession, entry: OutboxEntry) -> list[tuple[OutboxEntry, Message]]:
    """What goes out as one with an entry, without the entry."""
    return await _behind(session, entry, OutboxEntry.merged_into == entry.message_id)


async def _behind(
    session: WriteSession, entry: OutboxEntry, which: ColumnElement[bool]
) -> list[tuple[OutboxEntry, Message]]:
    query = (
        select(OutboxEntry, Message)
        .join(Message, Message.id == OutboxEntry.message_id)
        .where(OutboxEntry.conversation_id == entry.conversation_id, OutboxEntry.state == "pending", which)
        .order_by(OutboxEntry.message_id)
    )
    return [(behind, message) for behind, message in await session.execute(query)]


async def try_again(session: WriteSession, conversation_id: str, now: datetime) -> None:
    """What waits in a conversation is due now."""
    await session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.conversation_id == conversation_id, OutboxEntry.state == "pending")
        .where(OutboxEntry.next_try_at > now, OutboxEntry.error == reasons.QUOTA_USED)
        .values(next_try_at=now)
    )


async def count_inbound(session: AnySession, channel: str, person: str, since: datetime) -> int:
    """How many messages came from a person since then."""
    query = select(func.count()).where(
        ChannelEvent.channel == channel,
        ChannelEvent.chat.startswith(person, autoescape=True),
        ChannelEvent.received_at >= since,
    )
    return (await session.execute(query)).scalar_one()


async def lock_cursor(session: WriteSession, channel: str, now: datetime, lease: timedelta) -> ChannelCursor | None:
    """The channel's cursor under a lease; None while somebody else asks."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    await session.execute(
        insert(ChannelCursor).values(channel=channel, cursor=None, lease_until=now).on_conflict_do_nothing()
    )
    cursor = (
        await session.execute(
            select(ChannelCursor)
            .where(ChannelCursor.channel == channel)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).scalar_one()
    if cursor.lease_until > now:
        return None
    cursor.lease_until = now + lease
    return cursor


async def take_turn(session: WriteSession, channel: str, wanted: datetime, pause: timedelta) -> datetime:
    """The first moment from `wanted` on that nobody has taken for sending on the channel; `pause` after it is taken.

    It is taken with the transaction, so that several gateways keep one limit; a rollback leaves it free.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    query = (
        select(ChannelPace)
        .where(ChannelPace.channel == channel)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    pace = (await session.execute(query)).scalar_one_or_none()
    if pace is None:
        await session.execute(insert(ChannelPace).values(channel=channel, next_send_at=wanted).on_conflict_do_nothing())
        pace = (await session.execute(query)).scalar_one()
    turn = max(wanted, pace.next_send_at)
    pace.next_send_at = turn + pause
    return turn
