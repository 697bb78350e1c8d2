"""Looking conversations through, judging turns, collecting corrections. Works inside the caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from gateway.audit.service import note
from gateway.console.models import Agent
from gateway.conversations.models import Conversation
from gateway.database.engine import AnySession, WriteSession
from gateway.review import repository
from gateway.review.examples import Example, joined
from gateway.review.models import CAUSES, Correction, JobKind, ReviewItem, ReviewJob, UnderstandingVersion
from gateway.review.signals import judge
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")

MAX_WORDS: Final = 500
"""Of an example, in characters: longer messages teach nothing about their beginning."""


class Reviews:
    """The reviewers' desk."""

    def __init__(self, clock: Clock, low_confidence: float) -> None:
        self._clock = clock
        self._low_confidence = low_confidence

    async def scan(self, session: WriteSession, conversation_id: str) -> int:
        """Look a conversation through; how many of its turns look wrong. What was reviewed keeps its review."""
        # Locked, so that two gateways do not add the same item.
        conversation = await session.get(Conversation, conversation_id, with_for_update=True)
        if conversation is None:
            return 0
        turns, around = await repository.facts(session, conversation_id)
        found = judge(turns, around, self._low_confidence)
        known = {
            one.turn_id: one
            for one in (
                await session.execute(select(ReviewItem).where(ReviewItem.conversation_id == conversation_id))
            ).scalars()
        }
        for turn in turns:
            signals = found.get(turn.id)
            item = known.get(turn.id)
            if signals is None:
                continue
            if item is None:
                item = ReviewItem(
                    turn_id=turn.id, conversation_id=conversation_id, at=turn.at,
                    language=language_of(conversation, turn.words), state="open", score=0.0, signals=[],
                )  # fmt: skip
                session.add(item)
            item.intent, item.confidence = turn.intent, turn.confidence
            item.score, item.signals = round(sum(signals.values()), 3), sorted(signals)
        conversation.scanned_until = conversation.last_message_at
        return len(found)

    async def mark(
        self, session: WriteSession, turn_id: str, agent: Agent, *, cause: str, subject: str = "", remedy: str = "",
        words: str = "", intent: str = "", intents: Collection[str] = (),
    ) -> None:  # fmt: skip
        """Say what went wrong in a turn and, for `understanding`, which of `intents` the masked `words` have.

        Any turn can be marked, also one that no signal spoke against. Raises `NotFound`, `InvalidInput`.
        """
        found = await repository.turn_of(session, turn_id)
        if found is None:
            raise NotFound
        turn, item, correction = found
        if cause not in CAUSES:
            raise InvalidInput(errors=[FieldProblem(field="cause", message="is not known")])
        words, intent = " ".join(words.split()), intent.strip()
        if cause == "understanding" and not (
            1 <= len(words) <= MAX_WORDS and words.isprintable() and intent in intents
        ):
            raise InvalidInput(errors=[FieldProblem(field="intent", message="needs words and a known intent")])
        conversation = await session.get_one(Conversation, turn.conversation_id)
        if item is None:
            item = ReviewItem(
                turn_id=turn.id, conversation_id=turn.conversation_id, at=turn.received_at, score=0.0, signals=[],
                language=language_of(conversation, str(turn.input.get("text") or "")), intent=turn.intent,
                confidence=turn.confidence,
            )  # fmt: skip
            session.add(item)
        now = self._clock.wall()
        item.cause, item.agent_id, item.reviewed_at = cause, agent.id, now
        item.subject, item.remedy = subject.strip()[:200] or None, remedy.strip()[:4000] or None
        item.state = "closed" if cause == "right" else "to_mend"
        if cause == "understanding":
            if correction is None:
                correction = Correction(turn_id=turn.id, conversation_id=turn.conversation_id, was=turn.intent)
                session.add(correction)
            correction.language = language_of(conversation, words)
            correction.words, correction.intent = words, intent
            correction.state, correction.agent_id, correction.at = "proposed", agent.id, now
        elif correction is not None and correction.state == "proposed":
            await session.execute(delete(Correction).where(Correction.id == correction.id))
        note(
            session, self._clock, agent_id=agent.id, action="review.mark", conversation_id=turn.conversation_id,
            turn=turn.id, cause=cause, **({"intent": intent} if cause == "understanding" else {}),
        )  # fmt: skip

    async def settle(self, session: WriteSession, turn_id: str, agent: Agent, *, reopen: bool = False) -> None:
        """The remedy is in force, or the item is to be looked at again. Raises `NotFound`."""
        item = await session.get(ReviewItem, turn_id)
        if item is None:
            raise NotFound
        item.state = "open" if reopen else "closed"
        action = "review.reopen" if reopen else "review.settle"
        note(session, self._clock, agent_id=agent.id, action=action, conversation_id=item.conversation_id, turn=turn_id)

    async def proposed(self, session: AnySession) -> tuple[list[Example], list[Example], list[Correction]]:
        """The examples in force, those with the corrections that wait, and these corrections."""
        version = await repository.current_version(session)
        before = [Example.read(one) for one in version.examples] if version else []
        waiting = list(await repository.corrections(session))
        return before, joined(before, [Example(one.language, one.intent, one.words) for one in waiting]), waiting

    async def ask_for(self, session: WriteSession, kind: JobKind, agent: Agent) -> ReviewJob:
        """Have the proposal compared or published. Publishing needs that exactly this was compared and breaks nothing.

        Raises `Conflict` while another job is under way, when nothing is proposed, or when it may not be published.
        """
        before, after, waiting = await self.proposed(session)
        if before == after:
            raise Conflict
        examples = [one.stored() for one in after]
        if kind == "publish" and not await self.is_accepted(session, examples):
            raise Conflict
        return await self._ask(session, kind, agent, examples, [one.id for one in waiting], None)

    async def roll_back(self, session: WriteSession, version_id: int, agent: Agent) -> ReviewJob:
        """Have the examples of an earlier version put in force again; 0: the repository's alone. Raises `Conflict`."""
        target = await session.get(UnderstandingVersion, version_id) if version_id else None
        if version_id and target is None:
            raise NotFound
        return await self._ask(
            session, "publish", agent, list(target.examples) if target else [], [], version_id or None
        )

    async def is_accepted(self, session: AnySession, examples: list[dict[str, str]]) -> bool:
        """Whether the newest comparison of exactly these examples found that nothing breaks."""
        query = (
            select(ReviewJob)
            .where(ReviewJob.kind == "compare", ReviewJob.state == "done")
            .order_by(ReviewJob.id.desc())
        )
        newest = (await session.execute(query.limit(1))).scalar_one_or_none()
        return newest is not None and newest.examples == examples and bool((newest.result or {}).get("accepted"))

    async def _ask(
        self, session: WriteSession, kind: JobKind, agent: Agent, examples: list[dict[str, str]], ids: list[int],
        restores: int | None,
    ) -> ReviewJob:  # fmt: skip
        job = ReviewJob(
            kind=kind, asked_at=self._clock.wall(), agent_id=agent.id, examples=examples, corrections=ids,
            restores=restores,
        )  # fmt: skip
        session.add(job)
        try:
            await session.flush()
        except IntegrityError as error:
            raise Conflict from error
        note(
            session, self._clock, agent_id=agent.id, action=f"review.{kind}", job=job.id, examples=len(examples),
            restores=restores,
        )  # fmt: skip
        return job


def language_of(conversation: Conversation, words: str) -> str:
    """The language that `words` of the conversation are learnt in: Chinese by their script, else the conversation's."""
    if _HAN.search(words):
        return "zh"
    return conversation.language if conversation.language in {"en", "zh"} else conversation.locale
