"""From the assistant to a person and back, through the public doors: the chat API and the console's."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from gateway import locales
from gateway.audit.models import AuditEntry
from gateway.console.access import FORM_HEADER, form_token
from gateway.conversations.models import Conversation, Message, Turn
from gateway.handover.hours import after_working, is_open, next_opening
from gateway.handover.models import Handover
from gateway.handover.weighing import head_start
from shopdesk_schemas.crm import SupportHours
from shopdesk_schemas.customers import ConversationOutcome
from tests.gateway.desk import LONG, Desk, Gateway, Json, Shopper, text_of
from tests.gateway.doubles import answer, echo, text_reply

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery"
WEEKDAYS = SupportHours.model_validate(
    {
        "timezone": "Asia/Shanghai",
        "weekly": {day: [("09:00", "12:00"), ("13:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")},
        "closed_on": ["2026-03-13"],
    }
)
THURSDAY_EVENING = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)  # 19:00 in Shanghai


class Colleague:
    """An agent at the console's JSON routes."""

    def __init__(self, http: httpx.AsyncClient, form: str) -> None:
        self.http = http
        self.form = form
        self.fencing_number = -1

    async def post(self, shopper: Shopper, what: str, **body: Any) -> httpx.Response:
        return await self.http.post(
            f"/console/api/conversations/{shopper.conversation_id}/{what}",
            json={"fencing_number": self.fencing_number, **body} if what != "take" else None,
            headers={FORM_HEADER: self.form},
        )

    async def take(self, shopper: Shopper) -> None:
        taken = await self.post(shopper, "take")
        assert taken.status_code == 200, taken.text
        self.fencing_number = taken.json()["fencing_number"]

    async def say(self, shopper: Shopper, words: str) -> httpx.Response:
        return await self.post(shopper, "messages", client_id=str(uuid.uuid4()), text=words)

    async def lines(self, conversation_id: str, **query: int) -> Json:
        """A page of the transcript, as the island reads it."""
        answered = await self.http.get(f"/console/api/conversations/{conversation_id}/lines", params=query)
        assert answered.status_code == 200, answered.text
        page: Json = answered.json()
        return page

    async def queue(self) -> list[Json]:
        answered = await self.http.get("/console/api/queue")
        assert answered.status_code == 200, answered.text
        waiting: list[Json] = answered.json()
        return waiting


@asynccontextmanager
async def colleague(gateway: Gateway, name: str, role: str = "agent") -> AsyncIterator[Colleague]:
    """A signed-in agent."""
    services = gateway.services
    async with services.database.write() as session:
        agent = await services.accounts.add(
            session,
            username=name,
            display_name=name.title(),
            role=role,
            password=PASSWORD,  # type: ignore[arg-type]
        )
        token = await services.accounts.sign_in(session, agent)
    async with gateway.browser(cookies={"shopdesk_console": token}) as http:
        yield Colleague(http, form_token(services.tokens, token))


def words(language: str, key: str, **values: object) -> str:
    return locales.text(language, "handover", key, **values)


def wants_person(desk: Desk, language: str = "en") -> None:
    desk.bot.brain = lambda _request: answer(
        text_reply("I've asked a colleague."), handoff="requested", language=language
    )


async def test_asking_waiting_taken_answered_and_handed_back(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
    ):
        wants_person(desk)
        said = text_of(await shopper.ask("a person please"))
        assert said == ["I've asked a colleague.", words("en", "queued", place=1)]
        (waiting,) = await mia.queue()
        assert (waiting["conversation_id"], waiting["reason"]) == (shopper.conversation_id, "requested")
        desk.bot.brain = echo
        assert text_of(await shopper.ask("and where is my order?")) == ["You said: and where is my order?"]

        await mia.take(shopper)
        assert await mia.queue() == []
        assert (await shopper.next_reply())["content"]["text"] == words("en", "joined", name="Mia")
        await shopper.say("hello Mia")
        assert (await shopper.read())["typing"] is False
        assert (await mia.say(shopper, "Hello! It is on its way.")).status_code == 201
        reply = await shopper.next_reply()
        assert (reply["author"], reply["content"]["text"]) == ("agent", "Hello! It is on its way.")

        back = await mia.post(shopper, "hand-back", outcome="resolved", note="told them where it is")
        assert back.status_code == 204
        assert (await shopper.next_reply())["content"]["text"] == words("en", "handed_back", name="Mia")
        assert (await shopper.next_reply())["content"]["text"] == locales.text("en", "survey", "question")
        assert text_of(await shopper.ask("thanks")) == ["You said: thanks"]
        assert desk.bot.requests[-1].sender_id.endswith(":2"), "the assistant begins afresh"
        assert (await mia.say(shopper, "one more thing")).status_code == 409
        async with gateway.services.database.read() as session:
            handover = (await session.execute(select(Handover))).scalar_one()
            actions = (await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars().all()
        assert (handover.outcome, handover.note) == ("resolved", "told them where it is")
        assert handover.first_answered_at is not None
        assert actions == ["conversation.take", "conversation.hand_back"]


async def test_a_reply_being_computed_is_not_said_over_a_person(desk: Desk) -> None:
    desk.bot.gate.clear()
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="en") as shopper,
        colleague(gateway, "mia") as mia,
    ):
        await shopper.say("cancel my order")
        await desk.bot.asked(1)
        await mia.take(shopper)
        desk.bot.gate.set()
        async with asyncio.timeout(LONG):
            while True:
                async with gateway.services.database.read() as session:
                    turn = (await session.execute(select(Turn))).scalar_one()
                if turn.state == "withheld":
                    break
                await asyncio.sleep(0.01)
        assert turn.unsent is not None
        assert turn.unsent[0]["text"] == "You said: cancel my order"
        messages = (await shopper.read(after=0))["messages"]
        assert [message["author"] for message in messages] == ["assistant", "shopper", "system"]


