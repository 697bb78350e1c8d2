"""The account on a platform that a conversation is held on, and what is asked of the chat itself there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from gateway import locales
from gateway.channels import repository
from gateway.channels.port import Channel
from gateway.conversations.models import Conversation
from gateway.conversations.service import Conversations
from gateway.database.engine import Database, WriteSession
from shopdesk_schemas.crm import ChatAccount

type Command = Literal["forget", "notices_on", "notices_off"]
COMMANDS: Final[tuple[Command, ...]] = ("forget", "notices_on", "notices_off")
"""Each is a list of phrases in the locale files."""

_WORDS: Final = re.compile(r"[^\w]+")


class ChatAccounts:
    """Tells accounts of conversations."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], conversations: Conversations) -> None:
        self._database = database
        self._channels = channels
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

    async def _read(self, _session: WriteSession, conversation: Conversation, words: str) -> bool:
        """Keeps commands from the assistant; the inbox has carried them out and answers them."""
        return conversation.channel in self._channels and command_of(words) is not None


def command_of(words: str | None) -> Command | None:
    """What these words, nothing more, ask of the chat itself."""
    plain = _plain(words or "")
    if not plain:
        return None
    for command in COMMANDS:
        phrases = [each for language in locales.LANGUAGES for each in locales.texts(language, "channels")[command]]
        if plain in map(_plain, phrases):
            return command
    return None


def _plain(words: str) -> str:
    return " ".join(_WORDS.sub(" ", words.casefold()).split())
