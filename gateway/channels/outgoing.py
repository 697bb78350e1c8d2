"""Messages on their way out: in order, one at a time in a conversation, with pauses and limits as platforms set them.

A message is sent at least once. What was sent of it is noted after each part, so that a crash repeats one part at most.
On channels that merge, what waits together goes out as one; which messages those are is fixed with the first try.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from gateway.channels import reasons, repository
from gateway.channels.models import Chat
from gateway.channels.pictures import Pictures
from gateway.channels.port import Channel, ChannelError, Part, Recipient, SendLater, SendRefused
from gateway.channels.rendering import merged
from gateway.conversations import repository as conversations_repository
from gateway.conversations.models import Conversation, Message, OutboxEntry
from gateway.database.engine import Database, WriteSession
from gateway.images.service import IMAGES_PATH, Images
from shopdesk_schemas.clock import Clock

LEASE: Final = timedelta(seconds=60)
RETRY: Final = timedelta(seconds=1)
RETRY_MAX: Final = timedelta(minutes=10)
TRIES: Final = 12

GATHER: Final = timedelta(seconds=15)
"""How long a message waits at most, on a channel that merges, for the answer that is being made."""
_LOOK_AGAIN: Final = timedelta(seconds=0.3)
_SOON: Final = timedelta(seconds=2)
"""A turn among all messages of a channel that is no further away is taken and waited for."""
_SOON_IN_A_CHAT: Final = timedelta(seconds=0.2)
"""The same in one chat; it is shorter, for others can be written to meanwhile."""
_SPARE: Final = 1
"""Parts of a quota that pictures of products leave to what may have to be said after them."""

_NAMESPACE: Final = uuid.UUID("b0f4cf2a-6a0e-4e0e-8f0b-3c1a5f6f7d10")

_log = logging.getLogger("shopdesk.channels")


class _Waits(SendLater):
    """It waits its turn, which is no failure."""


@dataclass(frozen=True)
class _Taken:
    """A message under a lease, with those that go out as one with it."""

    ids: tuple[int, ...]
    channel: str
    chat: str
    thread: Mapping[str, Any]
    by_person: bool
    late: bool
    template: Part | None
    conversation_id: str
    content: Mapping[str, Any]
    language: str
    parts_sent: int
    attempts: int

    @property
    def id(self) -> int:
        """The first message's."""
        return self.ids[0]

    def recipient(self, number: int) -> Recipient:
        """For the part with this number."""
        key = uuid.uuid5(_NAMESPACE, f"{self.conversation_id} {self.id} {number}").hex
        return Recipient(self.chat, key, self.thread, self.by_person, self.late)


