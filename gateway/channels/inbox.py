"""What came in from platforms, worked off: each event becomes a message of its conversation, once.

A message's client id is made of the event's, so the record takes it once however often a crash has it tried again.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway import locales
from gateway.channels import reasons, repository
from gateway.channels.accounts import command_of
from gateway.channels.models import ChannelEvent, Chat
from gateway.channels.port import Channel, ChannelError, Event, SendLater, SendRefused
from gateway.clients.crm import CrmClient
from gateway.conversations import repository as conversations_repository
from gateway.conversations.schemas import MessageRequest
from gateway.conversations.service import Conversations, new_conversation_id
from gateway.conversations.worker import TurnWorker
from gateway.database.engine import Database, WriteSession
from gateway.errors import UpstreamError, UpstreamRejected
from gateway.images.encoding import Picture
from gateway.images.service import Images
from gateway.tasks import end
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.content import TextContent
from shopdesk_schemas.problems import InvalidInput, TooManyRequests
from shopdesk_schemas.turn import Language

LEASE: Final = timedelta(seconds=60)
RETRY: Final = timedelta(seconds=2)
RETRY_MAX: Final = timedelta(minutes=5)
TRIES: Final = 12
MOST_NOTICES: Final = 32

_NAMESPACE: Final = uuid.UUID("6f2b6d0e-0a9c-4c58-9f7d-0d7a0c0f5a11")
_NUMBER: Final = re.compile(r"\s*[#(（]?([0-9０-９]{1,2})[.)）、。]?\s*")
_MAX_WORDS: Final = 4000

_log = logging.getLogger("shopdesk.channels")


@dataclass(frozen=True)
class _Taken:
    """An event under a lease."""

    id: int
    channel: str
    event: Event
    received_at: datetime
    last_try: bool


class Inbox:
    """Works off events of all channels."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        conversations: Conversations,
        images: Images,
        worker: TurnWorker,
        crm: CrmClient,
        default_language: Language,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._conversations = conversations
        self._images = images
        self._worker = worker
        self._crm = crm
        self._default_language = default_language
        self._notices: set[asyncio.Task[None]] = set()

    async def due(self, limit: int) -> Sequence[int]:
        """Events to work off now, one a chat."""
        async with self._database.read() as session:
            return await repository.due_events(session, self._clock.wall(), limit)

    async def work_off(self, event_id: int) -> None:
        """Work one event off, or note why it has to wait."""
        taken = await self._take(event_id)
        if taken is None:
            return
        try:
            await self._expect_a_person(taken)
            pictures = await self._fetch(taken)
            answer = await self._obey(taken)
            async with self._database.write() as session:
                conversation_id = await self._apply(session, taken, pictures, answer)
                row = await session.get_one(ChannelEvent, taken.id)
                row.state, row.event, row.conversation_id, row.error = "done", None, conversation_id, None
            if taken.event.kind == "message":
                self._say_it_was_read(taken)
        except (SendLater, TooManyRequests, UpstreamError) as error:
            await self._put_off(taken.id, str(error))
        except SendRefused as error:
            await self._fail(taken.id, error.reason)

    async def _obey(self, taken: _Taken) -> str | None:
        """Have the CRM carry out what was asked of the chat itself, before anybody is told that it was.

        The key of the answer; None where nothing was asked. Raises `UpstreamError`.
        """
        command = command_of(taken.event.text)
        if command is None:
            return None
        async with self._database.read() as session:
            chat = await repository.chat(session, taken.channel, taken.event.chat)
        if command == "forget":
            if chat is not None:
                await self._crm.forget(chat.conversation_id)
            return "said_forget"
        if chat is None or self._channels[taken.channel].account_of(chat.chat) is None:
            return "said_notices_unknown"
        try:
            await self._crm.set_order_notices(chat.conversation_id, wanted=command == "notices_on")
        except UpstreamRejected as error:
            if error.status != 403:
                raise
            return "said_notices_unknown"
        return f"said_{command}"

    async def stop(self) -> None:
        """Give up what is still being said of readings."""
        await end(self._notices)

    def _say_it_was_read(self, taken: _Taken) -> None:
        """Beside the work: the answer is being made meanwhile, and a slow platform must not hold it up."""
        if len(self._notices) < MOST_NOTICES:
            task = asyncio.create_task(self._notice(taken), name="channels-notice")
            self._notices.add(task)
            task.add_done_callback(self._notices.discard)

    async def _notice(self, taken: _Taken) -> None:
        try:
            await self._channels[taken.channel].notice(taken.event.chat, taken.event.id)
        except ChannelError as error:
            _log.debug("%s does not take a sign of reading: %s", taken.channel, error.reason)

    async def _take(self, event_id: int) -> _Taken | None:
        now = self._clock.wall()
        async with self._database.write() as session:
            row = await repository.lock_event(session, event_id)
            if row is None or row.next_try_at > now:
                return None
            row.attempts += 1
            row.next_try_at = now + LEASE
            return _Taken(row.id, row.channel, Event.model_validate(row.event), row.received_at, row.attempts >= TRIES)

    async def _expect_a_person(self, taken: _Taken) -> None:
        """Raises `SendRefused` for more messages than a person writes: the end of every loop between two machines."""
        channel = self._channels[taken.channel]
        if channel.inbound is None or taken.event.kind != "message":
            return
        since = taken.received_at - timedelta(seconds=channel.inbound.seconds)
        async with self._database.read() as session:
            person = channel.person_of(taken.event.chat)
            if await repository.count_inbound(session, taken.channel, person, since) > channel.inbound.count:
                raise SendRefused(reasons.TOO_MANY)

    async def _fetch(self, taken: _Taken) -> list[Picture]:
        """The pictures of a message without what is none or cannot be had: the words beside it are not lost with it.

        Raises `SendLater` as long as it may be had later.
        """
        pictures = []
        for media in taken.event.media:
            try:
                pictures.append(await self._images.encode(await self._channels[taken.channel].fetch(media)))
            except InvalidInput:
                _log.info("a file on %s is no picture", taken.channel)
            except ChannelError as error:
                if isinstance(error, SendLater) and not taken.last_try:
                    raise
                _log.warning("a picture on %s cannot be had: %s", taken.channel, error.reason)
        return pictures

    async def _apply(
        self, session: WriteSession, taken: _Taken, pictures: Sequence[Picture], answer: str | None
    ) -> str | None:
        event = taken.event
        if event.kind == "status":
            return await self._status(session, taken)
        chat = await self._chat(session, taken)
        moment = min(event.at or taken.received_at, taken.received_at)
        chat.last_inbound_at = max(chat.last_inbound_at, moment)
        chat.thread = event.thread or chat.thread
        chat.quota_used = 0
        await repository.try_again(session, chat.conversation_id, self._clock.wall())
        if event.kind == "sign":
            return chat.conversation_id
        conversation = await conversations_repository.lock(session, chat.conversation_id)
        before = conversation.next_seq
        if self._channels[taken.channel].account_of(event.chat) is not None:
            # With each message, so that the CRM knows an account again when a verification has run out.
            conversation.crm_informed = False
        for number, request in enumerate(await self._requests(session, chat, event, pictures)):
            client_id = uuid.uuid5(_NAMESPACE, f"{taken.channel} {event.id} {number}")
            await self._conversations.accept(
                session, chat.conversation_id, request.model_copy(update={"client_id": client_id}), None
            )
        await self._worker.claim_at_once(session, chat.conversation_id)
        conversation = await conversations_repository.lock(session, chat.conversation_id)
        if conversation.next_seq == before:
            answer = "unsupported"
        if answer is not None:
            words = locales.text(conversation.locale, "channels", answer)
            await self._conversations.say(session, conversation, "system", TextContent(text=words))
        return chat.conversation_id

    async def _requests(
        self, session: WriteSession, chat: Chat, event: Event, pictures: Sequence[Picture]
    ) -> list[MessageRequest]:
        """The event as requests of the chat API, which know no platform."""
        nobody = uuid.UUID(int=0)
        requests = []
        for picture in pictures:
            image = await self._images.keep(session, chat.conversation_id, "shopper", picture)
            requests.append(MessageRequest(client_id=nobody, image_id=image.id))
        button = event.button_id or _numbered_button(chat, event.text)
        if button is not None and await conversations_repository.offered_button(session, chat.conversation_id, button):
            return [*requests, MessageRequest(client_id=nobody, button_id=button)]
        words = (event.text or "").replace("\0", "").strip()[:_MAX_WORDS]
        if words:
            requests.append(MessageRequest(client_id=nobody, text=words))
        return requests

    async def _chat(self, session: WriteSession, taken: _Taken) -> Chat:
        """The chat, and its conversation: begun with the first message, saying that an assistant answers."""
        event = taken.event
        known = await repository.chat(session, taken.channel, event.chat)
        if known is not None:
            return known
        language = _language(event, self._default_language)
        conversation_id = new_conversation_id()
        await self._conversations.begin(
            session, conversation_id=conversation_id, channel=taken.channel, locale=language
        )
        chat = Chat(
            channel=taken.channel,
            chat=event.chat,
            conversation_id=conversation_id,
            name=(event.name or "")[:200] or None,
            last_inbound_at=event.at or taken.received_at,
        )
        session.add(chat)
        await session.flush()
        return chat

    async def _status(self, session: WriteSession, taken: _Taken) -> str | None:
        """A message of ours was delivered, read, or not after all. Signs come in any order and never go back."""
        event = taken.event
        conversation_id = None
        at = event.at or taken.received_at
        for entry, message in await repository.by_platform_id(session, taken.channel, event.message_id or ""):
            conversation_id = message.conversation_id
            if event.state in ("delivered", "read"):
                message.delivered_at = message.delivered_at or at
            if event.state == "read":
                message.read_at = message.read_at or at
            if event.state == "failed" and message.delivered_at is None:
                entry.state, entry.error = "failed", (event.reason or reasons.UNDELIVERABLE)[:500]
        return conversation_id

    async def _put_off(self, event_id: int, reason: str) -> None:
        async with self._database.write() as session:
            row = await session.get_one(ChannelEvent, event_id)
            if row.attempts >= TRIES:
                row.state = "failed"
            row.error = reason[:500]
            row.next_try_at = self._clock.wall() + min(RETRY * 2 ** (row.attempts - 1), RETRY_MAX)

    async def _fail(self, event_id: int, reason: str) -> None:
        async with self._database.write() as session:
            row = await session.get_one(ChannelEvent, event_id)
            row.state, row.error = "failed", reason
        _log.warning("an event of %s cannot be worked off: %s", row.channel, reason)


def _numbered_button(chat: Chat, text: str | None) -> str | None:
    """The button that a bare number means, after a list with numbers."""
    match = _NUMBER.fullmatch(text or "")
    if match is None or not chat.numbered:
        return None
    position = int(match[1])
    return str(chat.numbered[position - 1]) if 1 <= position <= len(chat.numbered) else None


def _language(event: Event, default: Language) -> Language:
    """The language of a new chat: of its first words where they tell, else of the person's app, else the shop's."""
    of_app = locales.known((event.language or "").lower().partition("-")[0].partition("_")[0])
    return locales.known(locales.language_of(event.text or "", of_app or default)) or default
