"""Judges conversations once they are over, from `start` to `stop`."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, or_, select

from gateway.clients.bot import BotClient
from gateway.clients.staff import StaffClient, StaffMember
from gateway.conversations.models import Conversation, Message, Turn
from gateway.database.engine import AnySession, Database, WriteSession
from gateway.desk.models import ConversationSegment
from gateway.errors import UpstreamError, UpstreamRejected
from gateway.handover.models import Handover
from gateway.insight.judging import Around, against, last_step, subject
from gateway.insight.models import ConversationFact, UnknownMessage
from gateway.review.masking import mask
from gateway.review.repository import turn_facts
from gateway.review.service import language_of
from gateway.review.signals import TurnFacts, is_fallback
from gateway.surveys.models import Rating
from gateway.tasks import end
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.customers import ConversationOutcome
from shopdesk_schemas.turn import IntentList

EVERY_SECONDS: Final = 300.0
_AGAIN_SECONDS: Final = 15.0
"""While the CRM is away, as it is for a moment after everything was started at once."""

_AT_ONCE: Final = 200
_DESK: Final = StaffMember("insight", "read_only")
"""In whose name the CRM is asked."""
_NOTHING_KNOWN: Final = ConversationOutcome(unsolved=None, others=[], segments=[])
_log = logging.getLogger("shopdesk.insight")


class InsightKeeper:
    """Writes the rows that the figures are counted from."""

    def __init__(self, database: Database, bot: BotClient, staff: StaffClient, clock: Clock, days: float) -> None:
        self._database = database
        self._bot = bot
        self._staff = staff
        self._clock = clock
        self._wait = timedelta(days=days)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._watch(), name="insight-keeper")

    async def stop(self) -> None:
        """Stop at once."""
        if self._task is not None:
            await end([self._task])

    async def check(self) -> int:
        """Judge what has been over for long enough; how many. Raises `UpstreamError` while bot or CRM are away."""
        unjudged = or_(Conversation.judged_until.is_(None), Conversation.judged_until < Conversation.last_message_at)
        query = (
            select(Conversation.id)
            .where(unjudged, Conversation.last_message_at < self._clock.wall() - self._wait)
            .order_by(Conversation.last_message_at)
            .limit(_AT_ONCE)
        )
        async with self._database.read() as session:
            found = (await session.execute(query)).scalars().all()
        if not found:
            return 0
        told = await self._bot.intents()
        for conversation_id in found:
            outcome = await self._outcome(conversation_id)
            async with self._database.write() as session:
                await self._judge(session, conversation_id, outcome, told)
        return len(found)

    async def _outcome(self, conversation_id: str) -> ConversationOutcome:
        try:
            return await self._staff.conversation_outcome(_DESK, conversation_id)
        except UpstreamRejected as error:
            if error.status == 404:  # the CRM never heard of it, so it knows nothing against it
                return _NOTHING_KNOWN
            raise

    async def _judge(
        self, session: WriteSession, conversation_id: str, outcome: ConversationOutcome, told: IntentList
    ) -> None:
        conversation = await session.get(Conversation, conversation_id, with_for_update=True)
        if conversation is None or conversation.last_message_at >= self._clock.wall() - self._wait:
            return
        conversation.judged_until = conversation.last_message_at
        stored = await _turns(session, conversation_id)
        if not stored:
            return
        turns = [turn_facts(one) for one in stored]
        handover = await _handover(session, conversation_id)
        score = await _score(session, conversation_id)
        agent_messages = await _agent_messages(session, conversation_id)
        again = await self._contacted_again(session, conversation.last_message_at, outcome.others)
        topic, intent = subject(turns, told.topics)
        answered = [
            (one.finished_at - one.received_at).total_seconds()
            for one in stored
            if one.state == "answered" and one.finished_at is not None
        ]
        fact = await session.get(ConversationFact, conversation_id) or ConversationFact(conversation_id=conversation_id)
        fact.judged_at = self._clock.wall()
        fact.started_at, fact.ended_at = conversation.created_at, conversation.last_message_at
        fact.channel, fact.language = conversation.channel, conversation.language or conversation.locale
        fact.topic, fact.intent = topic, intent
        fact.turns = len(turns)
        fact.not_understood = sum(is_fallback(one.intent, one.actions) for one in turns if one.words)
        taken = handover is not None and (handover.first_taken_at is not None or handover.ended_at is None)
        fact.against = against(
            turns, Around(taken, handover is not None, score, again, outcome.unsolved)
        )  # fmt: skip
        fact.handover_reason = handover.reason if handover is not None else None
        fact.agent_id = handover.agent_id if handover is not None else None
        fact.wait_seconds = (
            (handover.first_answered_at - handover.requested_at).total_seconds()
            if handover is not None and handover.first_answered_at is not None
            else None
        )
        fact.agent_messages = agent_messages
        fact.score = score
        fact.answer_seconds = round(sum(answered) / len(answered), 3) if answered else None
        fact.left_at = last_step(turns) if conversation.busy and not taken else None
        session.add(fact)
        for key in outcome.segments:
            if await session.get(ConversationSegment, (conversation_id, key)) is None:
                session.add(ConversationSegment(conversation_id=conversation_id, key=key))
        await _note_unknown(session, conversation, turns)

    async def _contacted_again(self, session: AnySession, ended_at: datetime, others: list[str]) -> bool:
        if not others:
            return False
        query = select(Message.id).where(
            Message.conversation_id.in_(others),
            Message.author == "shopper",
            Message.at > ended_at,
            Message.at <= ended_at + self._wait,
        )
        return (await session.execute(query.limit(1))).first() is not None

    async def _watch(self) -> None:
        while True:
            pause = EVERY_SECONDS
            try:
                found = _AT_ONCE
                while found == _AT_ONCE:
                    found = await self.check()
            except UpstreamError as error:
                _log.info("conversations cannot be judged yet", extra={"fields": {"why": str(error)}})
                pause = _AGAIN_SECONDS
            except Exception:
                _log.exception("could not judge conversations")
            await asyncio.sleep(pause)


async def _turns(session: AnySession, conversation_id: str) -> list[Turn]:
    query = select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.received_at, Turn.first_seq)
    return list((await session.execute(query)).scalars())


async def _handover(session: AnySession, conversation_id: str) -> Handover | None:
    """The request that counts: the last that a person took, else the last."""
    query = select(Handover).where(Handover.conversation_id == conversation_id).order_by(Handover.id)
    found = list((await session.execute(query)).scalars())
    return next((one for one in reversed(found) if one.first_taken_at is not None), found[-1] if found else None)


async def _score(session: AnySession, conversation_id: str) -> int | None:
    query = (
        select(Rating.score)
        .where(Rating.conversation_id == conversation_id, Rating.score.is_not(None))
        .order_by(Rating.asked_at.desc())
    )
    return (await session.execute(query.limit(1))).scalar_one_or_none()


async def _agent_messages(session: AnySession, conversation_id: str) -> int:
    query = select(func.count()).where(Message.conversation_id == conversation_id, Message.author == "agent")
    return int((await session.execute(query)).scalar_one())


async def _note_unknown(session: WriteSession, conversation: Conversation, turns: list[TurnFacts]) -> None:
    await session.execute(delete(UnknownMessage).where(UnknownMessage.conversation_id == conversation.id))
    for one in turns:
        words = mask(one.words)[:300]
        if words and is_fallback(one.intent, one.actions):
            session.add(
                UnknownMessage(
                    turn_id=one.id, conversation_id=conversation.id, at=one.at, words=words,
                    language=language_of(conversation, words),
                )
            )  # fmt: skip
