"""Every channel through its platform's simulator: verified, stored once, answered within limits, in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.responses import JSONResponse

from gateway.channels import outgoing
from gateway.channels.models import ChannelEvent, Chat
from gateway.channels.slack import Slack
from gateway.channels.telegram import Telegram
from gateway.conversations.models import Conversation, Message, OutboxEntry
from gateway.services import Services
from shopdesk_schemas.content import TextContent
from shopdesk_schemas.turn import ButtonInput, ImageInput, TextInput, TurnRequest
from tests.channels.every import PLATFORMS
from tests.channels.platforms import (
    InstagramPlatform,
    MessengerPlatform,
    Platform,
    Silence,
    SlackPlatform,
    TelegramPlatform,
    WeChatPlatform,
    WhatsAppPlatform,
)
from tests.channels.wecom_platform import WeComPlatform
from tests.gateway.desk import Desk, Gateway
from tests.gateway.doubles import Answer, answer, plain_server, served, text_reply

pytestmark = pytest.mark.anyio

SECONDS = 30.0
"""A limit against hanging."""

every_platform = pytest.mark.parametrize("kind", PLATFORMS, ids=lambda kind: kind.name)


class Channel:
    """A gateway with one channel switched on, and the platform."""

    def __init__(self, gateway: Gateway, platform: Platform, http: httpx.AsyncClient) -> None:
        self.gateway = gateway
        self.services: Services = gateway.services
        self.platform = platform
        self._http = http

    async def deliver(self, calls: list[dict[str, Any]]) -> list[int]:
        """The platform's calls, one after the other; their statuses."""
        return [(await self._http.request(url=f"/channels/{self.platform.name}", **call)).status_code for call in calls]

    async def seen(self, count: int) -> list[str]:
        """What the person sees, once there are `count` messages."""
        await until(lambda: asyncio.sleep(0, len(self.platform.screen) >= count))
        return [each.words for each in self.platform.screen]

    async def said(self, *words: str) -> str:
        """All that the person sees as one text, once it has each of these words, in order."""

        def text() -> str:
            return "\n".join(each.words for each in self.platform.screen)

        def has_all() -> bool:
            position, whole = 0, text()
            for each in words:
                position = whole.find(each, position)
                if position < 0:
                    return False
                position += len(each)
            return True

        await until(lambda: asyncio.sleep(0, has_all()))
        return text()

    async def rows(self, model: Any) -> list[Any]:
        """All rows of a table."""
        async with self.services.database.read() as session:
            return list((await session.execute(select(model))).scalars())


