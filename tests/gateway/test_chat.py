"""The public chat API: sessions, messages, what is idempotent, what is refused."""

from __future__ import annotations

import asyncio
import json
import uuid

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.gateway.desk import Desk, Gateway, text_of
from tests.gateway.doubles import answer, text_reply

pytestmark = pytest.mark.anyio


async def test_a_message_is_answered_with_what_it_answers(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        seq = await shopper.say("where is my order?")
        (reply,) = await shopper.replies()
        assert reply["content"] == {"kind": "text", "text": "You said: where is my order?"}
        assert (reply["author"], reply["reply_to"], reply["seq"]) == ("assistant", seq, seq + 1)
        (request,) = desk.bot.requests
        assert request.sender_id == f"{shopper.conversation_id}:1"
        assert request.language == "en"


async def test_a_card_number_is_neither_kept_nor_passed_on(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        await shopper.say("save 4111 1111 1111 1111 please")
        (reply,) = await shopper.replies()
        assert reply["content"]["text"] == "You said: save •••• 1111 please"
        assert text_of((await shopper.read(after=0))["messages"])[-2] == "save •••• 1111 please"
        assert "4111" not in desk.bot.requests[0].model_dump_json()


@pytest.mark.parametrize(
    ("body", "headers", "word"),
    [
        ({"language": "en"}, {}, "automated"),
        ({"language": "zh"}, {"Accept-Language": "en"}, "智能客服"),
        ({"language": None}, {"Accept-Language": "fr, zh-CN;q=0.9, en;q=0.5"}, "智能客服"),
        ({}, {"Accept-Language": "en-GB, zh;q=0.1"}, "automated"),
        ({}, {"Accept-Language": "fr"}, "automated"),
    ],
)
async def test_the_greeting_says_what_it_is_in_the_shoppers_language(
    sqlite_desk: Desk, body: dict[str, object], headers: dict[str, str], word: str
) -> None:
    async with sqlite_desk.gateway() as gateway, gateway.browser() as browser:
        session = (await browser.post("/api/chat/sessions", json=body, headers=headers)).json()
        (greeting,) = session["messages"]
        assert greeting["author"] == "assistant"
        assert word in greeting["content"]["text"]


async def test_the_same_client_id_at_once_is_one_message(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        client_id = str(uuid.uuid4())
        responses = await asyncio.gather(*(shopper.post(client_id=client_id, text="once") for _ in range(12)))
        assert {response.status_code for response in responses} == {202}
        assert len({response.json()["seq"] for response in responses}) == 1
        await shopper.replies()
        again = await shopper.post(client_id=client_id, text="other words")
        assert again.json() == responses[0].json()
        everything = (await shopper.read(after=0))["messages"]
        assert text_of(everything)[1:] == ["once", "You said: once"]
        assert desk.bot.said() == ["once"]


async def test_messages_of_one_conversation_are_answered_in_order(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        desk.bot.gate.clear()
        for number in range(5):
            await shopper.say(f"message {number}")
        desk.bot.gate.set()
        replies = await shopper.replies()
        assert text_of(replies) == [f"You said: message {number}" for number in range(5)]
        assert len(desk.bot.ran) == 5


async def test_one_conversation_does_not_hold_up_another(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as slow, await gateway.shopper() as quick:

        async def think(request: object) -> dict[str, object]:
            if getattr(request, "sender_id", "").startswith(slow.conversation_id):
                await hold.wait()
            return answer(text_reply("done"))

        hold = asyncio.Event()
        desk.bot.brain = think
        await slow.say("a hard one")
        assert text_of(await quick.ask("an easy one")) == ["done"]
        assert (await slow.read())["typing"] is True
        hold.set()
        assert text_of(await slow.replies()) == ["done"]


async def test_quick_words_join_one_turn_when_the_shop_sets_a_pause(desk: Desk) -> None:
    async with desk.gateway(join_seconds=1.0) as gateway, await gateway.shopper() as shopper:
        await shopper.say("hello")
        last = await shopper.say("where is my order?")
        assert (await shopper.read())["typing"] is True
        (reply,) = await shopper.replies()
        assert desk.bot.said() == ["hello\nwhere is my order?"]
        assert reply["reply_to"] == last


async def test_long_poll_waits_while_the_assistant_types_and_not_otherwise(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        assert await shopper.read(wait=20) == {"messages": [], "typing": False}
        desk.bot.gate.clear()
        seq = await shopper.say("hello")
        own = await shopper.read(wait=20)
        assert [(message["seq"], message["author"]) for message in own["messages"]] == [(seq, "shopper")]
        assert own["typing"] is True
        assert await shopper.read(after=seq) == {"messages": [], "typing": True}
        waiting = asyncio.create_task(shopper.read(after=seq, wait=20))
        await desk.bot.arrived.wait()
        assert not waiting.done()
        desk.bot.gate.set()
        snapshot = await waiting
        assert snapshot["typing"] is False
        assert text_of(snapshot["messages"]) == ["You said: hello"]


async def test_a_long_poll_gives_up_when_its_time_is_over(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        sqlite_desk.bot.gate.clear()
        seq = await shopper.say("hello")
        assert await shopper.read(after=seq, wait=0.05) == {"messages": [], "typing": True}
        sqlite_desk.bot.gate.set()


OFFER = answer(
    {"kind": "quick_replies", "text": "Which?", "buttons": [{"label": "This", "payload": '/choose{"id": 7}'}]}
)


async def test_a_button_is_opaque_and_comes_back_as_its_payload(desk: Desk) -> None:
    desk.bot.brain = lambda request: OFFER if request.input.kind == "text" else answer(text_reply("chosen"))
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        (offer,) = await shopper.ask("show me")
        (button,) = offer["content"]["buttons"]
        assert set(button) == {"id", "label"}
        assert "choose" not in json.dumps(await shopper.read(after=0))
        response = await shopper.post(button_id=button["id"])
        assert response.status_code == 202
        replies = await shopper.replies()
        assert text_of(replies) == ["chosen"]
        assert desk.bot.requests[-1].input.model_dump() == {
            "kind": "button", "payload": '/choose{"id": 7}', "label": "This",
        }  # fmt: skip
        assert text_of((await shopper.read(after=0))["messages"])[-2] == "This"


async def test_a_button_works_in_its_own_conversation_only(desk: Desk) -> None:
    desk.bot.brain = lambda _request: OFFER
    async with desk.gateway() as gateway, await gateway.shopper() as owner, await gateway.shopper() as stranger:
        (offer,) = await owner.ask("show me")
        button_id = offer["content"]["buttons"][0]["id"]
        foreign = await stranger.post(button_id=button_id)
        missing = await stranger.post(button_id="no-such-button")
        assert foreign.status_code == missing.status_code == 422
        assert foreign.content == missing.content
        assert foreign.json()["errors"][0]["field"] == "body.button_id"
        assert (await owner.post(button_id=button_id)).status_code == 202


async def test_a_pick_reaches_the_bot_as_a_hint(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper(language="zh", page={"sku": "K1"}) as shopper:
        assert (await shopper.post(pick={"order": "A-17"})).status_code == 202
        await shopper.replies()
        (request,) = desk.bot.requests
        assert request.input.model_dump() == {"kind": "pick", "pick": {"sku": None, "order": "A-17"}}
        assert request.page is not None
        assert request.page.sku == "K1"
        assert "A-17" in text_of((await shopper.read(after=0))["messages"])[1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "body.text"),
        ({"text": "   "}, "body.text"),
        ({"text": "x" * 4001}, "body.text"),
        ({"text": "nul \0 inside"}, "body.text"),
        ({"text": 7}, "body.text"),
        ({"text": "both", "button_id": "b"}, "body"),
        ({}, "body"),
        ({"client_id": "not-a-uuid", "text": "hello"}, "body.client_id"),
        ({"client_id": None, "text": "hello"}, "body.client_id"),
        ({"button_id": "nope"}, "body.button_id"),
        ({"image_id": "nope"}, "body.image_id"),
        ({"pick": {}}, "body.pick"),
        ({"pick": {"sku": "a", "order": "b"}}, "body.pick"),
        ({"pick": {"customer": "c"}}, "body.pick.customer"),
        ({"text": "hello", "page": {"sku": "x" * 201}}, "body.page.sku"),
        ({"text": "hello", "customer": "C-1"}, "body.customer"),
    ],
)
async def test_a_wrong_message_names_its_field_and_stores_nothing(
    desk: Desk, body: dict[str, object], field: str
) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        response = await shopper.post(**body)
        assert response.status_code == 422, response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["type"] == "/problems/invalid-input"
        assert field in [error["field"] for error in response.json()["errors"]]
        assert await shopper.read() == {"messages": [], "typing": False}


async def test_unstorable_text_is_refused_not_stored(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper, gateway.browser() as browser:
        raw = b'{"client_id": "%s", "text": "lone \\ud800 surrogate"}' % str(uuid.uuid4()).encode()
        headers = {"Authorization": f"Bearer {shopper.token}", "Content-Type": "application/json"}
        response = await browser.post("/api/chat/messages", content=raw, headers=headers)
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == "body.text"


@pytest.mark.parametrize("query", [{"after": -1}, {"after": 2**31}, {"after": "x"}, {"wait": -1}, {"wait": "nan"}])
async def test_a_wrong_query_names_its_field(sqlite_desk: Desk, query: dict[str, str]) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper, gateway.browser() as browser:
        headers = {"Authorization": f"Bearer {shopper.token}"}
        response = await browser.get("/api/chat/messages", params=query, headers=headers)
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == f"query.{next(iter(query))}"


async def test_a_body_that_is_too_large_is_refused(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper, gateway.browser() as browser:
        declared = await shopper.post(text="x" * 100_000)

        async def trickle() -> object:
            for _ in range(100):
                yield b" " * 1000

        streamed = await browser.post("/api/chat/sessions", content=trickle())
        for response in (declared, streamed):
            assert response.status_code == 413
            assert response.json()["type"] == "/problems/payload-too-large"


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Basic abc", "Bearer", "Bearer \u00e9"])
async def test_only_a_token_opens_a_conversation(sqlite_desk: Desk, authorization: str | None) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper, gateway.browser() as browser:
        headers = {} if authorization is None else {"Authorization": authorization.encode()}
        assert (await shopper.read())["messages"] == []
        read = await browser.get("/api/chat/messages", headers=headers)
        write = await browser.post(
            "/api/chat/messages", headers=headers, json={"client_id": str(uuid.uuid4()), "text": "hello"}
        )
        sign_in = await browser.post("/api/chat/identity", headers=headers, json={"identity_token": "good-token"})
        for response in (read, write, sign_in):
            assert response.status_code == 401
            assert response.json()["type"] == "/problems/unauthenticated"
            assert response.headers["www-authenticate"] == "Bearer"
        assert "good-token" in sqlite_desk.crm.good_tokens


async def test_a_token_shows_its_own_conversation_only(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as one, await gateway.shopper() as other:
        await one.ask("my secret")
        assert "my secret" in text_of((await one.read(after=0))["messages"])
        assert "my secret" not in text_of((await other.read(after=0))["messages"])


async def test_an_expired_token_opens_nothing(desk: Desk) -> None:
    async with desk.gateway(chat_token_days=1e-7) as gateway, gateway.browser() as browser:
        session = (await browser.post("/api/chat/sessions", json={})).json()
        await asyncio.sleep(0.01)  # the token's whole life
        headers = {"Authorization": f"Bearer {session['token']}"}
        assert (await browser.get("/api/chat/messages", headers=headers)).status_code == 401


async def test_opening_conversations_is_limited_by_address(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway(sessions_per_minute=2, trusted_proxies="127.0.0.1") as gateway:
        async with gateway.browser() as browser:
            here, there = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "6.6.6.6, 203.0.113.10"}
            for _ in range(2):
                assert (await browser.post("/api/chat/sessions", json={}, headers=here)).status_code == 201
            refused = await browser.post("/api/chat/sessions", json={}, headers=here)
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) > 0
            assert (await browser.post("/api/chat/sessions", json={}, headers=there)).status_code == 201
        addresses = {context.client_address for context in sqlite_desk.crm.contexts.values()}
        assert addresses == {"203.0.113.9", "203.0.113.10"}


async def test_forwarded_addresses_are_not_believed_by_default(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, gateway.browser() as browser:
        await browser.post("/api/chat/sessions", json={}, headers={"X-Forwarded-For": "203.0.113.9"})
        (context,) = sqlite_desk.crm.contexts.values()
        assert context.client_address == "127.0.0.1"


async def test_too_many_unanswered_messages_are_held_back(desk: Desk) -> None:
    async with desk.gateway(pending_messages=2) as gateway, await gateway.shopper() as shopper:
        desk.bot.gate.clear()
        await shopper.say("one")
        await shopper.say("two")
        refused = await shopper.post(text="three")
        assert refused.status_code == 429
        assert "retry-after" in refused.headers
        desk.bot.gate.set()
        await shopper.replies()
        assert (await shopper.post(text="three")).status_code == 202
        await shopper.replies()


async def test_signing_in_while_opening(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper(identity_token="good-token", language="en") as shopper:
        assert desk.crm.signed_in == {shopper.conversation_id: "Ada"}
        assert "Ada" in text_of(shopper.greeting)[0]
        async with gateway.browser() as browser:
            refused = await browser.post("/api/chat/sessions", json={"identity_token": "good-token"})
            assert refused.status_code == 401
            assert refused.json()["errors"][0]["field"] == "body.identity_token"
            assert (await browser.post("/api/chat/sessions", json={})).status_code == 201


async def test_signing_in_later(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper, gateway.browser() as browser:
        headers = {"Authorization": f"Bearer {shopper.token}"}
        refused = await browser.post("/api/chat/identity", headers=headers, json={"identity_token": "bad"})
        assert refused.status_code == 401
        assert refused.json()["errors"][0]["field"] == "body.identity_token"
        accepted = await browser.post("/api/chat/identity", headers=headers, json={"identity_token": "good-token"})
        assert accepted.json() == {"level": "customer", "expires_at": None, "display_name": "Ada"}
        assert desk.crm.signed_in == {shopper.conversation_id: "Ada"}


async def test_a_guest_can_begin_while_the_crm_is_away_but_nobody_can_sign_in(desk: Desk) -> None:
    desk.crm.away = True
    async with desk.gateway() as gateway, gateway.browser() as browser:
        signed = await browser.post("/api/chat/sessions", json={"identity_token": "good-token"})
        assert signed.status_code == 503
        async with await gateway.shopper() as shopper:
            assert shopper.conversation_id not in desk.crm.contexts
            desk.crm.away = False
            await shopper.ask("hello")
            assert desk.crm.contexts[shopper.conversation_id].client_address == "127.0.0.1"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 201),
        ("https://shop.example", 201),
        ("https://SHOP.example", 201),
        ("http://shop.example", 403),
        ("https://shop.example.evil.test", 403),
        ("null", 403),
    ],
)
async def test_browsers_come_from_the_shops_origins(sqlite_desk: Desk, origin: str | None, status: int) -> None:
    async with sqlite_desk.gateway(allowed_origins="https://shop.example") as gateway, gateway.browser() as browser:
        headers = {} if origin is None else {"Origin": origin}
        response = await browser.post("/api/chat/sessions", json={}, headers=headers)
        assert response.status_code == status
        shared = response.headers.get("access-control-allow-origin")
        assert shared == (origin if status == 201 else None)
        if origin is not None:
            asked = {**headers, "Access-Control-Request-Method": "POST"}
            preflight = await browser.options("/api/chat/sessions", headers=asked)
            assert (preflight.status_code == 204) is (status == 201)


async def test_the_gateways_own_pages_may_chat(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, gateway.browser() as browser:
        assert (await browser.post("/api/chat/sessions", json={}, headers={"Origin": gateway.url})).status_code == 201


async def test_published_schemas_describe_every_message(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper, gateway.browser() as browser:
        schema = (await browser.get("/api/chat/schemas")).json()
        validator = Draft202012Validator(schema)
        await shopper.ask("hello")
        for message in (await shopper.read(after=0))["messages"]:
            validator.validate(message["content"])
        assert not validator.is_valid(
            {"kind": "quick_replies", "text": "x", "buttons": [{"label": "a", "payload": "/b"}]}
        )


async def test_unknown_paths_and_methods_are_problem_documents(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, gateway.browser() as browser:
        missing: httpx.Response = await browser.get("/api/chat/nothing")
        wrong: httpx.Response = await browser.delete("/api/chat/messages")
        assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")
        assert wrong.status_code == 405
        assert {response.headers["content-type"] for response in (missing, wrong)} == {"application/problem+json"}


async def _readiness(gateway: Gateway) -> tuple[int, dict[str, object]]:
    async with gateway.browser() as browser:
        response = await browser.get("/readyz")
        return response.status_code, response.json()


async def test_readiness_names_what_is_missing(desk: Desk) -> None:
    async with desk.gateway() as gateway:
        # Asked again as whoever watches a program does: a machine at its limit may need longer than one check waits.
        for _ in range(10):
            status, body = await _readiness(gateway)
            if status == 200:
                break
        assert (status, body) == (200, {"status": "ok"})
    async with desk.gateway(bot_url="http://127.0.0.1:1") as gateway:
        assert await _readiness(gateway) == (503, {"missing": ["bot"]})
