"""Hand-over: who may speak in a conversation.

A conversation is the assistant's, waits in the queue, or is held by one agent under a lease with a fencing number. The
number grows each time the holder changes, and whatever was begun under an older number (a reply of the assistant being
computed, a message of an agent whose lease was lost) is not said. While a conversation waits the assistant goes on
helping; once a person has taken it, it stays silent until a person hands it back: a lease that runs out returns the
conversation to the front of the queue, never to the assistant.

Every function works inside the caller's transaction, on the conversation locked by `conversations.repository.lock`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway import locales
from gateway.audit.service import note
from gateway.console.models import Agent
from gateway.conversations import repository as conversations_repository
from gateway.conversations.models import Conversation, Message
from gateway.conversations.service import Conversations
from gateway.database.engine import WriteSession
from gateway.errors import LeaseLost
from gateway.handover import repository
from gateway.handover.hours import after_working, is_open, next_opening
from gateway.handover.models import Handover, Outcome
from gateway.handover.wording import moment
from gateway.images.encoding import Picture
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.content import InternalButton, QuickRepliesContent, TextContent
from shopdesk_schemas.crm import SupportHours
from shopdesk_schemas.problems import Conflict

LEAVE_QUEUE: Final = "gateway/leave_queue"
"""A button's payload that the gateway itself understands: back to the assistant."""

HEAD_STARTS: Final = {
    "emergency": timedelta(hours=24),
    "claim": timedelta(minutes=10),
    "angry": timedelta(minutes=10),
    "unanswered": timedelta(minutes=10),
}
"""By reason: what cannot wait, counts as having come earlier."""

_FRONT = timedelta(days=3650)
"""The head start of a conversation that an agent has lost: before all that wait, in order among themselves."""

_TRANSFER = timedelta(minutes=2)
"""How long a colleague has at least to open what was transferred to them."""

_TRIES = 5
"""Others may take the first of the queue at the same time."""

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+(?![\w-])", re.ASCII)


@dataclass(frozen=True)
class HandoverRules:
    """What the shop sets about hand-overs. Durations."""

    lease: timedelta
    answer_within: timedelta
    """Opening time within which a question left out of hours is promised an answer."""
    head_starts: dict[str, timedelta]
    """By reason: how much earlier such a request counts in the queue than it came."""


@dataclass(frozen=True)
class Lease:
    """The right of one agent to speak in one conversation."""

    conversation_id: str
    agent_id: int
    fencing_number: int
    until: datetime


