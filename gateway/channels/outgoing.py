"""Messages on their way out: in order, one at a time in a conversation, with pauses and limits as platforms set them.

A message is sent at least once. What was sent of it is noted after each part, so that a crash repeats one part at most.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from gateway.channels import repository
from gateway.channels.models import Chat
from gateway.channels.port import Channel, ChannelError, Part, Rate, SendLater
from gateway.conversations.models import Conversation, Message, OutboxEntry
from gateway.database.engine import Database
from gateway.images.service import IMAGES_PATH, Images
from gateway.limits import RateLimit
from shopdesk_schemas.clock import Clock

LEASE: Final = timedelta(seconds=60)
RETRY: Final = timedelta(seconds=1)
RETRY_MAX: Final = timedelta(minutes=10)
TRIES: Final = 12

_log = logging.getLogger("shopdesk.channels")


@dataclass(frozen=True)
class _Taken:
    """A message under a lease."""

    message_id: int
    channel: str
    chat: str
    conversation_id: str
    content: Mapping[str, Any]
    language: str
    parts_sent: int
    attempts: int


class Outgoing:
    """Sends what the outbox holds for channels."""

    def __init__(
        self, database: Database, clock: Clock, channels: Mapping[str, Channel], images: Images, public_url: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._images = images
        self._public_url = public_url.rstrip("/")
        self._per_chat = {name: _limit(channel.per_chat) for name, channel in channels.items()}
        self._overall = {name: _limit(channel.overall) for name, channel in channels.items()}

    async def due(self, limit: int) -> Sequence[int]:
        """Messages to send now, one a conversation."""
        async with self._database.read() as session:
            return await repository.due_outbox(session, list(self._channels), self._clock.wall(), limit)

    async def send(self, message_id: int) -> None:
        """Send one message, or note why it has to wait or cannot be sent."""
        taken = await self._take(message_id)
        if taken is None:
            return
        channel = self._channels[taken.channel]
        platform_id: str | None = None
        try:
            parts = channel.render(self._shown(taken.content), taken.language)
            for number, part in enumerate(parts):
                if number < taken.parts_sent:
                    continue
                self._wait_for_room(taken)
                platform_id = await channel.send(taken.chat, part) or platform_id
                await self._note_part(taken, number + 1, part)
        except SendLater as error:
            await self._put_off(taken, error)
        except ChannelError as error:
            await self._finish(taken, state="failed", error=error.reason)
        else:
            await self._finish(taken, state="sent", platform_id=platform_id)

    async def _take(self, message_id: int) -> _Taken | None:
        now = self._clock.wall()
        async with self._database.write() as session:
            found = await repository.lock_outbox(session, message_id)
            if found is None or found[0].next_try_at > now:
                return None
            entry, message = found
            chat = await repository.chat_of(session, entry.conversation_id)
            if chat is None:
                entry.state, entry.error = "failed", "the chat is gone"
                return None
            if _window_closed(self._channels[entry.channel], chat, now):
                entry.state, entry.error = "failed", "the platform's time for free answers is over"
                return None
            conversation = await session.get_one(Conversation, entry.conversation_id)
            entry.attempts += 1
            entry.next_try_at = now + LEASE
            return _Taken(
                message.id, entry.channel, chat.chat, entry.conversation_id, message.content,
                conversation.locale, entry.parts_sent, entry.attempts,
            )  # fmt: skip

    def _shown(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content with a picture's address made whole, for the platform to fetch."""
        shown = self._images.shown(dict(content))
        url = str(shown.get("url") or "")
        return {**shown, "url": self._public_url + url} if url.startswith(IMAGES_PATH) else shown

    def _wait_for_room(self, taken: _Taken) -> None:
        """Raises `SendLater` while the platform's limits are used up."""
        limits = ((self._per_chat[taken.channel], taken.chat), (self._overall[taken.channel], ""))
        for limit, key in limits:
            if limit is not None and (seconds := limit.wait(key)):
                raise SendLater("the platform's limit", seconds)
        for limit, key in limits:
            if limit is not None:
                limit.take(key)

    async def _note_part(self, taken: _Taken, parts_sent: int, part: Part) -> None:
        async with self._database.write() as session:
            entry = await session.get_one(OutboxEntry, taken.message_id)
            entry.parts_sent = parts_sent
            chat = await repository.chat_of(session, taken.conversation_id)
            if chat is not None and (part.numbered or taken.content.get("buttons")):
                chat.numbered = list(part.numbered) or None

    async def _put_off(self, taken: _Taken, error: SendLater) -> None:
        pause = min(RETRY * 2 ** (taken.attempts - 1), RETRY_MAX)
        if error.seconds is not None:
            pause = timedelta(seconds=error.seconds)
        if taken.attempts >= TRIES:
            await self._finish(taken, state="failed", error=error.reason)
            return
        async with self._database.write() as session:
            entry = await session.get_one(OutboxEntry, taken.message_id)
            entry.error = error.reason
            entry.next_try_at = self._clock.wall() + pause
            if error.reason == "the platform's limit":
                # Waiting one's turn is no failure.
                entry.attempts -= 1

    async def _finish(
        self, taken: _Taken, *, state: str, error: str | None = None, platform_id: str | None = None
    ) -> None:
        now = self._clock.wall()
        async with self._database.write() as session:
            entry = await session.get_one(OutboxEntry, taken.message_id)
            entry.state, entry.error = state, error
            if state == "sent":
                entry.sent_at, entry.platform_message_id = now, (platform_id or "")[:200] or None
            else:
                _log.warning("a message on %s was not sent: %s", taken.channel, error)
            await session.get_one(Message, taken.message_id)


def _limit(rate: Rate | None) -> RateLimit | None:
    return RateLimit(rate.count, rate.seconds) if rate is not None else None


def _window_closed(channel: Channel, chat: Chat, now: Any) -> bool:
    return channel.window is not None and now - chat.last_inbound_at > channel.window
