"""Turns when things go wrong: the bot down or slow, a crash in the middle, a person taking over."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from gateway import locales
from gateway.console.models import Agent
from gateway.conversations.models import Conversation, Message, OutboxEntry, Turn
from gateway.database.engine import Database, make_engine
from tests.gateway.desk import LONG, Desk, Gateway, Shopper, text_of
from tests.gateway.doubles import answer, plain_server, served, text_reply

pytestmark = pytest.mark.anyio


def late(language: str, key: str = "late") -> str:
    return locales.text(language, "chat", key, message="")


async def turn_states(gateway: Gateway, shopper: Shopper) -> list[str]:
    async with gateway.services.database.read() as session:
        query = select(Turn.state).where(Turn.conversation_id == shopper.conversation_id).order_by(Turn.first_seq)
        return list((await session.execute(query)).scalars())


async def until(gateway: Gateway, shopper: Shopper, state: str) -> None:
    """Wait for the shopper's one turn to reach `state`, which no client can see."""
    async with asyncio.timeout(LONG):
        while await turn_states(gateway, shopper) != [state]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(
    ("session_language", "words", "told_in"),
    [("en", "where is my order?", "en"), ("en", "我的订单到哪了", "zh"), ("zh", "SF1234567890", "zh")],
)
async def test_a_failing_bot_is_admitted_in_the_shoppers_language_and_answered_on_recovery(
    sqlite_desk: Desk, status: int, session_language: str, words: str, told_in: str
) -> None:
    sqlite_desk.bot.failing_with = status
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language=session_language) as shopper:
        seq = await shopper.say(words)
        (told,) = await shopper.replies()
        assert (told["author"], told["reply_to"]) == ("system", seq)
        assert told["content"]["text"] == late(told_in)
        sqlite_desk.bot.failing_with = None
        reply = await shopper.next_reply()
        assert (reply["author"], reply["reply_to"]) == ("assistant", seq)
        assert reply["content"]["text"] == f"You said: {words}"
        assert await turn_states(gateway, shopper) == ["answered"]
        assert len(sqlite_desk.bot.ran) == 1


async def test_the_shopper_is_told_once_however_often_it_is_tried(desk: Desk) -> None:
    desk.bot.failing_with = 503
    async with desk.gateway(retry_seconds=0.01, retry_max_seconds=0.01) as gateway, await gateway.shopper() as shopper:
        assert len(await shopper.ask("hello")) == 1
        await desk.bot.asked(4)
        snapshot = await shopper.read()
        assert snapshot == {"messages": [], "typing": False}
        assert len({request.message_id for request in desk.bot.requests}) == 1
        assert len({request.sender_id for request in desk.bot.requests}) == 1


async def test_a_bot_that_is_not_there_at_all(desk: Desk) -> None:
    port = int(desk.bot_url.rsplit(":", 1)[1])
    async with served(plain_server(desk.bot.app)) as elsewhere:
        free = elsewhere
    assert free != f"http://127.0.0.1:{port}"
    async with desk.gateway(bot_url=free) as gateway, await gateway.shopper(language="en") as shopper:
        assert text_of(await shopper.ask("hello")) == [late("en")]
        async with served(plain_server(desk.bot.app, int(free.rsplit(":", 1)[1]))):
            assert (await shopper.next_reply())["content"]["text"] == "You said: hello"


async def test_messages_behind_a_missing_bot_are_told_together_and_answered_in_order(desk: Desk) -> None:
    desk.bot.gate.clear()
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        await shopper.say("one")
        await desk.bot.arrived.wait()
        await shopper.say("two")
        last = await shopper.say("three")

        def away(_request: object) -> dict[str, Any]:
            raise RuntimeError

        desk.bot.brain = away
        desk.bot.failing_with = 503
        desk.bot.gate.set()  # the turn under way fails too, with a 500: only it is told
        notices = await shopper.replies()
        assert set(text_of(notices)) == {late("en")}
        assert notices[-1]["reply_to"] == last
        desk.bot.brain = lambda request: answer(text_reply(request.input.text))
        desk.bot.failing_with = None
        answers = [await shopper.next_reply() for _ in range(3)]
        assert text_of(answers)[0] == "one"
        assert text_of(answers) == ["one", "two", "three"]
        assert len(notices) <= 2


