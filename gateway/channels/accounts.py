"""The account on a platform that a conversation is held on, and asking to be forgotten there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway import locales
from gateway.channels import repository
from gateway.channels.port import Channel
from gateway.conversations.models import Conversation
from gateway.conversations.service import Conversations
from gateway.database.engine import Database, WriteSession
from shopdesk_schemas.content import TextContent
from shopdesk_schemas.crm import ChatAccount

_WORDS: Final = re.compile(r"[^\w]+")


class ChatAccounts:
    """Tells accounts of conversations."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], conversations: Conversations) -> None:
        self._database = database
        self._channels = channels
        self._conversations = conversations
        conversations.add_reader(self._read)

    async def of(self, conversation_id: str) -> ChatAccount | None:
        """The account; None on the web, and where the platform does not vouch for who writes."""
        if not self._channels:
            return None
        async with self._database.read() as session:
            chat = await repository.chat_of(session, conversation_id)
        channel = self._channels.get(chat.channel) if chat is not None else None
        account = channel.account_of(chat.chat) if channel is not None and chat is not None else None
        return ChatAccount(channel=channel.name, account=account) if channel is not None and account else None

    async def _read(self, session: WriteSession, conversation: Conversation, words: str) -> bool:
        """Answers who asked to be forgotten; the inbox has had the CRM forget before the words are stored."""
        if conversation.channel not in self._channels or not asks_to_be_forgotten(words):
            return False
        said = locales.text(conversation.locale, "channels", "forgotten")
        await self._conversations.say(session, conversation, "system", TextContent(text=said))
        return True


def asks_to_be_forgotten(words: str | None) -> bool:
    """Whether these are the words, nothing more, with which somebody is forgotten on a chat."""
    plain = _plain(words or "")
    phrases = [phrase for language in locales.LANGUAGES for phrase in locales.texts(language, "channels")["forget"]]
    return bool(plain) and plain in map(_plain, phrases)


def _plain(words: str) -> str:
    return " ".join(_WORDS.sub(" ", words.casefold()).split())