class Outgoing:
    """Sends what the outbox holds for channels."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        images: Images,
        pictures: Pictures,
        public_url: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._images = images
        self._pictures = pictures
        self._public_url = public_url.rstrip("/")

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
            given = taken.template
            parts = [given] if given is not None else channel.render(self._shown(taken.content), taken.language)
            for number, part in enumerate(parts):
                if number < taken.parts_sent:
                    continue
                if part.optional:
                    await self._send_if_it_may_be(taken, parts, number)
                    continue
                await self._wait_for_room(taken, part)
                platform_id = await channel.send(taken.recipient(number), await self._loaded(part)) or platform_id
                await self._note_part(taken, number + 1)
        except SendLater as error:
            await self._put_off(taken, error)
        except ChannelError as error:
            await self._finish(taken, state="failed", error=error.reason)
        else:
            await self._finish(taken, state="sent", platform_id=platform_id)

    async def _loaded(self, part: Part) -> Part:
        """The part with its pictures."""
        if not part.pictures:
            return part
        loaded = await asyncio.gather(*(self._pictures.load(each) for each in part.pictures))
        return replace(part, loaded=tuple(loaded))

    async def _send_if_it_may_be(self, taken: _Taken, parts: Sequence[Part], number: int) -> None:
        """Send a part that may be left out. Raises `SendLater`."""
        channel = self._channels[taken.channel]
        sent = False
        if await self._has_room_besides(taken, sum(not each.optional for each in parts[number:]) + _SPARE):
            part = await self._loaded(parts[number])
            if None not in part.loaded:
                await self._wait_for_room(taken, part)
                try:
                    await channel.send(taken.recipient(number), part)
                    sent = True
                except SendRefused as error:
                    _log.info("a picture on %s was left out: %s", taken.channel, error.reason)
        await self._note_part(taken, number + 1, sent=sent)

    async def _has_room_besides(self, taken: _Taken, kept: int) -> bool:
        """Whether the quota has room for one more part and `kept` others."""
        quota = self._channels[taken.channel].quota
        if quota is None:
            return True
        async with self._database.read() as session:
            chat = await repository.chat_of(session, taken.conversation_id)
        return chat is None or chat.quota_used + kept < quota

    async def _take(self, message_id: int) -> _Taken | None:
        now = self._clock.wall()
        async with self._database.write() as session:
            found = await repository.lock_outbox(session, message_id)
            if found is None or found[0].next_try_at > now:
                return None
            entry, message = found
            channel = self._channels[entry.channel]
            chat = await repository.chat_of(session, entry.conversation_id)
            if chat is None:
                entry.state, entry.error = "failed", reasons.CHAT_GONE
                return None
            late = channel.window is not None and now - chat.last_inbound_at > channel.window
            conversation = await session.get_one(Conversation, entry.conversation_id)
            template = None
            if late and entry.notice is not None:
                kind, values = str(entry.notice["kind"]), [str(each) for each in entry.notice["values"]]
                template = channel.template(kind, values, conversation.locale)
            if late and template is None and not _person_may(channel, chat, conversation, message, now):
                entry.state, entry.error = "failed", reasons.WINDOW_CLOSED
                return None
            if channel.merges and await self._is_gathering(session, entry, message, now):
                entry.next_try_at = now + _LOOK_AGAIN
                return None
            together = [message]
            if channel.merges and template is None:
                together += await self._together(session, entry, message)
            entry.attempts += 1
            entry.next_try_at = now + LEASE
            return _Taken(
                ids=tuple(each.id for each in together),
                channel=entry.channel,
                chat=chat.chat,
                thread=chat.thread or {},
                by_person=any(each.author == "agent" for each in together),
                late=late,
                template=template,
                conversation_id=entry.conversation_id,
                content=merged([each.content for each in together]),
                language=conversation.locale,
                parts_sent=entry.parts_sent,
                attempts=entry.attempts,
            )

    async def _is_gathering(self, session: WriteSession, entry: OutboxEntry, message: Message, now: datetime) -> bool:
        """Whether an answer is being made that will go out with this message."""
        if entry.attempts or now - message.at >= GATHER:
            return False
        return await conversations_repository.is_typing(session, entry.conversation_id, now)

    async def _together(self, session: WriteSession, entry: OutboxEntry, message: Message) -> list[Message]:
        """What goes out as one with the first message that waits: all behind it up to a picture."""
        if message.kind == "image":
            return []
        if entry.attempts:
            return [each for _, each in await repository.merged_into(session, entry)]
        found: list[Message] = []
        for behind, each in await repository.waiting_behind(session, entry):
            if each.kind == "image":
                break
            behind.merged_into = entry.message_id
            found.append(each)
        return found

    def _shown(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content with the addresses of pictures and products made whole, for the platform to fetch."""
        shown = self._images.shown(dict(content))
        if products := shown.get("products"):
            shown["products"] = [
                {**each, "image_url": self._whole(each.get("image_url")), "url": self._whole(each.get("url"))}
                for each in products
            ]
        url = str(shown.get("url") or "")
        return {**shown, "url": self._public_url + url} if url.startswith(IMAGES_PATH) else shown

    def _whole(self, address: str | None) -> str | None:
        """An address of the shop's own files with the gateway's before it, where that is known."""
        here = address is not None and address.startswith("/") and not address.startswith("//")
        return f"{self._public_url}{address}" if here and self._public_url else address

    async def _wait_for_room(self, taken: _Taken, part: Part) -> None:
        """Return when the platform's limits have room for one part, which is then taken, and its choices are known.

        Raises `SendLater` when that is not soon.
        """
        await self._expect_quota(taken)
        channel = self._channels[taken.channel]
        choices = bool(part.numbered or taken.content.get("buttons"))
        if not (channel.per_chat or channel.overall or choices):
            return
        now = self._clock.wall()
        turn = now
        async with self._database.write() as session:
            chat = await repository.chat_of(session, taken.conversation_id)
            if chat is not None and choices:
                # Before they are sent, for the answer may come at once.
                chat.numbered = list(part.numbered) or None
            if chat is not None and channel.per_chat is not None:
                turn = max(now, chat.next_send_at or now)
                _expect_soon(turn - now, _SOON_IN_A_CHAT)
                chat.next_send_at = turn + channel.per_chat.pause
            if channel.overall is not None:
                turn = await repository.take_turn(session, taken.channel, turn, channel.overall.pause)
                _expect_soon(turn - now, _SOON)
        if turn > now:
            await asyncio.sleep((turn - now).total_seconds())

    async def _expect_quota(self, taken: _Taken) -> None:
        """Raises `SendLater` when what may be sent after the person's last message is used up."""
        channel = self._channels[taken.channel]
        if channel.quota is None:
            return
        async with self._database.read() as session:
            chat = await repository.chat_of(session, taken.conversation_id)
        if chat is not None and chat.quota_used >= channel.quota:
            over = (chat.last_inbound_at + (channel.window or timedelta(days=1))) - self._clock.wall()
            raise _Waits(reasons.QUOTA_USED, max(over.total_seconds(), 0.0) + 1)

    async def _note_part(self, taken: _Taken, parts_sent: int, *, sent: bool = True) -> None:
        async with self._database.write() as session:
            entry = await session.get_one(OutboxEntry, taken.id)
            entry.parts_sent = parts_sent
            chat = await repository.chat_of(session, taken.conversation_id)
            if chat is not None and sent:
                chat.quota_used += 1

    async def _put_off(self, taken: _Taken, error: SendLater) -> None:
        pause = min(RETRY * 2 ** (taken.attempts - 1), RETRY_MAX)
        if error.seconds is not None:
            pause = timedelta(seconds=error.seconds)
        waits = isinstance(error, _Waits)
        if taken.attempts >= TRIES and not waits:
            await self._finish(taken, state="failed", error=error.reason)
            return
        async with self._database.write() as session:
            entry = await session.get_one(OutboxEntry, taken.id)
            entry.error = error.reason
            entry.next_try_at = self._clock.wall() + pause
            if waits and not entry.parts_sent:
                entry.attempts -= 1

    async def _finish(
        self, taken: _Taken, *, state: str, error: str | None = None, platform_id: str | None = None
    ) -> None:
        now = self._clock.wall()
        async with self._database.write() as session:
            for message_id in taken.ids:
                entry = await session.get_one(OutboxEntry, message_id)
                entry.state, entry.error = state, error
                if state == "sent":
                    entry.sent_at, entry.platform_message_id = now, (platform_id or "")[:200] or None
        if state == "failed":
            _log.warning("a message on %s was not sent: %s", taken.channel, error)


def _expect_soon(wait: timedelta, most: timedelta) -> None:
    """Raises `SendLater` for a turn that is too far away to wait for it under the lease; the turn stays free then."""
    if wait > most:
        raise _Waits(reasons.PLATFORM_LIMIT, wait.total_seconds())


def _person_may(channel: Channel, chat: Chat, conversation: Conversation, message: Message, now: datetime) -> bool:
    """Whether a person may go on after the window: only who holds the conversation, and only their own words."""
    if channel.human_window is None or conversation.state != "agent" or message.author != "agent":
        return False
    return now - chat.last_inbound_at <= channel.human_window
