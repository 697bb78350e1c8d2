"""What a person answers on the web to somebody who has gone goes on by e-mail, to the address that they left for it.

The message is the same one: its way out changes from the page to the mail channel once the page has not fetched it for
a while. The thread is a chat of the mail channel that is this conversation, so a reply comes back into it; whoever
comes back to the page reads everything there as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select

from gateway.channels.models import Chat
from gateway.conversations.models import Conversation, Message, OutboxEntry
from gateway.database.engine import Database
from gateway.secrets import Tokens
from gateway.tasks import end
from shopdesk_schemas.clock import Clock

MAIL: Final = "email"
GONE: Final = timedelta(minutes=2)
"""A page that has not fetched a message for so long is closed, or nobody is at it."""
EVERY_SECONDS: Final = 10.0

_KEY: Final = 20
_AT_ONCE: Final = 100
_log = logging.getLogger("shopdesk.channels")


class FollowUp:
    """Sends answers after those who have gone, from `start` to `stop`, where the mail channel is switched on."""

    def __init__(
        self, database: Database, clock: Clock, tokens: Tokens, wake: Callable[[], None], *, enabled: bool
    ) -> None:
        self._database = database
        self._clock = clock
        self._tokens = tokens
        self._wake = wake
        self._enabled = enabled
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        if self._enabled:
            self._task = asyncio.create_task(self._watch(), name="follow-up")

    async def stop(self) -> None:
        """Stop at once."""
        if self._task is not None:
            await end([self._task])

    async def check(self) -> int:
        """Hand what was not fetched to the mail channel; how many messages.

        That is what a person wrote, news that came later, and once the shopper has written by mail also the answers to
        that.
        """
        now = self._clock.wall()
        by_mail = and_(Chat.channel == MAIL, Message.reply_to.is_not(None), Message.at >= Chat.last_inbound_at)
        # What the CRM had said stands under its id.
        news = and_(Message.author == "system", Message.client_id.is_not(None))
        query = (
            select(OutboxEntry, Conversation, Chat)
            .join(Message, Message.id == OutboxEntry.message_id)
            .join(Conversation, Conversation.id == OutboxEntry.conversation_id)
            .outerjoin(Chat, Chat.conversation_id == Conversation.id)
            .where(
                OutboxEntry.state == "pending",
                OutboxEntry.channel == "web",
                Conversation.contact_email.is_not(None),
                Message.at < now - GONE,
                or_(Message.author == "agent", news, by_mail),
            )
            .order_by(OutboxEntry.message_id)
            .limit(_AT_ONCE)
            .with_for_update(of=OutboxEntry, skip_locked=True)
        )
        async with self._database.write() as session:
            found = (await session.execute(query)).all()
            threads = {chat.conversation_id for _entry, _conversation, chat in found if chat is not None}
            for entry, conversation, _chat in found:
                if conversation.id not in threads:
                    threads.add(conversation.id)
                    key = self._tokens.keyed("follow-up thread", conversation.id)[:_KEY]
                    address = str(conversation.contact_email).lower()
                    session.add(
                        Chat(
                            channel=MAIL, chat=f"{address} {key}", conversation_id=conversation.id, last_inbound_at=now
                        )
                    )
                entry.channel, entry.next_try_at = MAIL, now
        if found:
            self._wake()
        return len(found)

    async def _watch(self) -> None:
        while True:
            try:
                await self.check()
            except Exception:
                _log.exception("could not follow up by mail")
            await asyncio.sleep(EVERY_SECONDS)
