"""Asking how it was, at the end and once; never during a complaint, and never while a person is waited for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gateway import locales
from gateway.conversations import repository as conversations_repository
from gateway.conversations.models import Conversation
from gateway.conversations.service import Control, Conversations
from gateway.database.engine import WriteSession
from gateway.surveys import repository
from gateway.surveys.models import Rating
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.content import InternalButton, QuickRepliesContent, TextContent

SCORES: Final = (1, 2, 3, 4, 5)
COMMENT: Final = "gateway/comment"
"""A button's payload: the next words are the shopper's comment."""

ASK_AGAIN: Final = timedelta(days=7)
_LOOK_BACK: Final = timedelta(hours=24)
_COMMENT_WITHIN: Final = timedelta(minutes=30)
_LOW: Final = 2

GOODBYE: Final = "goodbye"
"""The intent with which a shopper takes leave. A mere thank-you often comes in the middle."""

_COURTESIES: Final = frozenset({GOODBYE, "thank", "greet"})
"""Whoever says nothing else has not been helped with anything."""

_TROUBLE: Final = frozenset({"complain", "insult", "ask_human", "delete_data", "nlu_fallback"})
"""Whoever said such a thing, and was not helped by a person since, is not asked for marks; nor is who reports
something wrong (`report_…`)."""


class Surveys:
    """Asks, and keeps what is answered."""

    def __init__(self, clock: Clock, conversations: Conversations, *, enabled: bool) -> None:
        self._clock = clock
        self._conversations = conversations
        self._enabled = enabled
        for score in SCORES:
            conversations.add_control(_payload(score), self._button(score))
        conversations.add_control(COMMENT, self._invite_comment)
        conversations.add_reader(self.read_comment)

    async def after_turn(self, session: WriteSession, conversation: Conversation, intent: str | None) -> None:
        """The assistant has answered: ask when the shopper takes leave and all went well."""
        if intent == GOODBYE and not conversation.busy:
            await self.ask(session, conversation)

    async def ask(self, session: WriteSession, conversation: Conversation) -> bool:
        """Ask, unless it was asked lately, something is wrong or a person is awaited; whether it was asked."""
        now = self._clock.wall()
        if not self._enabled or conversation.state != "assistant" or conversation.handoff_reason is not None:
            return False
        before = await repository.latest(session, conversation.id)
        if before is not None and now - before.asked_at < ASK_AGAIN:
            return False
        since = max(now - _LOOK_BACK, before.asked_at) if before is not None else now - _LOOK_BACK
        intents = await repository.intents_since(session, conversation.id, since)
        helper = await repository.last_helper(session, conversation.id, since)
        if helper is None:
            matters = [intent for intent in intents if intent not in _COURTESIES]
            if not matters or any(_is_trouble(intent) for intent in matters):
                return False
        await self._put(session, conversation, now, helper)
        return True

    async def rate(self, session: WriteSession, conversation_id: str, score: int, comment: str | None) -> None:
        """Keep what a shopper says of a conversation, asked or not; a later word replaces an earlier one of the day."""
        conversation = await conversations_repository.lock(session, conversation_id)
        rating = await self._open(session, conversation)
        rating.score, rating.rated_at = score, self._clock.wall()
        if comment is not None:
            rating.comment = comment

    async def read_comment(self, session: WriteSession, conversation: Conversation, words: str) -> bool:
        """Words that were invited as a comment are one, and no question to the assistant."""
        invited = conversation.comment_invited_at
        if invited is None:
            return False
        conversation.comment_invited_at = None
        rating = await repository.latest(session, conversation.id)
        if rating is None or self._clock.wall() - invited > _COMMENT_WITHIN:
            return False
        rating.comment = words[:2000]
        await self._say(session, conversation, "comment_kept")
        return True

    async def _put(self, session: WriteSession, conversation: Conversation, now: datetime, helper: int | None) -> None:
        session.add(Rating(conversation_id=conversation.id, asked_at=now, agent_id=helper))
        language = conversation.locale
        labels = locales.texts(language, "survey")["scores"]
        buttons = [
            InternalButton(label=label, payload=_payload(score)) for score, label in zip(SCORES, labels, strict=True)
        ]
        words = locales.text(language, "survey", "question")
        await self._conversations.say(
            session, conversation, "system", QuickRepliesContent[InternalButton](text=words, buttons=buttons)
        )

    def _button(self, score: int) -> Control:
        async def pressed(session: WriteSession, conversation: Conversation) -> None:
            rating = await self._open(session, conversation)
            rating.score, rating.rated_at = score, self._clock.wall()
            language = conversation.locale
            buttons = [InternalButton(label=locales.text(language, "survey", "comment"), payload=COMMENT)]
            if score <= _LOW:
                buttons.append(InternalButton(label=locales.text(language, "survey", "person"), payload="/ask_human"))
            words = locales.text(language, "survey", "thanks_low" if score <= _LOW else "thanks")
            await self._conversations.say(
                session, conversation, "system", QuickRepliesContent[InternalButton](text=words, buttons=buttons)
            )

        return pressed

    async def _invite_comment(self, session: WriteSession, conversation: Conversation) -> None:
        conversation.comment_invited_at = self._clock.wall()
        await self._say(session, conversation, "comment_invited")

    async def _open(self, session: WriteSession, conversation: Conversation) -> Rating:
        """The survey that an answer belongs to: the last one, or a new one where none was asked lately."""
        now = self._clock.wall()
        rating = await repository.latest(session, conversation.id)
        if rating is None or now - rating.asked_at > _LOOK_BACK:
            helper = await repository.last_helper(session, conversation.id, now - _LOOK_BACK)
            rating = Rating(conversation_id=conversation.id, asked_at=now, agent_id=helper)
            session.add(rating)
            await session.flush()
        return rating

    async def _say(self, session: WriteSession, conversation: Conversation, key: str) -> None:
        words = locales.text(conversation.locale, "survey", key)
        await self._conversations.say(session, conversation, "system", TextContent(text=words))


def _payload(score: int) -> str:
    return f"gateway/rate/{score}"


def _is_trouble(intent: str | None) -> bool:
    return intent in _TROUBLE or (intent or "").startswith("report_")