async def test_two_agents_cannot_both_hold_it(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="zh") as shopper,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "wei") as wei,
    ):
        taken = await asyncio.gather(mia.post(shopper, "take"), wei.post(shopper, "take"))
        assert sorted(answered.status_code for answered in taken) == [200, 409]
        winner, loser = (mia, wei) if taken[0].status_code == 200 else (wei, mia)
        winner.fencing_number = loser.fencing_number = max(
            answered.json().get("fencing_number", 0) for answered in taken
        )
        assert (await winner.say(shopper, "您好")).status_code == 201
        refused = await loser.say(shopper, "您好")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/lease-lost")


async def test_a_lost_connection_goes_to_the_front_of_the_queue_and_never_to_the_assistant(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as first:
        wants_person(desk)
        await first.ask("a person")
        async with await gateway.shopper(language="en") as second, colleague(gateway, "mia") as mia:
            await second.ask("a person")
            await mia.take(second)
            async with gateway.services.database.write() as session:
                past = datetime.now(UTC) - timedelta(seconds=1)
                await session.execute(
                    update(Conversation).where(Conversation.id == second.conversation_id).values(lease_until=past)
                )
            assert (await mia.say(second, "still here")).status_code == 409
            await gateway.services.leases.check()
            assert [each["conversation_id"] for each in await mia.queue()] == [
                second.conversation_id,
                first.conversation_id,
            ]
            asked = len(desk.bot.requests)
            await second.say("is anybody there?")
            news = await second.read()
            assert news["typing"] is False
            assert news["messages"][-1]["author"] == "shopper"
            assert len(desk.bot.requests) == asked
            await mia.take(second)
            assert (await mia.say(second, "I am back")).status_code == 201


async def test_the_same_message_of_an_agent_twice_is_one(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper, colleague(gateway, "mia") as mia:
        await mia.take(shopper)
        body = {"client_id": str(uuid.uuid4()), "text": "once"}
        sent = [await mia.post(shopper, "messages", **body) for _ in range(2)]
        assert sent[0].json() == sent[1].json()
        async with gateway.services.database.read() as session:
            said = (await session.execute(select(Message).where(Message.author == "agent"))).scalars().all()
        assert len(said) == 1


async def test_going_back_to_the_assistant_leaves_the_queue(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="zh") as shopper,
        colleague(gateway, "wei") as wei,
    ):
        wants_person(desk, "zh")
        *_, queued = await shopper.ask("转人工")
        button = queued["content"]["buttons"][0]
        assert button["label"] == words("zh", "leave_queue")
        asked = len(desk.bot.requests)
        await shopper.post(button_id=button["id"])
        assert (await shopper.next_reply())["content"]["text"] == words("zh", "left_queue")
        assert (await wei.queue(), len(desk.bot.requests)) == ([], asked)


async def test_out_of_hours_an_answer_is_promised_and_an_address_kept(desk: Desk) -> None:
    desk.crm.support_hours = WEEKDAYS
    async with (
        desk.gateway(now=THURSDAY_EVENING) as gateway,
        await gateway.shopper(language="zh") as shopper,
        colleague(gateway, "wei") as wei,
    ):
        await gateway.services.support_hours.refresh()
        wants_person(desk, "zh")
        *_, told = await shopper.ask("转人工")
        # Friday is a day off: Monday from nine, four opening hours later it is two o'clock.
        assert "3月16日周一 09:00" in told["content"]["text"]
        assert "3月16日周一 14:00" in told["content"]["text"]
        asked = len(desk.bot.requests)
        assert text_of(await shopper.ask("lena@post.example")) == [
            words("zh", "contact_kept", email="lena@post.example")
        ]
        assert len(desk.bot.requests) == asked
        (waiting,) = await wei.queue()
        assert waiting["contact_email"] == "lena@post.example"


async def test_only_who_may_write_takes_and_only_with_the_pages_token(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper() as shopper,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "guest", "read_only") as looker,
    ):
        path = f"/console/api/conversations/{shopper.conversation_id}/take"
        async with gateway.browser() as stranger:
            assert (await stranger.post(path)).status_code == 401
            assert (await stranger.get("/console/api/queue")).status_code == 401
        assert (await mia.http.post(path)).status_code == 403
        assert (await mia.http.post(path, headers={FORM_HEADER: looker.form})).status_code == 403
        assert (await looker.post(shopper, "take")).status_code == 403
        assert (await looker.http.get("/console/api/queue")).status_code == 200
        assert (await mia.post(shopper, "take")).status_code == 200
        nobody = path.replace(shopper.conversation_id, "0" * 32)
        assert (await mia.http.post(nobody, headers={FORM_HEADER: mia.form})).status_code == 404


