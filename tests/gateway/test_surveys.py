"""Asking how it was: at the end, once, never during a complaint; and the conversation to keep."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select, update

from gateway.conversations.models import Conversation, Message, Turn
from gateway.surveys.models import Rating
from shopdesk_schemas.turn import TurnRequest
from tests.gateway.desk import Desk, Gateway, Shopper
from tests.gateway.doubles import Answer, answer, text_reply

pytestmark = pytest.mark.anyio


def intent_is_the_text(request: TurnRequest) -> Answer:
    """A bot that understands the name of an intent."""
    intent = getattr(request.input, "text", "") or getattr(request.input, "payload", "")
    guess = {"name": intent, "confidence": 1.0}
    understanding = {"intent": guess, "ranking": [guess], "entities": []}
    return answer(text_reply(f"about {intent}"), understanding=understanding, language=request.language or "en")


async def ratings(gateway: Gateway) -> list[tuple[int | None, str | None]]:
    """What is kept."""
    async with gateway.services.database.read() as session:
        return [(each.score, each.comment) for each in (await session.execute(select(Rating))).scalars()]


async def press(shopper: Shopper, messages: list[dict[str, object]], label: str) -> list[dict[str, object]]:
    """Press the button of the last message whose label contains `label`."""
    (button,) = [each for each in messages[-1]["content"]["buttons"] if label in each["label"]]  # type: ignore[index]
    await shopper.post(button_id=button["id"])
    return await shopper.replies()


async def say_all(shopper: Shopper, *words: str) -> list[dict[str, object]]:
    """Say one thing after the other; the replies to the last."""
    replies: list[dict[str, object]] = []
    for each in words:
        replies = await shopper.ask(each)
    return replies


async def test_who_takes_leave_is_asked_once_and_may_add_words(desk: Desk) -> None:
    desk.bot.brain = intent_is_the_text
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        replies = await say_all(shopper, "track_order", "goodbye")
        assert [each["author"] for each in replies] == ["assistant", "system"]
        thanks = await press(shopper, replies, "4")
        assert "Thank you" in thanks[-1]["content"]["text"]  # type: ignore[index]
        await press(shopper, thanks, "comment")
        kept = await shopper.ask("quick and clear")
        assert [each["author"] for each in kept] == ["system"]
        assert await ratings(gateway) == [(4, "quick and clear")]
        # The next words are for the assistant again, and it is not asked a second time.
        again = await say_all(shopper, "track_order", "goodbye")
        assert [each["author"] for each in again] == ["assistant"]


async def test_words_that_come_long_after_the_invitation_are_for_the_assistant(desk: Desk) -> None:
    desk.bot.brain = intent_is_the_text
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        thanks = await press(shopper, await say_all(shopper, "track_order", "goodbye"), "4")
        await press(shopper, thanks, "comment")
        async with gateway.services.database.write() as session:
            await session.execute(update(Conversation).values(comment_invited_at=datetime(2026, 1, 1, tzinfo=UTC)))
        replies = await shopper.ask("track_order")
        assert [each["author"] for each in replies] == ["assistant"]
        async with gateway.services.database.read() as session:
            query = select(Turn.first_seq, Message.seq).outerjoin(Message, (Message.turn_id == Turn.id))
            said = query.where(Message.author == "shopper").order_by(Turn.first_seq.desc()).limit(1)
            ((first, seq),) = (await session.execute(said)).all()
        assert first == seq == replies[0]["reply_to"]


@pytest.mark.parametrize(
    "before",
    [["track_order", "complain"], ["report_damaged"], ["insult", "track_order"], ["greet"], []],
    ids=["complaint", "claim", "insult", "greeting only", "nothing"],
)
async def test_no_survey_during_a_complaint_or_after_nothing(sqlite_desk: Desk, before: list[str]) -> None:
    sqlite_desk.bot.brain = intent_is_the_text
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        replies = await say_all(shopper, *before, "goodbye")
        assert [each["author"] for each in replies] == ["assistant"]
        assert await ratings(gateway) == []


async def test_a_shop_may_leave_it_out(sqlite_desk: Desk) -> None:
    sqlite_desk.bot.brain = intent_is_the_text
    async with sqlite_desk.gateway(survey=False) as gateway, await gateway.shopper(language="en") as shopper:
        assert len(await say_all(shopper, "track_order", "goodbye")) == 1


async def test_a_low_mark_offers_a_person_in_chinese(sqlite_desk: Desk) -> None:
    sqlite_desk.bot.brain = intent_is_the_text
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="zh") as shopper:
        replies = await say_all(shopper, "track_order", "goodbye")
        sorry = await press(shopper, replies, "1 分")
        labels = [each["label"] for each in sorry[-1]["content"]["buttons"]]  # type: ignore[index]
        assert labels == ["我想补充几句", "转人工客服"]
        await press(shopper, sorry, "转人工")
        assert sqlite_desk.bot.requests[-1].input.payload == "/ask_human"  # type: ignore[union-attr]


async def _send(gateway: Gateway, shopper: Shopper, method: str, path: str, **options: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {shopper.token}"}
    async with gateway.browser() as browser:
        return await browser.request(method, path, headers=headers, **options)  # type: ignore[arg-type]


async def test_a_client_may_ask_in_its_own_way(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        first = await _send(gateway, shopper, "POST", "/api/chat/rating", json={"score": 2})
        assert first.status_code == 204
        await _send(gateway, shopper, "POST", "/api/chat/rating", json={"score": 5, "comment": "all well now"})
        assert await ratings(gateway) == [(5, "all well now")]
        bad = await _send(gateway, shopper, "POST", "/api/chat/rating", json={"score": 6})
        assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "body.score")
        shopper.token = "of nobody"
        assert (await _send(gateway, shopper, "POST", "/api/chat/rating", json={"score": 5})).status_code == 401


async def test_the_conversation_may_be_kept(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        await shopper.ask("where is my order? 包裹")
        kept = await _send(gateway, shopper, "GET", "/api/chat/transcript")
        assert kept.status_code == 200
        assert "attachment" in kept.headers["content-disposition"]
        assert "You\nwhere is my order? 包裹" in kept.text
        assert "[Where is my order?]" in kept.text
        shopper.token = "of nobody"
        assert (await _send(gateway, shopper, "GET", "/api/chat/transcript")).status_code == 401
