"""Random interleavings of messages, tries, failures, crashes and people taking over: what always holds.

The services are driven on their own database without HTTP or a worker, so that every order of events can be had: a
claim's outcome may arrive after its lease ran out, after another claim of the same turn, or after a person took over.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select

from gateway.console.models import Agent
from gateway.conversations import repository
from gateway.conversations.models import Conversation, Message, Turn
from gateway.conversations.schemas import MessageRequest
from gateway.conversations.service import ChatRules, Conversations
from gateway.conversations.turns import Claim, TurnRules, Turns
from gateway.database.engine import Database, WriteSession, make_engine
from gateway.errors import LeaseLost, UpstreamFailed, UpstreamSlow, UpstreamUnavailable
from gateway.handover.service import HandoverRules, Handovers, Lease
from gateway.images.service import Images
from gateway.secrets import Tokens
from gateway.surveys.service import Surveys
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import Conflict
from shopdesk_schemas.turn import TurnResponse
from tests.gateway.doubles import answer, text_reply

LEASE = timedelta(seconds=20)
AGENT_LEASE = timedelta(seconds=10)
CONVERSATION = "c0ffee"

# Claims, and what becomes of them, are drawn more often: what goes wrong goes wrong between the two.
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "say",
                "say",
                "claim",
                "claim",
                "claim",
                "answer",
                "answer",
                "fail",
                "release",
                "wait",
                "take",
                "take",
                "agent_say",
                "agent_say",
                "renew",
                "hand_back",
                "to_queue",
                "lapse",
            ]
        ),
        st.integers(0, 7),
    ),
    min_size=5,
    max_size=40,
)


class World:
    """The services on one database, and the claims that somebody may still come back with."""

    def __init__(self, database: Database) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        clock = Clock(wall=lambda: self.now)
        self.database = database
        tokens = Tokens(SecretStr("key"))
        self.conversations = Conversations(
            clock,
            tokens,
            Images(clock, tokens),
            ChatRules(token_life=timedelta(days=1), join=timedelta(0), pending_messages=100),
            lambda _conversation_id: None,
        )
        rules = TurnRules(
            lease=LEASE,
            retry=timedelta(seconds=1),
            retry_max=timedelta(seconds=4),
            give_up_after=timedelta(days=1),
            epoch_idle=timedelta(minutes=10),
            epoch_turns=3,
            low_confidence=0.5,
        )
        self.handovers = Handovers(
            clock,
            self.conversations,
            HandoverRules(lease=AGENT_LEASE, answer_within=timedelta(hours=4), head_starts={}),
            lambda: None,
        )
        surveys = Surveys(clock, self.conversations, enabled=True)
        self.turns = Turns(clock, self.conversations, self.handovers, surveys, rules)
        self.claims: list[Claim] = []
        self.held = False
        self.agents: list[Agent] = []
        self.leases: list[tuple[Agent, Lease]] = []
        """Every lease ever given: an agent may come back with an old one."""
        self.said: dict[str, int] = {}

    async def begin(self) -> None:
        async with self.database.write() as session:
            self.agents = [_agent(session, name, self.now) for name in ("mia", "wei")]
            await self.conversations.open(
                session, conversation_id=CONVERSATION, language=None, locale="en", page=None, client_address=None,
                crm_informed=True, display_name=None,
            )  # fmt: skip

    async def happen(self, event: str, number: int) -> None:
        before = await self.messages()
        async with self.database.write() as session:
            if event == "say":
                client_id = UUID(int=number)
                request = MessageRequest(client_id=client_id, text=f"message {number}")
                message, _ = await self.conversations.accept(session, CONVERSATION, request, None)
                assert self.said.setdefault(str(client_id), message.seq) == message.seq
            elif event == "claim":
                claim = await self.turns.claim(session, CONVERSATION)
                if isinstance(claim, Claim):
                    assert not self.held
                    self.claims.append(claim)
            elif event == "wait":
                self.now += timedelta(seconds=number * 4)
            elif event in {"take", "agent_say", "renew", "hand_back", "to_queue", "lapse"}:
                await self.agents_act(session, event, number)
            elif self.claims:
                claim = self.claims[-1 - number % min(3, len(self.claims))]
                if event == "answer":
                    response = TurnResponse.model_validate(answer(text_reply(f"re {claim.turn_id}")))
                    await self.turns.answer(session, claim, response, 1.0)
                elif event == "fail":
                    error = (UpstreamFailed, UpstreamSlow, UpstreamUnavailable)[number % 3]
                    await self.turns.defer(session, claim, error())
                else:
                    await self.turns.release(session, claim)
        after = await self.messages()
        assert after[: len(before)] == before, "what a shopper has read never changes"
        new = after[len(before) :]
        async with self.database.read() as session:
            conversation = (await session.execute(select(Conversation))).scalar_one()
        if self.held and event not in {"hand_back"}:
            assert not any(author == "assistant" for _, author, _, _ in new), "the assistant spoke over a person"
        self.held = conversation.assistant_paused
        assert (conversation.state == "agent") is (conversation.holder_id is not None)
        assert conversation.state != "agent" or conversation.assistant_paused

    async def agents_act(self, session: WriteSession, event: str, number: int) -> None:
        """One of the agents does something, perhaps under a lease that is long lost."""
        conversation = (await session.execute(select(Conversation))).scalar_one()
        lapsed = conversation.lease_until is None or conversation.lease_until <= self.now
        if event == "take":
            agent = self.agents[number % 2]
            others = conversation.state == "agent" and conversation.holder_id != agent.id and not lapsed
            try:
                lease = await self.handovers.take(session, CONVERSATION, agent)
            except Conflict:
                assert others
            else:
                assert not others
                self.leases.append((agent, lease))
            return
        if event == "lapse":
            due = conversation.state == "agent" and lapsed
            assert await self.handovers.lapse(session, CONVERSATION) is due
            return
        if not self.leases:
            return
        agent, lease = self.leases[-1 - number % min(3, len(self.leases))]
        good = (
            conversation.state == "agent"
            and conversation.holder_id == agent.id
            and conversation.fencing_number == lease.fencing_number
            and not lapsed
        )
        common = (session, CONVERSATION, agent, lease.fencing_number)
        try:
            if event == "agent_say":
                await self.handovers.say(*common, uuid4(), f"{agent.username} says")
            elif event == "renew":
                await self.handovers.renew(*common)
            elif event == "to_queue":
                await self.handovers.to_queue(*common)
            else:
                await self.handovers.hand_back(*common, "resolved", "all done")
        except LeaseLost:
            assert not good
        else:
            assert good

    async def messages(self) -> list[tuple[int, str, str, int | None]]:
        async with self.database.read() as session:
            rows = (await session.execute(select(Message).order_by(Message.seq))).scalars().all()
        return [(row.seq, row.author, row.content["text"], row.reply_to) for row in rows]

    async def check(self) -> None:
        messages = await self.messages()
        assert [seq for seq, *_ in messages] == list(range(1, len(messages) + 1))
        async with self.database.read() as session:
            turns = (await session.execute(select(Turn).order_by(Turn.first_seq))).scalars().all()
            typing = await repository.is_typing(session, CONVERSATION, self.now)
        assert sum(turn.state == "running" for turn in turns) <= 1
        for turn in turns:
            replies = [text for _, author, text, to in messages if author == "assistant" and to == turn.last_seq]
            notices = [text for _, author, text, to in messages if author == "system" and to == turn.last_seq]
            assert replies == ([f"re {turn.id}"] if turn.state == "answered" else [])
            assert len(notices) <= 1
            if turn.state == "deferred":
                assert turn.told_at is not None
        awaited = any(turn.state in {"waiting", "running"} and turn.told_at is None for turn in turns)
        assert typing is (awaited and not self.held)
        # One message id, one tracker: else the bot could run a turn twice.
        trackers: dict[str, set[str]] = {}
        for claim in self.claims:
            trackers.setdefault(claim.turn_id, set()).add(claim.request.sender_id)
        assert all(len(senders) == 1 for senders in trackers.values())

    async def settle(self) -> None:
        """Everybody behaves from now on: every message that no person took is answered."""
        await self.happen("wait", 7)
        await self.happen("lapse", 0)
        if self.held:
            await self.happen("take", 0)
            await self.happen("hand_back", 0)
        for _ in range(200):
            self.now += LEASE
            async with self.database.write() as session:
                claim = await self.turns.claim(session, CONVERSATION)
            if claim is None:
                break
            if isinstance(claim, Claim):
                self.claims.append(claim)
                await self.happen("answer", 0)
        async with self.database.read() as session:
            states = set((await session.execute(select(Turn.state))).scalars())
        assert states <= {"answered", "withheld"}


def _agent(session: WriteSession, name: str, now: datetime) -> Agent:
    agent = Agent(
        username=name, display_name=name, password_hash="", role="agent", active=True, created_at=now,
        password_changed_at=now,
    )  # fmt: skip
    session.add(agent)
    return agent


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_nothing_is_lost_doubled_or_said_over_a_person(sqlite_template: Path, events: list[tuple[str, int]]) -> None:
    async def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "gateway.sqlite3"
            shutil.copyfile(sqlite_template, file)
            database = Database(make_engine(f"sqlite+aiosqlite:///{file}"))
            try:
                world = World(database)
                await world.begin()
                for event, number in events:
                    await world.happen(event, number)
                    await world.check()
                await world.settle()
                await world.check()
            finally:
                await database.dispose()

    asyncio.run(play())
