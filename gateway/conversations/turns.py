"""The life of a turn: claimed, asked, then answered, deferred, withheld or given up. Transactions are the worker's.

A claim is a lease: whoever holds it may store the outcome while the turn is still in the same attempt. Should the
holder die, the lease runs out and another claims the turn; the bot, idempotent by message id, runs it once all the
same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from gateway import locales
from gateway.conversations import repository
from gateway.conversations.models import Conversation, Turn
from gateway.conversations.service import Conversations
from gateway.database.engine import WriteSession
from gateway.errors import UpstreamError, UpstreamSlow, UpstreamUnavailable
from gateway.handover.service import Handovers
from gateway.surveys.service import Surveys
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.content import TextContent
from shopdesk_schemas.turn import PageHint, TurnInput, TurnRequest, TurnResponse

_turn_input: TypeAdapter[TurnInput] = TypeAdapter(TurnInput)

UNSURE_INTENTS = frozenset({None, "nlu_fallback"})
"""What Rasa calls a message that it could not place."""

_QUOTE_CHARACTERS = 60
_BUSY_PAUSE = timedelta(milliseconds=50)


@dataclass(frozen=True)
class TurnRules:
    """What the shop sets about turns. Durations."""

    lease: timedelta
    retry: timedelta
    retry_max: timedelta
    give_up_after: timedelta
    epoch_idle: timedelta
    epoch_turns: int
    low_confidence: float


@dataclass(frozen=True)
class Claim:
    """The right to work on one turn."""

    turn_id: str
    conversation_id: str
    attempt: int
    request: TurnRequest
    crm_informed: bool
    client_address: str | None
    waited_ms: float


class Turns:
    """Moves turns through their states."""

    def __init__(
        self, clock: Clock, conversations: Conversations, handovers: Handovers, surveys: Surveys, rules: TurnRules
    ) -> None:
        self._clock = clock
        self._surveys = surveys
        self._handovers = handovers
        self._conversations = conversations
        self._rules = rules

    async def claim(self, session: WriteSession, conversation_id: str) -> Claim | datetime | None:
        """The conversation's next turn, claimed; or when to look again; or None when there is nothing to do.

        One turn at a time: none is given while another of the conversation is claimed.
        """
        now = self._clock.wall()
        conversation = await repository.lock_unless_busy(session, conversation_id)
        if conversation is None:
            # Somebody works on it this moment, perhaps another gateway.
            return now + _BUSY_PAUSE
        turns = await repository.open_turns(session, conversation_id)
        for turn in turns:
            if turn.state == "running" and turn.lease_until is not None and turn.lease_until > now:
                return turn.lease_until
        if not conversation.assistant_answers:
            # A person answers what the assistant had not begun.
            for turn in turns:
                turn.state, turn.finished_at, turn.lease_until = "withheld", now, None
            return None
        due = [turn for turn in turns if turn.state == "running" or turn.next_try_at <= now]
        if not due:
            return min((turn.next_try_at for turn in turns), default=None)
        # Whoever is asked again because nobody was there goes first, due or not: what came later never overtakes it.
        turn = next(turn for turn in turns if turn in due or turn.failure == "unavailable")
        if turn.epoch is None:
            turn.epoch = self._epoch(conversation, now)
        turn.state = "running"
        turn.attempts += 1
        turn.started_at = now
        turn.lease_until = now + self._rules.lease
        turn.fencing_number = conversation.fencing_number
        return Claim(
            turn_id=turn.id,
            conversation_id=conversation_id,
            attempt=turn.attempts,
            request=TurnRequest(
                sender_id=f"{conversation_id}:{turn.epoch}",
                message_id=turn.id,
                input=_turn_input.validate_python(turn.input),
                language=locales.known(conversation.language),
                page=PageHint.model_validate(turn.page) if turn.page else None,
            ),
            crm_informed=conversation.crm_informed,
            client_address=conversation.client_address,
            waited_ms=(now - turn.received_at).total_seconds() * 1000,
        )

    async def answer(self, session: WriteSession, claim: Claim, response: TurnResponse, bot_ms: float) -> bool:
        """Store what was understood, and the replies unless a person took over meanwhile; whether more is open."""
        conversation, turn = await self._claimed(session, claim)
        if turn is None:
            return True
        now = self._clock.wall()
        understanding = response.understanding
        turn.understanding = understanding.model_dump(mode="json")
        turn.intent = understanding.intent.name if understanding.intent else None
        turn.confidence = understanding.intent.confidence if understanding.intent else None
        turn.actions = [run.model_dump(mode="json") for run in response.actions]
        turn.model = response.model[:200]
        turn.timings_ms = {**response.timings_ms, "waited": round(claim.waited_ms, 1), "bot": round(bot_ms, 1)}
        turn.finished_at, turn.lease_until, turn.failure = now, None, None
        conversation.busy = response.busy
        conversation.last_turn_at = now
        conversation.language = conversation.locale = response.language
        if self._is_unsure(turn):
            conversation.low_confidence = True
        if _taken_over(conversation, turn):
            turn.state = "withheld"
            turn.unsent = [reply.model_dump(mode="json") for reply in response.replies]
            return True
        turn.state = "answered"
        for reply in response.replies:
            await self._conversations.say(session, conversation, "assistant", reply, turn=turn)
        if response.handoff is not None:
            await self._handovers.request(session, conversation, response.handoff)
        await self._surveys.after_turn(session, conversation, turn.intent)
        # The assistant works again: what it still owes here is due now.
        others = await repository.open_turns(session, conversation.id)
        for other in others:
            if other.state == "deferred":
                other.next_try_at = now
        return bool(others)

    async def defer(self, session: WriteSession, claim: Claim, error: UpstreamError) -> None:
        """The try failed: tell the shopper, once, and try again later; give up when it has been too long."""
        conversation, turn = await self._claimed(session, claim)
        if turn is None:
            return
        now = self._clock.wall()
        turn.lease_until = None
        if _taken_over(conversation, turn):
            turn.state, turn.finished_at = "withheld", now
            return
        turn.failure = "unavailable" if isinstance(error, UpstreamUnavailable) else "failed"
        if isinstance(error, UpstreamSlow):
            turn.failure = "slow"
        if now - turn.received_at >= self._rules.give_up_after:
            turn.state, turn.finished_at = "given_up", now
            await self._tell(session, conversation, turn, "given_up")
            await self._handovers.request(session, conversation, "unanswered")
            return
        pause = min(self._rules.retry * 2 ** min(turn.attempts - 1, 20), self._rules.retry_max)
        failed = [turn]
        if turn.failure == "unavailable":
            # Nobody is there to answer what queued up behind it either; asking once for each would only take longer.
            failed += [
                other
                for other in await repository.open_turns(session, conversation.id)
                if other.id != turn.id and other.state == "waiting" and other.next_try_at <= now
            ]
        for each in failed:
            each.state, each.next_try_at, each.failure = "deferred", now + pause, turn.failure
        untold = [each for each in failed if each.told_at is None]
        for each in untold:
            each.told_at = now
        if untold:
            await self._tell(session, conversation, untold[-1], "late_slow" if turn.failure == "slow" else "late")

    async def release(self, session: WriteSession, claim: Claim) -> None:
        """Give the claim back unused, because the program is stopping."""
        _, turn = await self._claimed(session, claim)
        if turn is not None:
            turn.state, turn.lease_until, turn.next_try_at = "waiting", None, self._clock.wall()

    async def crm_informed(self, session: WriteSession, claim: Claim) -> None:
        """The CRM knows the conversation, as it was when the claim was made."""
        conversation = await repository.lock(session, claim.conversation_id)
        if conversation.client_address == claim.client_address and conversation.language == claim.request.language:
            conversation.crm_informed = True

    async def _claimed(self, session: WriteSession, claim: Claim) -> tuple[Conversation, Turn | None]:
        """The conversation, locked, and the turn if the claim still holds."""
        conversation = await repository.lock(session, claim.conversation_id)
        for turn in await repository.open_turns(session, conversation.id):
            if turn.id == claim.turn_id and turn.state == "running" and turn.attempts == claim.attempt:
                return conversation, turn
        return conversation, None

    async def _tell(self, session: WriteSession, conversation: Conversation, turn: Turn, key: str) -> None:
        words = str(turn.input.get("text") or turn.input.get("label") or "")
        language = locales.language_of(words, conversation.locale)
        quoted = words if len(words) <= _QUOTE_CHARACTERS else words[:_QUOTE_CHARACTERS] + "…"
        sentence = locales.text(language, "chat", key, message=quoted)
        await self._conversations.say(session, conversation, "system", TextContent(text=sentence), turn=turn)

    def _epoch(self, conversation: Conversation, now: datetime) -> int:
        """Rasa's tracker for a new turn: a fresh one after a pause or many turns, never with a form or queue open."""
        idle = conversation.last_turn_at is not None and now - conversation.last_turn_at > self._rules.epoch_idle
        if not conversation.busy and (idle or conversation.epoch_turns >= self._rules.epoch_turns):
            conversation.epoch += 1
            conversation.epoch_turns = 0
        conversation.epoch_turns += 1
        return conversation.epoch

    def _is_unsure(self, turn: Turn) -> bool:
        return turn.intent in UNSURE_INTENTS or (turn.confidence or 0.0) < self._rules.low_confidence


def _taken_over(conversation: Conversation, turn: Turn) -> bool:
    return not conversation.assistant_answers or conversation.fencing_number != turn.fencing_number