async def test_a_slow_bot_is_admitted_and_its_answer_still_comes(desk: Desk) -> None:
    desk.bot.gate.clear()
    async with desk.gateway(turn_seconds=0.3) as gateway, await gateway.shopper(language="en") as shopper:
        assert text_of(await shopper.ask("a hard one")) == [late("en", "late_slow")]
        desk.bot.gate.set()
        assert (await shopper.next_reply())["content"]["text"] == "You said: a hard one"


@pytest.mark.parametrize(
    "nonsense",
    [
        {"replies": []},
        {"replies": [{"kind": "hologram", "text": "x"}]},
        {"replies": [{"kind": "quick_replies", "text": "x", "buttons": [{"label": "no payload"}]}]},
        {"replies": [{"kind": "text", "text": "x", "html": "<b>"}]},
        {"replies": [{"kind": "text", "text": "x"}], "language": "tlh"},
        {"nothing": "that makes sense"},
    ],
)
async def test_an_answer_that_makes_no_sense_fails_the_turn(sqlite_desk: Desk, nonsense: dict[str, Any]) -> None:
    sqlite_desk.bot.brain = lambda _request: {**answer(), **nonsense}
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        assert text_of(await shopper.ask("hello")) == [late("en")]
        async with gateway.services.database.read() as session:
            assert (await session.execute(select(Turn.failure))).scalar_one() == "failed"


async def test_a_turn_that_always_fails_does_not_hold_up_the_next(desk: Desk) -> None:
    def brain(request: Any) -> dict[str, Any]:
        return answer() if request.input.text == "poison" else answer(text_reply("fine"))

    desk.bot.brain = brain
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        assert text_of(await shopper.ask("poison")) == [late("en")]
        assert text_of(await shopper.ask("hello")) == ["fine"]


async def test_what_cannot_be_answered_is_given_up_and_said_so(desk: Desk) -> None:
    desk.bot.failing_with = 503
    async with desk.gateway(retry_hours=1e-6) as gateway, await gateway.shopper(language="en") as shopper:
        await shopper.say("hello?")
        await until(gateway, shopper, "given_up")
        *_, told, queued = (await shopper.read())["messages"]
        assert (told["author"], queued["author"]) == ("system", "system")
        assert "“hello?”" in told["content"]["text"]
        assert queued["content"]["text"] == locales.text("en", "handover", "queued", place=1)


async def test_a_restart_in_the_middle_answers_once(desk: Desk) -> None:
    desk.bot.gate.clear()
    async with desk.gateway() as first, await first.shopper() as shopper:
        await shopper.say("hello")
        await desk.bot.arrived.wait()
    desk.bot.gate.set()
    async with desk.gateway() as second, shopper.elsewhere(second.url) as back:
        assert text_of(await back.replies()) == ["You said: hello"]
        everything = (await back.read(after=0))["messages"]
        assert text_of(everything)[1:] == ["hello", "You said: hello"]
        assert len(desk.bot.ran) == 1


async def test_a_gateway_that_died_with_a_claim_is_survived(desk: Desk) -> None:
    desk.bot.failing_with = 503
    async with desk.gateway() as first, await first.shopper() as shopper:
        await shopper.ask("hello")
    desk.bot.failing_with = None
    # As a killed process leaves it: claimed, its lease run out. Before the next one starts, which takes it up at once.
    database = Database(make_engine(desk.database_url))
    async with database.write() as session:
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        await session.execute(update(Turn).values(state="running", lease_until=long_ago, told_at=None))
    await database.dispose()
    async with desk.gateway(turn_seconds=1) as second, shopper.elsewhere(second.url) as back:
        assert (await back.next_reply())["content"]["text"] == "You said: hello"
        assert await turn_states(second, shopper) == ["answered"]


async def test_a_reply_that_a_person_overtook_is_kept_back(desk: Desk) -> None:
    desk.bot.gate.clear()
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        seq = await shopper.say("hello")
        await desk.bot.arrived.wait()
        await take_over(gateway, shopper)
        assert await shopper.read(after=seq) == {"messages": [], "typing": False}
        desk.bot.gate.set()
        await until(gateway, shopper, "withheld")
        assert await shopper.read(after=seq) == {"messages": [], "typing": False}
        async with gateway.services.database.read() as session:
            turn = (await session.execute(select(Turn))).scalar_one()
        assert turn.unsent == [text_reply("You said: hello")]
        assert turn.intent == "track_order"
        await shopper.say("are you human?")
        assert (await shopper.read(after=seq + 1))["messages"] == []
        assert len(desk.bot.requests) == 1