def ok(statuses: list[int]) -> bool:
    """Whether all calls were taken."""
    return all(200 <= status < 300 for status in statuses)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Return once it is so."""
    async with asyncio.timeout(SECONDS):
        while not await true():  # noqa: ASYNC110 - what is waited for is in a database, or at a platform
            await asyncio.sleep(0.02)


@asynccontextmanager
async def channel(desk: Desk, kind: type[Platform], **changes: Any) -> AsyncIterator[Channel]:
    """The channel switched on by settings alone."""
    platform = kind()
    async with (
        platform.running(),
        served(plain_server(platform.app)) as url,
        desk.gateway(**platform.settings(url), **changes) as gateway,
        gateway.browser() as http,
    ):
        yield Channel(gateway, platform, http)


def with_buttons(*labels: str) -> Callable[[TurnRequest], Answer]:
    """A bot that offers choices, and says what was chosen."""

    def brain(request: TurnRequest) -> Answer:
        if isinstance(request.input, ButtonInput):
            return answer(text_reply(f"chose {request.input.payload}"))
        buttons = [{"label": label, "payload": f"/pick_{number}"} for number, label in enumerate(labels, 1)]
        return answer({"kind": "quick_replies", "text": "Which one?", "buttons": buttons})

    return brain


@every_platform
async def test_words_are_answered_where_they_were_said(desk: Desk, kind: type[Platform]) -> None:
    async with channel(desk, kind) as one:
        calls = one.platform.says("where is my order?")
        assert ok(await one.deliver(calls))
        seen = await one.said("You said: where is my order?")
        said_first = seen.partition("You said")[0]
        assert "automated" in said_first or "智能客服" in said_first, "it says at first contact what it is"
        # The same event again, many times over and at once, changes nothing.
        again = await asyncio.gather(*(one.deliver(calls) for _ in range(8)))
        assert all(ok(statuses) for statuses in again)
        assert ok(await one.deliver(one.platform.says("and now?")))
        seen = await one.said("You said: where is my order?", "You said: and now?")
        assert seen.count("You said:") == 2
        assert desk.bot.said() == ["where is my order?", "and now?"]
        (conversation,) = await one.rows(Conversation)
        assert conversation.channel == kind.name
        (chat,) = await one.rows(Chat)
        assert chat.chat.split(" ")[0] == one.platform.person
        await until(lambda: _all_sent(one))
        assert all(each.event is None for each in await one.rows(ChannelEvent)), "nothing is kept twice"


@every_platform
async def test_what_nobody_signed_is_refused(sqlite_desk: Desk, kind: type[Platform]) -> None:
    async with channel(sqlite_desk, kind) as one:
        forged = one.platform.forged()
        unsigned = [{"method": "POST", "content": b"{}"}, {"method": "POST", "content": b"\xff\x00<"}]
        assert set(await one.deliver([*forged, *unsigned])) == {401}
        assert await one.rows(ChannelEvent) == []
        assert one.services.channel_refusals == {kind.name: len(forged) + len(unsigned)}
        assert ok(await one.deliver(one.platform.says("hello")))


@every_platform
async def test_a_channel_that_is_not_switched_on_is_not_there(sqlite_desk: Desk, kind: type[Platform]) -> None:
    platform = kind()
    platform.settings("http://127.0.0.1:9")
    async with sqlite_desk.gateway() as gateway, gateway.browser() as http:
        (call,) = platform.says("hello")[:1]
        assert (await http.request(url=f"/channels/{kind.name}", **call)).status_code == 404


SIGNS = {
    "telegram": ["typing"], "whatsapp": ["text"], "messenger": ["mark_seen", "typing_on"],
    "instagram": ["mark_seen", "typing_on"], "wechat": ["Typing"],
}  # fmt: skip


@every_platform
async def test_the_person_sees_that_it_was_read(sqlite_desk: Desk, kind: type[Platform]) -> None:
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        await until(lambda: asyncio.sleep(0, one.platform.signs == SIGNS.get(kind.name, [])))


@pytest.mark.parametrize("kind", [MessengerPlatform, InstagramPlatform], ids=lambda kind: kind.name)
@pytest.mark.parametrize("granted", [True, False])
async def test_a_person_who_holds_the_conversation_may_write_for_seven_days(
    sqlite_desk: Desk, kind: type[MessengerPlatform], granted: bool
) -> None:
    async with channel(sqlite_desk, kind, meta_human_agent=granted) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        await until(lambda: _all_sent(one))

        async def say(words: str, author: str, state: str, days: float) -> None:
            async with one.services.database.write() as session:
                (chat,) = (await session.execute(select(Chat))).scalars()
                chat.last_inbound_at = one.services.clock.wall() - timedelta(days=days)
                conversation = await session.get_one(Conversation, chat.conversation_id)
                conversation.state = state
                await one.services.conversations.say(session, conversation, author, TextContent(text=words))

            await until(lambda: _settled(one))

        await say("the assistant, late", "assistant", "assistant", 3)
        await say("an agent who does not hold it", "agent", "assistant", 3)
        await say("the assistant while an agent does", "assistant", "agent", 3)
        await say("an agent, too late", "agent", "agent", 7.1)
        await say("an agent, in time", "agent", "agent", 6.9)
        late = [words for words in (each.words for each in one.platform.screen) if "agent" in words]
        assert late == (["an agent, in time"] if granted else [])
        assert isinstance(one.platform, MessengerPlatform)
        assert [tag for tag in one.platform.tags if tag] == (["HUMAN_AGENT"] if granted else [])


@every_platform
async def test_choices_are_touched_and_typed(sqlite_desk: Desk, kind: type[Platform]) -> None:
    sqlite_desk.bot.brain = with_buttons("Blue", "Red")
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("a mug"))
        await one.said("Which one?")
        shown = one.platform.screen[-1]
        assert list(shown.choices) == ["Blue", "Red"]
        await one.deliver(one.platform.touches(shown.choices["Red"]))
        await one.said("chose /pick_2")


@every_platform
async def test_too_many_choices_become_numbers_that_are_understood(sqlite_desk: Desk, kind: type[Platform]) -> None:
    labels = [f"The {number}th of very many choices with a long name, {'x' * 60}" for number in range(1, 13)]
    sqlite_desk.bot.brain = with_buttons(*labels)
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("a mug"))
        await one.said("Which one?")
        await until(lambda: _settled(one))
        if not one.platform.screen[-1].choices:
            assert "12. The 12th" in "".join(each.words for each in one.platform.screen)
        await one.deliver(one.platform.says(" 11. "))
        await one.said("chose /pick_11")


@pytest.mark.parametrize("kind", [WeChatPlatform, WeComPlatform], ids=lambda kind: kind.name)
async def test_a_number_is_the_choice_that_says_it_not_the_place_in_a_menu(
    sqlite_desk: Desk, kind: type[Platform]
) -> None:
    sqlite_desk.bot.brain = with_buttons("2", "5")
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("a mug"))
        await one.said("Which one?")
        await until(lambda: _settled(one))
        await one.deliver(one.platform.says("2"))
        await until(lambda: asyncio.sleep(0, sqlite_desk.bot.said() == ["a mug", "2"]))


@pytest.mark.parametrize(
    "kind",
    [TelegramPlatform, SlackPlatform, WhatsAppPlatform, MessengerPlatform, InstagramPlatform],
    ids=lambda kind: kind.name,
)
async def test_what_its_author_changed_is_said_anew_once(sqlite_desk: Desk, kind: type[Platform]) -> None:
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("a blu mug"))
        await one.said("You said: a blu mug")
        calls = one.platform.edits("a blue mug")
        for _ in range(3):
            assert ok(await one.deliver(calls))
        await one.said("You said: a blue mug")
        await one.deliver(one.platform.says("thanks"))
        await one.said("You said: thanks")
        assert sqlite_desk.bot.said() == ["a blu mug", "a blue mug", "thanks"]
        assert len(one.platform.screen) == 4, "with the greeting; nothing is said of the rest"


@every_platform
async def test_a_picture_is_kept_and_asked_of_the_assistant(sqlite_desk: Desk, kind: type[Platform]) -> None:
    async with channel(sqlite_desk, kind) as one:
        assert ok(await one.deliver(one.platform.shows()))
        await one.said("You said")
        (request,) = sqlite_desk.bot.requests
        assert isinstance(request.input, ImageInput)
        shown = [each for each in await one.rows(Message) if each.kind == "image"]
        assert [each.author for each in shown] == ["shopper"]


@pytest.mark.parametrize("kind", [WhatsAppPlatform, MessengerPlatform, SlackPlatform], ids=lambda kind: kind.name)
@pytest.mark.parametrize("words", ["it came broken", ""])
async def test_words_are_not_lost_with_a_picture_that_cannot_be_had(
    sqlite_desk: Desk, kind: type[WhatsAppPlatform | MessengerPlatform | SlackPlatform], words: str
) -> None:
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.shows_what_is_gone(words))
        await one.said(f"You said: {words}" if words else "send a picture")
        (event,) = await one.rows(ChannelEvent)
        assert event.state == "done"


@pytest.mark.parametrize("telephone", ["447700900123", None])
async def test_who_hides_their_number_on_whatsapp_is_answered_in_the_same_chat(
    sqlite_desk: Desk, telephone: str | None
) -> None:
    async with channel(sqlite_desk, WhatsAppPlatform) as one:
        assert isinstance(one.platform, WhatsAppPlatform)
        await one.deliver(one.platform.says("hello"))
        one.platform.telephone = telephone
        await one.deliver(one.platform.says("and now?"))
        await one.said("You said: hello", "You said: and now?")
        assert len(await one.rows(Chat)) == 1
        # Before April 2026 there was the number alone.
        (call,) = one.platform.says("an older one")
        body = json.loads(call["content"])
        del body["entry"][0]["changes"][0]["value"]["messages"][0]["from_user_id"]
        body["entry"][0]["changes"][0]["value"]["messages"][0]["from"] = "447700900124"
        one.platform.people.add("447700900124")
        await one.deliver(one.platform._signed(body))
        await until(lambda: asyncio.sleep(0, len(one.platform.screens["447700900124"]) == 2))


@every_platform
async def test_long_answers_go_out_in_pieces_within_the_limit(sqlite_desk: Desk, kind: type[Platform]) -> None:
    times = 50 if kind.name in ("wechat", "wecom") else 190
    words = "每一句话都要送到。A sentence that goes on. " * times
    sqlite_desk.bot.brain = lambda _request: answer(text_reply(words.strip()))
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("tell me everything"))
        await until(lambda: _all_sent(one))
        said = "".join(each.words for each in one.platform.screen)
        assert "".join(words.split()) in "".join(said.split())


@every_platform
async def test_troubles_of_the_platform_are_waited_out_in_order(
    sqlite_desk: Desk, kind: type[Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "RETRY", timedelta(milliseconds=50))
    async with channel(sqlite_desk, kind) as one:
        one.platform.troubles = [JSONResponse({}, status_code=503), JSONResponse({"error": "?"}, status_code=500)]
        await one.deliver(one.platform.says("first"))
        await one.deliver(one.platform.says("second"))
        await one.said("You said: first", "You said: second")
        await until(lambda: _all_sent(one))
        assert one.platform.calls == len(one.platform.screen) + 2


@every_platform
async def test_what_the_platform_will_not_take_is_shown_as_failed(sqlite_desk: Desk, kind: type[Platform]) -> None:
    async with channel(sqlite_desk, kind) as one:
        refusal = {"ok": False, "errcode": 43004, "error": {"code": 551, "message": "gone"}}
        if kind is SlackPlatform:
            refusal["error"] = "account_inactive"
        status = 200 if kind.name in ("slack", "wechat", "wecom") else 403
        one.platform.troubles = [JSONResponse(refusal, status_code=status)]
        await one.deliver(one.platform.says("hello"))
        await until(lambda: asyncio.sleep(0, one.platform.calls > 0))
        await one.deliver(one.platform.says("once more"))
        await one.said("You said: once more")
        await until(lambda: _settled(one))
        states = {each.state: each.error for each in await one.rows(OutboxEntry)}
        assert set(states) == {"failed", "sent"}
        assert states["failed"]


async def _settled(one: Channel) -> bool:
    return all(each.state != "pending" for each in await one.rows(OutboxEntry))


async def _all_sent(one: Channel) -> bool:
    entries = await one.rows(OutboxEntry)
    return len(entries) >= 2 and all(each.state == "sent" for each in entries)


async def test_a_platform_says_how_long_to_wait(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, TelegramPlatform) as one:
        one.platform.troubles = [TelegramPlatform.refusal(429, "Too Many Requests", retry_after=1)]
        await one.deliver(one.platform.says("hello"))
        assert (await one.seen(2))[1] == "You said: hello"


@pytest.mark.parametrize("kind", [TelegramPlatform, SlackPlatform], ids=lambda kind: kind.name)
@pytest.mark.parametrize("careful", [True, False])
async def test_what_comes_too_fast_for_a_platform_arrives_in_order_all_the_same(
    sqlite_desk: Desk, kind: type[Platform], careful: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not careful:
        # As if the platform's limits had become narrower than we know.
        monkeypatch.setattr({"telegram": Telegram, "slack": Slack}[kind.name], "per_chat", None)
    sqlite_desk.bot.brain = lambda _request: answer(*(text_reply(f"part {number}") for number in range(1, 6)))
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("tell me all"))
        await one.said(*(f"part {number}" for number in range(1, 6)))
        await until(lambda: _all_sent(one))
        said = [each.words for each in one.platform.screen if each.words.startswith("part")]
        assert said == [f"part {number}" for number in range(1, 6)]
        assert careful or one.platform.limited


@pytest.mark.parametrize("kind", [kind for kind in PLATFORMS if kind.name != "email"], ids=lambda kind: kind.name)
async def test_a_platform_that_does_not_answer_is_asked_again(
    sqlite_desk: Desk, kind: type[Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "RETRY", timedelta(milliseconds=50))
    async with channel(sqlite_desk, kind, channel_seconds=1.0) as one:
        one.platform.troubles = [Silence(1.5)]
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        await until(lambda: _all_sent(one))


async def test_meta_checks_the_address_with_the_shops_word(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WhatsAppPlatform) as one:
        query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "meta-verify"}
        async with one.gateway.browser() as http:
            right = await http.get("/channels/whatsapp", params=query)
            wrong = await http.get("/channels/whatsapp", params={**query, "hub.verify_token": "guessed"})
            empty = await http.get("/channels/whatsapp", params={**query, "hub.verify_token": ""})
        assert (right.status_code, right.text) == (200, "1158201444")
        assert (wrong.status_code, empty.status_code) == (401, 401)
        assert one.services.channel_refusals == {"whatsapp": 2}


async def test_slack_checks_the_address_under_its_signature(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, SlackPlatform) as one:
        assert isinstance(one.platform, SlackPlatform)
        raw = b'{"type": "url_verification", "challenge": "3eZbrw1a"}'
        async with one.gateway.browser() as http:
            (call,) = one.platform._signed(raw, "application/json")
            assert (await http.request(url="/channels/slack", **call)).json() == {"challenge": "3eZbrw1a"}
            (call,) = one.platform._signed(raw, "application/json", secret="guessed")
            assert (await http.request(url="/channels/slack", **call)).status_code == 401


async def test_deliveries_and_readings_are_noted_in_any_order(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WhatsAppPlatform) as one:
        assert isinstance(one.platform, WhatsAppPlatform)
        await one.deliver(one.platform.says("hello"))
        await one.seen(2)
        await until(lambda: _all_sent(one))
        await one.deliver(one.platform.status("wamid.out2", "read") + one.platform.status("wamid.out2", "delivered"))

        async def noted() -> bool:
            return any(each.read_at and each.delivered_at for each in await one.rows(Message))

        await until(noted)


async def test_after_the_platforms_time_nothing_is_sent(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WhatsAppPlatform) as one:
        await one.deliver(one.platform.says("hello"))
        await one.seen(2)
        await until(lambda: _all_sent(one))
        async with one.services.database.write() as session:
            (chat,) = (await session.execute(select(Chat))).scalars()
            chat.last_inbound_at = chat.last_inbound_at.replace(year=chat.last_inbound_at.year - 1)
            conversation = await session.get_one(Conversation, chat.conversation_id)

            await one.services.conversations.say(session, conversation, "agent", TextContent(text="late news"))

        async def failed() -> bool:
            return any(each.error == "window_closed" for each in await one.rows(OutboxEntry))

        await until(failed)
        assert len(one.platform.screen) == 2


MUTATIONS = st.binary(min_size=1, max_size=40)


@every_platform
async def test_mutated_and_hostile_bodies_are_never_accepted_and_crash_nothing(
    sqlite_desk: Desk, kind: type[Platform]
) -> None:
    async with channel(sqlite_desk, kind) as one:
        # Telegram signs nothing, its secret is in a header; WeChat signs time and nonce. There any body may be theirs,
        # and what cannot be read is refused; elsewhere one byte more or less is a forgery.
        # WeCom signs the envelope, not what is around it.
        accepted = {"telegram": {200, 400, 401}, "wechat": {200, 400, 401}, "wecom": {200, 401}}.get(kind.name, {401})
        calls = one.platform.says("hello")
        bodies: list[bytes] = []

        @given(st.data())
        @settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)
        def mutate(data: st.DataObject) -> None:
            raw = calls[0].get("content") or b'{"update_id": 1, "message": {"chat": {"id": 5}, "text": "hi"}}'
            position = data.draw(st.integers(0, len(raw)))
            other = raw[:position] + data.draw(MUTATIONS) + raw[position + 1 :]
            assume(other != raw)
            bodies.append(other)

        await asyncio.to_thread(mutate)
        for body in bodies:
            call = {**{key: value for key, value in calls[0].items() if key != "json"}, "content": body}
            (status,) = await one.deliver([call])
            assert status in accepted, body


async def test_wechats_quota_holds_back_what_exceeds_it_until_the_person_writes_again(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeChatPlatform) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        (chat,) = await one.rows(Chat)

        async def agent_says(words: str) -> None:
            async with one.services.database.write() as session:
                conversation = await session.get_one(Conversation, chat.conversation_id)
                await one.services.conversations.say(session, conversation, "agent", TextContent(text=words))

        for number in range(2, 6):
            await agent_says(f"news {number}")
            await one.said(f"news {number}")
        assert len(one.platform.screen) == 5
        await agent_says("one too many")
        await agent_says("and another")

        async def held() -> bool:
            return any(each.error == "quota_used" and each.state == "pending" for each in await one.rows(OutboxEntry))

        await until(held)
        await one.deliver(one.platform.says("still there?"))
        await one.said("one too many", "and another", "You said: still there?")
        assert len(one.platform.screen) == 6, "what waited goes out as one"
        await until(lambda: _all_sent(one))


async def test_turns_of_several_people_do_not_mix(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, TelegramPlatform) as one:
        await one.deliver(one.platform.says("hello"))
        await one.seen(2)
        (call,) = one.platform.says("hello too")
        call["json"]["message"]["chat"]["id"] = 999
        one.platform.people, one.platform.person = {one.platform.person}, "999"
        await one.deliver([call])
        await one.seen(2)
        assert len(await one.rows(Conversation)) == 2
        assert [request.input for request in sqlite_desk.bot.requests] == [
            TextInput(text="hello"),
            TextInput(text="hello too"),
        ]