class Handovers:
    """Moves conversations between the assistant, the queue and agents."""

    def __init__(
        self,
        clock: Clock,
        conversations: Conversations,
        rules: HandoverRules,
        support_hours: Callable[[], SupportHours | None],
    ) -> None:
        self._clock = clock
        self._conversations = conversations
        self._rules = rules
        self._support_hours = support_hours
        conversations.add_control(LEAVE_QUEUE, self.leave_queue)
        conversations.add_reader(self.read_contact)

    async def request(self, session: WriteSession, conversation: Conversation, reason: str) -> None:
        """A person is asked for: into the queue, and the shopper is told the place or by when there is an answer.

        Asking again while waiting, or while a person holds the conversation, changes nothing.
        """
        now = self._clock.wall()
        conversation.handoff_reason, conversation.handoff_at = reason[:200], now
        if conversation.state != "assistant":
            return
        hours, business_now = self._support_hours(), self._clock.now()
        in_hours = is_open(hours, business_now)
        promised = None if in_hours else after_working(hours, business_now, self._rules.answer_within)
        conversation.state = "queued"
        conversation.queued_at = now
        conversation.queue_key = now - self._rules.head_starts.get(reason, timedelta())
        session.add(
            Handover(
                conversation_id=conversation.id,
                reason=reason[:200],
                requested_at=now,
                in_hours=in_hours,
                promised_at=promised,
            )
        )
        await session.flush()
        await self._tell_waiting(session, conversation, hours, in_hours, promised, business_now)

    async def leave_queue(self, session: WriteSession, conversation: Conversation) -> None:
        """The shopper no longer wants to wait. Nothing happens when a person has taken, or had taken, it over."""
        if conversation.state != "queued" or conversation.assistant_paused:
            return
        await self._end(session, conversation, "left_queue", None)
        await self._say(session, conversation, "left_queue")

    async def take(self, session: WriteSession, conversation_id: str, agent: Agent) -> Lease:
        """The agent takes the conversation; from now on nothing of the assistant is said.

        Taking what one holds already renews it. Raises `Conflict` when another agent holds it.
        """
        conversation = await conversations_repository.lock(session, conversation_id)
        now = self._clock.wall()
        if conversation.state == "agent" and not _lapsed(conversation, now):
            if conversation.holder_id != agent.id:
                raise Conflict("Another agent holds this conversation.")
            conversation.lease_until = now + self._rules.lease
            return _lease(conversation, agent)
        lost = conversation.state == "agent"
        handover = await repository.open_handover(session, conversation_id)
        if handover is None:
            # Taken without having been asked for: an agent steps in.
            handover = Handover(
                conversation_id=conversation_id, reason="taken", requested_at=now, in_hours=True, leases_lost=0
            )
            session.add(handover)
        if lost:
            handover.leases_lost += 1
        handover.first_taken_at = handover.first_taken_at or now
        handover.agent_id = agent.id
        conversation.state = "agent"
        conversation.holder_id = agent.id
        conversation.fencing_number += 1
        conversation.lease_until = now + self._rules.lease
        conversation.assistant_paused = True
        conversation.queued_at = conversation.queue_key = conversation.agent_typing_until = None
        for turn in await conversations_repository.open_turns(session, conversation_id):
            if turn.state != "running":
                # What the assistant had not begun is for the person; what it has begun is withheld when it comes back.
                turn.state, turn.finished_at, turn.lease_until = "withheld", now, None
        note(session, self._clock, agent_id=agent.id, action="conversation.take", conversation_id=conversation_id)
        await self._say(session, conversation, "joined", name=agent.display_name)
        return _lease(conversation, agent)

    async def take_next(self, session: WriteSession, agent: Agent) -> str | None:
        """Take whoever waits first, unless the agent holds as many as they can; None when there is nobody to take."""
        if await repository.held_by(session, agent.id) >= agent.capacity:
            return None
        for waiting in await repository.queue(session, _TRIES):
            conversation = await conversations_repository.lock(session, waiting.id)
            if conversation.state == "queued":
                await self.take(session, conversation.id, agent)
                return conversation.id
        return None

    async def transfer(
        self, session: WriteSession, conversation_id: str, agent: Agent, fencing_number: int, to: Agent
    ) -> None:
        """The holder gives the conversation to a colleague, under a new number. Raises `LeaseLost`, `Conflict`.

        The colleague's page has the lease's time to show a sign of life; else it goes to the front of the queue.
        """
        conversation = await self._held(session, conversation_id, agent, fencing_number)
        if not to.active or to.role == "read_only" or to.id == agent.id:
            raise Conflict("This colleague cannot take the conversation.")
        if await repository.held_by(session, to.id) >= to.capacity:
            raise Conflict("This colleague holds as many conversations as they can.")
        conversation.holder_id = to.id
        conversation.fencing_number += 1
        conversation.lease_until = self._clock.wall() + max(self._rules.lease, _TRANSFER)
        conversation.agent_typing_until = None
        if handover := await repository.open_handover(session, conversation_id):
            handover.agent_id = to.id
        note(
            session, self._clock, agent_id=agent.id, action="conversation.transfer",
            conversation_id=conversation_id, to=to.id,
        )  # fmt: skip
        await self._say(session, conversation, "joined", name=to.display_name)

    async def renew(self, session: WriteSession, conversation_id: str, agent: Agent, fencing_number: int) -> Lease:
        """A sign of life of the holder. Raises `LeaseLost`."""
        conversation = await self._held(session, conversation_id, agent, fencing_number)
        return _lease(conversation, agent)

    async def typing(self, session: WriteSession, conversation_id: str, agent: Agent, fencing_number: int) -> None:
        """The holder is writing. Raises `LeaseLost`."""
        conversation = await self._held(session, conversation_id, agent, fencing_number)
        conversation.agent_typing_until = self._clock.wall() + timedelta(seconds=6)
        session.after_commit(lambda: self._conversations.wake(conversation_id))

    async def say(
        self,
        session: WriteSession,
        conversation_id: str,
        agent: Agent,
        fencing_number: int,
        client_id: uuid.UUID,
        said: str | Picture,
    ) -> Message:
        """Words or a picture of the holder to the shopper; the same client id again is the same message.

        Raises `LeaseLost`, for a picture also `TooManyRequests`.
        """
        conversation = await conversations_repository.lock(session, conversation_id)
        if known := await conversations_repository.by_client_id(session, conversation_id, f"agent:{client_id}"):
            return known
        self._check(conversation, agent, fencing_number)
        conversation.agent_typing_until = None
        if handover := await repository.open_handover(session, conversation_id):
            handover.first_answered_at = handover.first_answered_at or self._clock.wall()
        if isinstance(said, Picture):
            return await self._conversations.show(session, conversation, said, agent, f"agent:{client_id}")
        return await self._conversations.say(
            session, conversation, "agent", TextContent(text=said), agent=agent, client_id=f"agent:{client_id}"
        )

    async def hand_back(
        self,
        session: WriteSession,
        conversation_id: str,
        agent: Agent,
        fencing_number: int,
        outcome: Outcome,
        words: str,
    ) -> None:
        """The holder gives the conversation to the assistant, which begins afresh knowing `words`. `LeaseLost`."""
        conversation = await self._held(session, conversation_id, agent, fencing_number)
        await self._end(session, conversation, outcome, words or None)
        note(
            session,
            self._clock,
            agent_id=agent.id,
            action="conversation.hand_back",
            conversation_id=conversation_id,
            outcome=outcome,
        )
        await self._say(session, conversation, "handed_back", name=agent.display_name)

    async def to_queue(self, session: WriteSession, conversation_id: str, agent: Agent, fencing_number: int) -> None:
        """The holder cannot go on: to the front of the queue for a colleague. Raises `LeaseLost`."""
        conversation = await self._held(session, conversation_id, agent, fencing_number)
        self._front_of_queue(conversation)
        note(session, self._clock, agent_id=agent.id, action="conversation.to_queue", conversation_id=conversation_id)
        await self._say(session, conversation, "colleague_follows")

    async def lapse(self, session: WriteSession, conversation_id: str) -> bool:
        """Return a conversation whose lease ran out to the front of the queue; False when it has not."""
        conversation = await conversations_repository.lock(session, conversation_id)
        if conversation.state != "agent" or not _lapsed(conversation, self._clock.wall()):
            return False
        if handover := await repository.open_handover(session, conversation_id):
            handover.leases_lost += 1
        note(
            session,
            self._clock,
            agent_id=conversation.holder_id,
            action="conversation.lease_lost",
            conversation_id=conversation_id,
        )
        self._front_of_queue(conversation)
        await self._say(session, conversation, "colleague_follows")
        return True

    async def read_contact(self, session: WriteSession, conversation: Conversation, words: str) -> bool:
        """Keep the e-mail address that somebody who waits has written; True when the message is nothing else."""
        if conversation.state != "queued" or (found := _EMAIL.search(words)) is None:
            return False
        conversation.contact_email = found.group()[:254]
        if words.strip(" \n.。,，!！") != found.group():
            return False
        await self._say(session, conversation, "contact_kept", email=conversation.contact_email)
        return True

    def _front_of_queue(self, conversation: Conversation) -> None:
        now = self._clock.wall()
        conversation.state = "queued"
        conversation.holder_id = None
        conversation.lease_until = conversation.agent_typing_until = None
        conversation.fencing_number += 1
        conversation.queued_at = now
        conversation.queue_key = now - _FRONT

    async def _end(
        self, session: WriteSession, conversation: Conversation, outcome: Outcome, words: str | None
    ) -> None:
        now = self._clock.wall()
        if handover := await repository.open_handover(session, conversation.id):
            handover.ended_at, handover.outcome, handover.note = now, outcome, words[:2000] if words else None
        conversation.state = "assistant"
        conversation.holder_id = None
        conversation.lease_until = conversation.agent_typing_until = None
        conversation.queued_at = conversation.queue_key = None
        conversation.assistant_paused = False
        conversation.handoff_reason = None
        if outcome != "left_queue":
            conversation.fencing_number += 1
            # The assistant did not hear what was said: it begins afresh.
            conversation.epoch += 1
            conversation.epoch_turns = 0
            conversation.busy = False

    async def _held(
        self, session: WriteSession, conversation_id: str, agent: Agent, fencing_number: int
    ) -> Conversation:
        conversation = await conversations_repository.lock(session, conversation_id)
        self._check(conversation, agent, fencing_number)
        conversation.lease_until = self._clock.wall() + self._rules.lease
        return conversation

    def _check(self, conversation: Conversation, agent: Agent, fencing_number: int) -> None:
        """Raises `LeaseLost` unless the agent holds the conversation under this number, in time."""
        if (
            conversation.state != "agent"
            or conversation.holder_id != agent.id
            or conversation.fencing_number != fencing_number
            or _lapsed(conversation, self._clock.wall())
        ):
            raise LeaseLost

    async def _tell_waiting(
        self,
        session: WriteSession,
        conversation: Conversation,
        hours: SupportHours | None,
        in_hours: bool,
        promised: datetime | None,
        now: datetime,
    ) -> None:
        language = conversation.locale
        zone = hours.timezone if hours else "UTC"
        if in_hours:
            place = await repository.place_in_queue(session, conversation)
            words = locales.text(language, "handover", "queued", place=place)
        elif promised is not None and (opens := next_opening(hours, now)) is not None:
            words = locales.text(
                language,
                "handover",
                "closed",
                opens=moment(opens, zone, language),
                promised=moment(promised, zone, language),
            )
        else:
            words = locales.text(language, "handover", "closed_long")
        buttons = [InternalButton(label=locales.text(language, "handover", "leave_queue"), payload=LEAVE_QUEUE)]
        content = QuickRepliesContent[InternalButton](text=words, buttons=buttons)
        await self._conversations.say(session, conversation, "system", content)

    async def _say(self, session: WriteSession, conversation: Conversation, key: str, **values: object) -> None:
        words = locales.text(conversation.locale, "handover", key, **values)
        await self._conversations.say(session, conversation, "system", TextContent(text=words))


def _lapsed(conversation: Conversation, now: datetime) -> bool:
    return conversation.lease_until is None or conversation.lease_until <= now


def _lease(conversation: Conversation, agent: Agent) -> Lease:
    assert conversation.lease_until is not None  # noqa: S101 - the caller has just set it
    return Lease(conversation.id, agent.id, conversation.fencing_number, conversation.lease_until)
