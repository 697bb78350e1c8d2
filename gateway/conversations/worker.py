"""The turn worker: takes accepted messages to the bot and stores what comes back.

One task a conversation, so one turn at a time there; many conversations at once, up to a limit. What is due is found in
the database (at start, after a crash, when a retry's time has come, when another gateway died); `notify` only makes it
quick. Nothing is kept in memory that a restart would miss.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from gateway.clients.bot import BotClient
from gateway.clients.crm import CrmClient
from gateway.conversations import repository
from gateway.conversations.turns import Claim, Turns
from gateway.database.engine import Database, WriteSession
from gateway.errors import UpstreamError, UpstreamFailed, UpstreamRejected
from gateway.tasks import end
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.crm import ChatAccount, ConversationContext
from shopdesk_schemas.turn import TurnResponse, Wordings

POLL_SECONDS = 1.0
"""How often the database is asked for due turns that nobody announced."""

_CLAIMS_PER_POLL = 200
_log = logging.getLogger("shopdesk.turns")


class TurnWorker:
    """Runs turns from `start` to `stop`."""

    def __init__(
        self,
        database: Database,
        turns: Turns,
        bot: BotClient,
        crm: CrmClient,
        clock: Clock,
        *,
        turn_seconds: float,
        concurrency: int,
        account_of: Callable[[str], Awaitable[ChatAccount | None]],
        wordings: Callable[[], Awaitable[Wordings]],
    ) -> None:
        self._wordings = wordings
        self._account_of = account_of
        self._database = database
        self._turns = turns
        self._bot = bot
        self._crm = crm
        self._clock = clock
        self._turn_seconds = turn_seconds
        self._slots = asyncio.Semaphore(concurrency)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._claimed: dict[str, Claim] = {}
        """Claims made with the acceptance, for the conversation's task to take up."""
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._poller: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Take up what an earlier run left, and begin to work."""
        if self._database.is_sqlite:
            # One process works on a SQLite file, so a claim found at start is a dead one. On PostgreSQL another
            # gateway may hold it; there its lease decides.
            async with self._database.write(brief=True) as session:
                await repository.release_claims(session, self._clock.wall())
        self._poller = asyncio.create_task(self._poll(), name="turn-poller")

    async def stop(self) -> None:
        """Stop at once; turns under way are given back and taken up by the next start."""
        self._stopping = True
        for timer in self._timers.values():
            timer.cancel()
        await end([*self._running.values(), *([self._poller] if self._poller else [])])
        for claim in list(self._claimed.values()):
            await self._release(claim)

    async def claim_at_once(self, session: WriteSession, conversation_id: str) -> None:
        """Claim the turn of a message in the transaction that accepts it, which saves one; if there is room for it."""
        working = self._running.get(conversation_id)
        # Whoever answers the last reply at once finds its task finished, but not taken off the list yet.
        if self._stopping or self._slots.locked() or (working is not None and not working.done()):
            return
        claim = await self._turns.claim(session, conversation_id)
        if isinstance(claim, Claim):
            # Before anybody is told of the message: who looks then finds the turn claimed, and must know by whom.
            session.after_commit(lambda: self._claimed.update({conversation_id: claim}), first=True)

    def notify(self, conversation_id: str) -> None:
        """There may be something to do in this conversation."""
        if self._stopping:
            return
        if timer := self._timers.pop(conversation_id, None):
            timer.cancel()
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._work(conversation_id), name="turn")
        self._running[conversation_id] = task
        task.add_done_callback(lambda done: self._done(conversation_id, done))

    def _done(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        del self._running[conversation_id]
        again = conversation_id in self._again
        self._again.discard(conversation_id)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The claim's lease, or the poller, brings the turn back; but a new claim waits for its task.
            _log.error("a turn could not be carried out", exc_info=error)
            again = conversation_id in self._claimed
        if again:
            self.notify(conversation_id)

    async def _poll(self) -> None:
        while True:
            try:
                async with self._database.read(brief=True) as session:
                    due = await repository.conversations_with_work(session, self._clock.wall(), _CLAIMS_PER_POLL)
                for conversation_id in due:
                    if conversation_id not in self._running:
                        self.notify(conversation_id)
            except Exception:
                _log.exception("could not look for due turns")
            await asyncio.sleep(POLL_SECONDS)

    async def _work(self, conversation_id: str) -> None:
        """Carry out the conversation's turns until none is due."""
        while True:
            async with self._slots:
                claim: Claim | datetime | None = self._claimed.pop(conversation_id, None)
                if claim is None:
                    async with self._database.write(brief=True) as session:
                        claim = await self._turns.claim(session, conversation_id)
                if isinstance(claim, Claim):
                    if not await self._run(claim):
                        return
                    continue
            if claim is not None:
                self._later(conversation_id, claim)
            return

    def _later(self, conversation_id: str, at: datetime) -> None:
        """Look again at `at`, if that is soon; else the poller will."""
        delay = (at - self._clock.wall()).total_seconds()
        if delay <= POLL_SECONDS and not self._stopping:
            loop = asyncio.get_running_loop()
            self._timers[conversation_id] = loop.call_later(max(delay, 0.001), self.notify, conversation_id)

    async def _run(self, claim: Claim) -> bool:
        """Have one turn carried out; whether there may be more to do in the conversation."""
        started = time.perf_counter()
        try:
            response = await self._ask(claim)
        except UpstreamError as error:
            _log.warning(
                "turn failed", extra={"fields": {"turn": claim.turn_id, "attempt": claim.attempt, "why": str(error)}}
            )
            await self._finish(self._defer(claim, error))
        except asyncio.CancelledError:
            await self._finish(self._release(claim))
            raise
        else:
            return await self._finish(self._answer(claim, response, (time.perf_counter() - started) * 1000))
        return True

    async def _ask(self, claim: Claim) -> TurnResponse:
        """The bot's answer within the turn's budget. Raises `UpstreamError`."""
        deadline = time.monotonic() + self._turn_seconds
        if not claim.crm_informed:
            context = ConversationContext(
                client_address=claim.client_address,
                language=claim.request.language,
                chat_account=await self._account_of(claim.conversation_id),
            )
            try:
                await self._crm.put_context(claim.conversation_id, context)
            except UpstreamRejected as error:
                raise UpstreamFailed(f"the CRM refused the conversation's context: {error}") from error
            async with self._database.write(brief=True) as session:
                await self._turns.crm_informed(session, claim)
        request = claim.request.model_copy(update={"wordings": await self._wordings()})
        response = await self._bot.turn(request, seconds=max(deadline - time.monotonic(), 0.1))
        if not response.replies:
            raise UpstreamFailed("the bot answered without a reply")
        return response

    async def _answer(self, claim: Claim, response: TurnResponse, bot_ms: float) -> bool:
        async with self._database.write(brief=True) as session:
            return await self._turns.answer(session, claim, response, bot_ms)

    async def _defer(self, claim: Claim, error: UpstreamError) -> None:
        async with self._database.write(brief=True) as session:
            await self._turns.defer(session, claim, error)

    async def _release(self, claim: Claim) -> None:
        async with self._database.write(brief=True) as session:
            await self._turns.release(session, claim)

    async def _finish[T](self, outcome: Coroutine[Any, Any, T]) -> T:
        """Store an outcome even while the program is told to stop: it is short, and asking the bot was not."""
        storing = asyncio.create_task(outcome)
        try:
            return await asyncio.shield(storing)
        except asyncio.CancelledError:
            await storing
            raise
