"""Labels, notes with mentions, snoozing and merging. Every function works inside the caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from gateway.audit.service import note as audit
from gateway.console.models import Agent
from gateway.conversations import repository as conversations_repository
from gateway.conversations.models import Conversation
from gateway.database.engine import AnySession, WriteSession
from gateway.desk.models import ConversationLabel, ConversationSegment, Label, Mention, Note
from gateway.search.terms import normalise
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound

MAX_LABELS: Final = 20
"""On one conversation."""

MAX_SNOOZE: Final = timedelta(days=90)

_MENTION = re.compile(r"(?<![\w.@])@([^\s@,.;:!?，。；：！？、()（）]+)")


@dataclass(frozen=True)
class NoteView:
    """A note with the name of who wrote it."""

    note: Note
    author: str | None


class Annotations:
    """What agents write on conversations."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    # --- Labels -----------------------------------------------------------------------------------------------------

    async def label(self, session: WriteSession, conversation_id: str, name: str, agent: Agent) -> Label:
        """Put a label on, made if there is none of that name. Raises `InvalidInput`, `Conflict`."""
        await _existing(session, conversation_id)
        words = " ".join(name.split())
        if not 1 <= len(words) <= 40 or not words.isprintable():
            raise InvalidInput(errors=[FieldProblem(field="label", message="must be 1 to 40 printable characters")])
        folded = normalise(words)[:80]
        label = (await session.execute(select(Label).where(Label.folded == folded))).scalar_one_or_none()
        if label is None:
            label = Label(name=words, folded=folded, created_at=self._clock.wall())
            session.add(label)
            await session.flush()
        there = select(ConversationLabel).where(ConversationLabel.conversation_id == conversation_id)
        on = (await session.execute(there)).scalars().all()
        if any(one.label_id == label.id for one in on):
            return label
        if len(on) >= MAX_LABELS:
            raise Conflict("This conversation has as many labels as it may have.")
        session.add(
            ConversationLabel(
                conversation_id=conversation_id, label_id=label.id, agent_id=agent.id, at=self._clock.wall()
            )
        )
        audit(session, self._clock, agent_id=agent.id, action="conversation.label", conversation_id=conversation_id,
              label=label.id)  # fmt: skip
        return label

    async def unlabel(self, session: WriteSession, conversation_id: str, label_id: int, agent: Agent) -> None:
        """Take a label off."""
        await session.execute(
            delete(ConversationLabel).where(
                ConversationLabel.conversation_id == conversation_id, ConversationLabel.label_id == label_id
            )
        )
        audit(session, self._clock, agent_id=agent.id, action="conversation.unlabel",
              conversation_id=conversation_id, label=label_id)  # fmt: skip

    # --- Notes ------------------------------------------------------------------------------------------------------

    async def note(self, session: WriteSession, conversation_id: str, words: str, agent: Agent) -> Note:
        """Write a note; everybody who is named in it by `@username` finds it in the inbox. Raises `InvalidInput`."""
        await _existing(session, conversation_id)
        said = words.replace("\0", "").strip()
        if not 1 <= len(said) <= 4000:
            raise InvalidInput(errors=[FieldProblem(field="words", message="must be 1 to 4000 characters")])
        written = Note(conversation_id=conversation_id, agent_id=agent.id, words=said, at=self._clock.wall())
        session.add(written)
        await session.flush()
        names = {name.lower() for name in _MENTION.findall(said)}
        if names:
            query = select(Agent.id).where(Agent.username.in_(names), Agent.active, Agent.id != agent.id)
            session.add_all(
                Mention(note_id=written.id, agent_id=one, conversation_id=conversation_id)
                for one in (await session.execute(query)).scalars()
            )
        audit(session, self._clock, agent_id=agent.id, action="conversation.note", conversation_id=conversation_id,
              note=written.id)  # fmt: skip
        return written

    async def seen(self, session: WriteSession, conversation_id: str, agent: Agent) -> None:
        """The agent has the notes of this conversation before their eyes."""
        await session.execute(
            update(Mention)
            .where(Mention.agent_id == agent.id, Mention.conversation_id == conversation_id, Mention.seen_at.is_(None))
            .values(seen_at=self._clock.wall())
        )

    # --- Snoozing, merging ------------------------------------------------------------------------------------------

    async def snooze(self, session: WriteSession, conversation_id: str, until: datetime | None, agent: Agent) -> None:
        """Out of the inbox until then (None: back in). Whoever waits in the queue stays there. `InvalidInput`."""
        conversation = await _locked(session, conversation_id)
        now = self._clock.wall()
        if until is not None and not now < until <= now + MAX_SNOOZE:
            raise InvalidInput(errors=[FieldProblem(field="until", message="must be within the next 90 days")])
        conversation.snoozed_at = now if until else None
        conversation.snoozed_until = until
        audit(session, self._clock, agent_id=agent.id, action="conversation.snooze" if until else "conversation.wake",
              conversation_id=conversation_id)  # fmt: skip

    async def merge(self, session: WriteSession, conversation_id: str, into: str, agent: Agent) -> None:
        """Read this conversation in `into` from now on. Raises `NotFound`, `Conflict`."""
        if conversation_id == into:
            raise Conflict("A conversation cannot be merged into itself.")
        # In one order, so that two merges at once cannot each wait for the other.
        locked = {one: await _locked(session, one) for one in sorted((conversation_id, into))}
        target, conversation = locked[into], locked[conversation_id]
        children = select(func.count()).select_from(Conversation).where(Conversation.merged_into == conversation_id)
        if target.merged_into is not None or (await session.execute(children)).scalar_one():
            raise Conflict("One of them is merged with another already.")
        if conversation.state != "assistant":
            raise Conflict("Somebody waits or is being helped in this conversation; finish that first.")
        conversation.merged_into, conversation.merged_at = into, self._clock.wall()
        audit(session, self._clock, agent_id=agent.id, action="conversation.merge", conversation_id=conversation_id,
              into=into)  # fmt: skip

    async def separate(self, session: WriteSession, conversation_id: str, agent: Agent) -> None:
        """Undo a merge."""
        conversation = await _locked(session, conversation_id)
        conversation.merged_into = conversation.merged_at = None
        audit(session, self._clock, agent_id=agent.id, action="conversation.separate",
              conversation_id=conversation_id)  # fmt: skip

    async def segments(self, session: WriteSession, conversation_id: str, keys: Sequence[str]) -> None:
        """Remember which segments the conversation's customer is in."""
        query = select(ConversationSegment.key).where(ConversationSegment.conversation_id == conversation_id)
        known = set((await session.execute(query)).scalars())
        wanted = {key[:64] for key in keys}
        if gone := known - wanted:
            await session.execute(
                delete(ConversationSegment).where(
                    ConversationSegment.conversation_id == conversation_id, ConversationSegment.key.in_(gone)
                )
            )
        session.add_all(ConversationSegment(conversation_id=conversation_id, key=key) for key in wanted - known)


