"""What review reads and what the looking-through stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, or_, select

from gateway.conversations.models import Conversation, Message, Turn
from gateway.database.engine import AnySession, ReadSession
from gateway.handover.models import Handover
from gateway.review.models import Correction, ReviewItem, ReviewJob, UnderstandingVersion
from gateway.review.signals import ConversationFacts, TurnFacts
from gateway.surveys.models import Rating

PAGE_SIZE: Final = 50
QUIET: Final = timedelta(minutes=10)
"""A conversation is looked through once nothing was said for so long."""


@dataclass(frozen=True)
class ItemFilter:
    """Which items to list."""

    state: str = "open"
    cause: str | None = None
    language: str | None = None
    intent: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a page of items begins: after this one, likeliest first."""

    score: float
    turn_id: str


async def unscanned(session: ReadSession, now: datetime, limit: int) -> Sequence[Conversation]:
    """Conversations with something said since they were last looked through, quiet by now; oldest first."""
    query = (
        select(Conversation)
        .where(
            or_(Conversation.scanned_until.is_(None), Conversation.scanned_until < Conversation.last_message_at),
            Conversation.last_message_at < now - QUIET,
        )
        .order_by(Conversation.last_message_at)
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def facts(session: AnySession, conversation_id: str) -> tuple[list[TurnFacts], ConversationFacts]:
    """What the signals are read from."""
    turns = (
        (
            await session.execute(
                select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.received_at, Turn.first_seq)
            )
        )
        .scalars()
        .all()
    )
    handovers = select(Handover.requested_at).where(
        Handover.conversation_id == conversation_id, Handover.reason != "taken"
    )
    marks = select(Rating.asked_at, Rating.score).where(
        Rating.conversation_id == conversation_id, Rating.score.is_not(None)
    )
    return [turn_facts(one) for one in turns], ConversationFacts(
        handed_over_at=tuple((await session.execute(handovers)).scalars()),
        scores=tuple((at, int(score or 0)) for at, score in (await session.execute(marks)).all()),
    )


def turn_facts(turn: Turn) -> TurnFacts:
    """A stored turn as the signals read it."""
    return TurnFacts(
        id=turn.id,
        at=turn.received_at,
        words=str(turn.input.get("text") or "") if turn.input.get("kind") == "text" else "",
        intent=turn.intent,
        confidence=turn.confidence,
        actions=tuple(str(one.get("name")) for one in turn.actions or []),
        state=turn.state,
    )


async def items(
    session: ReadSession, chosen: ItemFilter, place: Place | None
) -> tuple[list[tuple[ReviewItem, Turn]], Place | None]:
    """One page, likeliest first, each with its turn; and where the next page begins."""
    query = (
        select(ReviewItem, Turn)
        .join(Turn, Turn.id == ReviewItem.turn_id)
        .where(ReviewItem.state == chosen.state)
        .order_by(ReviewItem.score.desc(), ReviewItem.turn_id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if chosen.cause is not None:
        query = query.where(ReviewItem.cause == chosen.cause)
    if chosen.language is not None:
        query = query.where(ReviewItem.language == chosen.language)
    if chosen.intent is not None:
        query = query.where(ReviewItem.intent == chosen.intent)
    if place is not None:
        query = query.where(
            or_(
                ReviewItem.score < place.score,
                and_(ReviewItem.score == place.score, ReviewItem.turn_id < place.turn_id),
            )
        )
    rows = [(item, turn) for item, turn in (await session.execute(query)).all()]
    more = Place(rows[PAGE_SIZE - 1][0].score, rows[PAGE_SIZE - 1][0].turn_id) if len(rows) > PAGE_SIZE else None
    return rows[:PAGE_SIZE], more


async def to_mend(session: AnySession) -> Sequence[ReviewItem]:
    """What waits to be mended and is no correction of understanding, by cause and what it is about."""
    query = (
        select(ReviewItem)
        .where(ReviewItem.state == "to_mend", ReviewItem.cause != "understanding")
        .order_by(ReviewItem.cause, ReviewItem.subject, ReviewItem.turn_id)
    )
    return (await session.execute(query)).scalars().all()


async def counts(session: ReadSession) -> dict[str, int]:
    """How many items are in which state."""
    query = select(ReviewItem.state, func.count()).group_by(ReviewItem.state)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def turn_of(session: AnySession, turn_id: str) -> tuple[Turn, ReviewItem | None, Correction | None] | None:
    """A turn with what reviewers said of it; None when there is no such."""
    turn = await session.get(Turn, turn_id)
    if turn is None:
        return None
    correction = (await session.execute(select(Correction).where(Correction.turn_id == turn_id))).scalar_one_or_none()
    return turn, await session.get(ReviewItem, turn_id), correction


async def around(session: AnySession, turn: Turn, messages: int = 6) -> Sequence[Message]:
    """What was said a little before the turn, in it, and in answer to it."""
    query = (
        select(Message)
        .where(
            Message.conversation_id == turn.conversation_id,
            Message.seq >= turn.first_seq - messages,
            Message.seq <= turn.last_seq + messages,
        )
        .order_by(Message.seq)
    )
    return (await session.execute(query)).scalars().all()


async def corrections(session: AnySession, state: str = "proposed") -> Sequence[Correction]:
    """Corrections in the order in which they were made."""
    query = select(Correction).where(Correction.state == state).order_by(Correction.id)
    return (await session.execute(query)).scalars().all()


async def current_version(session: AnySession) -> UnderstandingVersion | None:
    """What is in force beyond the repository's examples; None: nothing was ever published."""
    query = select(UnderstandingVersion).order_by(UnderstandingVersion.id.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


async def versions(session: ReadSession, limit: int = 50) -> Sequence[UnderstandingVersion]:
    """What was in force, newest first."""
    query = select(UnderstandingVersion).order_by(UnderstandingVersion.id.desc()).limit(limit)
    return (await session.execute(query)).scalars().all()


async def jobs(session: ReadSession, limit: int = 20) -> Sequence[ReviewJob]:
    """Jobs, newest first."""
    return (await session.execute(select(ReviewJob).order_by(ReviewJob.id.desc()).limit(limit))).scalars().all()
