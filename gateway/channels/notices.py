"""Bringing news from the CRM to the chats of who agreed to it, and word of goodwill to where it was given; each once.

The CRM decides what is news and who agreed. Here it becomes a message of the conversation under the news's own id, so
that it is stored once however often it is fetched, and goes the way of every other: in the platform's window, after it
by a template where the shop has one, else it stands in the console as not sent.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date
from typing import Final

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision

from gateway import locales
from gateway.clients.crm import CrmClient
from gateway.conversations import repository
from gateway.conversations.models import Conversation
from gateway.conversations.service import Conversations
from gateway.database.engine import Database
from gateway.errors import UpstreamError
from gateway.tasks import end
from shopdesk_schemas.content import TextContent
from shopdesk_schemas.notices import ChatNoticeView

POLL_SECONDS: Final = 15.0
_BABEL: Final = {"en": "en_GB", "zh": "zh_Hans_CN"}
_log = logging.getLogger("shopdesk.channels")


class OrderNotices:
    """Fetches news from `start` to `stop`."""

    def __init__(self, database: Database, crm: CrmClient, conversations: Conversations) -> None:
        self._database = database
        self._crm = crm
        self._conversations = conversations
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._poll(), name="order-notices")

    async def stop(self) -> None:
        """Stop at once."""
        if self._task is not None:
            await end([self._task])

    async def bring(self) -> int:
        """Take over what waits; how much. Raises `UpstreamError`."""
        waiting = (await self._crm.chat_notices()).notices
        for notice in waiting:
            await self._say(notice)
            await self._crm.notice_told(notice.id)
        return len(waiting)

    async def _poll(self) -> None:
        while True:
            try:
                await self.bring()
            except UpstreamError as error:
                _log.debug("news of orders cannot be fetched: %s", error)
            except Exception:
                _log.exception("news of orders could not be brought")
            await asyncio.sleep(POLL_SECONDS)

    async def _say(self, notice: ChatNoticeView) -> None:
        async with self._database.write() as session:
            if await session.get(Conversation, notice.conversation_id) is None:
                return
            conversation = await repository.lock(session, notice.conversation_id)
            if await repository.by_client_id(session, conversation.id, notice.id) is not None:
                return
            values = _values(notice, conversation.locale)
            words = locales.text(conversation.locale, "channels", f"notice_{notice.kind}", **values)
            await self._conversations.say(
                session,
                conversation,
                # Not the assistant's words: a person may hold the conversation.
                "system",
                TextContent(text=words),
                client_id=notice.id,
                notice={"kind": notice.kind, "values": list(values.values())},
            )


def _values(notice: ChatNoticeView, language: str) -> dict[str, str]:
    """What the words name, in the order of a template's parameters."""
    details = notice.details
    values = {"order": str(details["order"])}
    if notice.kind == "parcel_delayed":
        values["day"] = format_date(date.fromisoformat(details["promised_on"]), "medium", locale=_BABEL[language])
    if notice.kind.endswith("_points"):
        values["points"] = format_decimal(details["points"], locale=_BABEL[language])
    elif "amount_minor" in details:
        currency = str(details["currency"])
        amount = details["amount_minor"] / 10 ** get_currency_precision(currency)
        values["amount"] = format_currency(amount, currency, locale=_BABEL[language])
    return values