# --- Reading --------------------------------------------------------------------------------------------------------


async def labels_of(session: AnySession, conversation_ids: Sequence[str]) -> dict[str, list[Label]]:
    """The labels of conversations, by name."""
    query = (
        select(ConversationLabel.conversation_id, Label)
        .join(Label, Label.id == ConversationLabel.label_id)
        .where(ConversationLabel.conversation_id.in_(conversation_ids))
        .order_by(Label.folded)
    )
    found: dict[str, list[Label]] = {}
    for conversation_id, label in (await session.execute(query)).all():
        found.setdefault(conversation_id, []).append(label)
    return found


async def all_labels(session: AnySession) -> Sequence[Label]:
    """Every label, by name."""
    return (await session.execute(select(Label).order_by(Label.folded))).scalars().all()


async def known_segments(session: AnySession) -> Sequence[str]:
    """Keys of segments that some conversation is known to be in, for the filter.

    From one to the next through the index, as `console.repository.intents`.
    """
    first = select(func.min(ConversationSegment.key).label("key")).cte("known", recursive=True)
    following = select(func.min(ConversationSegment.key)).where(ConversationSegment.key > first.c.key)
    known = first.union_all(select(following.scalar_subquery()).where(first.c.key.is_not(None)))
    query = select(known.c.key).where(known.c.key.is_not(None))
    return [str(key) for key in (await session.execute(query)).scalars()]


async def notes_of(session: AnySession, conversation_id: str) -> list[NoteView]:
    """The notes of a conversation, oldest first."""
    query = (
        select(Note, Agent.display_name)
        .outerjoin(Agent, Agent.id == Note.agent_id)
        .where(Note.conversation_id == conversation_id)
        .order_by(Note.id)
    )
    return [NoteView(note, author) for note, author in (await session.execute(query)).all()]


async def mentions_of(session: AnySession, agent_id: int) -> list[NoteView]:
    """Notes in which an agent is named and that they have not seen, newest first."""
    query = (
        select(Note, Agent.display_name)
        .join(Mention, Mention.note_id == Note.id)
        .outerjoin(Agent, Agent.id == Note.agent_id)
        .where(Mention.agent_id == agent_id, Mention.seen_at.is_(None))
        .order_by(Note.id.desc())
        .limit(20)
    )
    return [NoteView(note, author) for note, author in (await session.execute(query)).all()]


async def merged_into(session: AnySession, conversation_id: str) -> Sequence[Conversation]:
    """Conversations that are read in this one, oldest first."""
    query = select(Conversation).where(Conversation.merged_into == conversation_id).order_by(Conversation.created_at)
    return (await session.execute(query)).scalars().all()


async def _existing(session: AnySession, conversation_id: str) -> Conversation:
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound
    return conversation


async def _locked(session: WriteSession, conversation_id: str) -> Conversation:
    await _existing(session, conversation_id)
    return await conversations_repository.lock(session, conversation_id)