MOMENTS = st.integers(0, 365 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(at=MOMENTS)
def test_next_opening_is_open_and_nothing_before_it_is(at: datetime) -> None:
    opens = next_opening(WEEKDAYS, at)
    assert opens is not None
    assert opens >= at
    assert is_open(WEEKDAYS, opens)
    assert is_open(WEEKDAYS, at) is (opens == at)
    if opens > at:
        assert not is_open(WEEKDAYS, at + (opens - at) / 2)


@given(at=MOMENTS, minutes=st.integers(1, 3000))
def test_working_time_adds_up(at: datetime, minutes: int) -> None:
    duration = timedelta(minutes=minutes)
    end = after_working(WEEKDAYS, at, duration)
    assert end is not None
    half = after_working(WEEKDAYS, at, duration / 2)
    assert half is not None
    assert after_working(WEEKDAYS, half, duration / 2) == end
    assert end - at >= duration
    assert is_open(WEEKDAYS, end - timedelta(microseconds=1))


def test_a_shop_that_names_no_hours_is_taken_to_be_there() -> None:
    assert is_open(None, THURSDAY_EVENING)
    assert not is_open(SupportHours(timezone="UTC", weekly={}), THURSDAY_EVENING)
    assert next_opening(SupportHours(timezone="UTC", weekly={}), THURSDAY_EVENING) is None


async def test_segment_and_trouble_with_a_parcel_come_before_a_little_waiting(desk: Desk) -> None:
    wants_person(desk)
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia") as mia,
        await gateway.shopper(language="en") as first,
        await gateway.shopper(language="en") as champion,
        await gateway.shopper(language="en") as stuck,
        await gateway.shopper(language="en") as longest,
    ):
        plain: Json = {"unsolved": None, "others": [], "segments": ["rfm_loyal"]}
        desk.crm.outcomes = {
            first.conversation_id: plain,
            champion.conversation_id: {
                **plain,
                "segments": ["rfm_champions", "rfm_loyal"],
                "head_starts": {"rfm_champions": 10},
            },
            stuck.conversation_id: {**plain, "delivery_trouble": True},
        }
        for shopper in (longest, first, champion, stuck):
            await shopper.ask("I need a person")
        async with gateway.services.database.write() as session:
            waited = await session.get_one(Conversation, longest.conversation_id)
            assert waited.queue_key is not None
            waited.queue_key -= timedelta(minutes=30)
            waited.queued_at = waited.queue_key
        while await gateway.services.queue_keeper.check():
            pass
        order = [one["conversation_id"] for one in await mia.queue()]
        expected = [longest, champion, stuck, first]
        assert order == [shopper.conversation_id for shopper in expected]
        page = (await mia.http.get("/console")).text
        assert [one for one in ("rfm champions", "trouble with a parcel", "Waiting too long for a person: 1",
                                "the oldest for 30 min") if one not in page] == []  # fmt: skip
        # Known from now on, so that the inbox finds them by it.
        assert champion.conversation_id in (await mia.http.get("/console?segment=rfm_champions")).text


@given(
    st.booleans(), st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 100)),
)  # fmt: skip
def test_a_head_start_is_the_greatest_that_holds(trouble: bool, given: dict[str, int]) -> None:
    outcome = ConversationOutcome(
        unsolved=None, others=[], segments=["a", "b", "c"], head_starts=given, delivery_trouble=trouble
    )
    start, reason = head_start(outcome, timedelta(minutes=5))
    held = [timedelta(minutes=minutes) for minutes in given.values()] + [timedelta(minutes=5)] * trouble
    assert start == max(held, default=timedelta())
    assert (reason is None) == (start == timedelta())