async def test_no_notice_of_lateness_leaves_either_once_a_person_holds_it(desk: Desk) -> None:
    desk.bot.gate.clear()
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        seq = await shopper.say("hello")
        await desk.bot.arrived.wait()
        await take_over(gateway, shopper)
        desk.bot.brain = lambda _request: answer()
        desk.bot.gate.set()
        await until(gateway, shopper, "withheld")
        assert (await shopper.read(after=seq))["messages"] == []


async def take_over(gateway: Gateway, shopper: Shopper) -> None:
    now = datetime.now(UTC)
    async with gateway.services.database.write() as session:
        agent = Agent(
            username="ann", display_name="Ann", password_hash="-", role="agent", created_at=now, password_changed_at=now
        )
        session.add(agent)
        await session.flush()
        await session.execute(
            update(Conversation)
            .where(Conversation.id == shopper.conversation_id)
            .values(state="agent", holder_id=agent.id, fencing_number=Conversation.fencing_number + 1)
        )


async def test_what_was_understood_is_kept_beside_the_message(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        desk.bot.brain = lambda _request: answer(text_reply("Bitte"), language="zh", handoff="asked")
        await shopper.ask("hello")
        async with gateway.services.database.read() as session:
            turn = (await session.execute(select(Turn))).scalar_one()
            conversation = (await session.execute(select(Conversation))).scalar_one()
        assert (turn.intent, turn.confidence, turn.model) == ("track_order", 0.97, "model-of-the-tests")
        assert turn.understanding is not None
        assert [entity["value"] for entity in turn.understanding["entities"]] == ["A-17"]
        assert turn.actions is not None
        assert [action["name"] for action in turn.actions] == ["action_track_order"]
        assert turn.timings_ms is not None
        assert {"total", "actions", "waited", "bot"} <= set(turn.timings_ms)
        assert (conversation.language, conversation.handoff_reason) == ("zh", "asked")
        await shopper.ask("again")
        assert desk.bot.requests[-1].language == "zh"


class _Wall:
    """A clock for a gateway whose time the test moves."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def movable_time(gateway: Gateway) -> _Wall:
    """The gateway's own clock, from now on in the test's hands."""
    wall = _Wall()
    gateway.services.clock._wall = wall
    return wall


async def test_the_tracker_is_changed_after_many_turns_but_not_in_the_middle_of_a_form(sqlite_desk: Desk) -> None:
    busy = False
    sqlite_desk.bot.brain = lambda _request: answer(text_reply("ok"), busy=busy)
    async with sqlite_desk.gateway(epoch_turns=2) as gateway, await gateway.shopper() as shopper:
        for busy in (False, True, True, False, False):  # noqa: B007 - read by the brain above
            await shopper.ask("hello")
        await shopper.ask("hello")
        epochs = [request.sender_id.rsplit(":", 1)[1] for request in sqlite_desk.bot.requests]
        assert epochs == ["1", "1", "1", "1", "2", "2"]


async def test_the_tracker_is_changed_after_a_pause(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway(epoch_idle_minutes=30) as gateway, await gateway.shopper() as shopper:
        wall = movable_time(gateway)
        await shopper.ask("hello")
        wall.ahead += timedelta(minutes=29)
        await shopper.ask("still there")
        wall.ahead += timedelta(minutes=31)
        await shopper.ask("back again")
        epochs = [request.sender_id.rsplit(":", 1)[1] for request in sqlite_desk.bot.requests]
        assert epochs == ["1", "1", "2"]


async def test_delivery_is_noted_when_the_client_reads_on(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        (reply,) = await shopper.ask("hello")
        async with gateway.services.database.read() as session:
            query = select(func.count()).select_from(OutboxEntry).where(OutboxEntry.state == "pending")
            assert (await session.execute(query)).scalar_one() >= 1
        await shopper.read(after=reply["seq"])
        await gateway.services.deliveries.flush()
        async with gateway.services.database.read() as session:
            undelivered = select(Message.seq).where(Message.delivered_at.is_(None), Message.author != "shopper")
            assert (await session.execute(undelivered)).all() == []
            assert (await session.execute(query)).scalar_one() == 0
