"""The chat API over a WebSocket."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.gateway.desk import LONG, Desk, Gateway, Shopper, text_of

pytestmark = pytest.mark.anyio


def dial(gateway: Gateway, **options: Any) -> connect:
    return connect(gateway.url.replace("http", "ws") + "/api/chat/socket", proxy=None, **options)


async def send(socket: ClientConnection, document: Any) -> None:
    await socket.send(json.dumps(document))


async def receive(socket: ClientConnection) -> Any:
    async with asyncio.timeout(LONG):
        return json.loads(await socket.recv())


async def until_answered(socket: ClientConnection) -> list[dict[str, Any]]:
    """Messages received until one is there and nobody is typing."""
    messages: list[dict[str, Any]] = []
    while True:
        frame = await receive(socket)
        messages += frame["messages"]
        if messages and messages[-1]["author"] != "shopper" and not frame["typing"]:
            return messages


async def hello(socket: ClientConnection, shopper: Shopper, after: int = 1) -> Any:
    await send(socket, {"token": shopper.token, "after": after})
    return await receive(socket)


async def test_a_conversation_over_the_socket(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper, dial(gateway) as socket:
        assert await hello(socket, shopper) == {"messages": [], "typing": False}
        client_id = str(uuid.uuid4())
        await send(socket, {"client_id": client_id, "text": "hello"})
        own, reply = await until_answered(socket)
        assert (own["author"], own["client_id"], own["content"]["text"]) == ("shopper", client_id, "hello")
        assert (reply["reply_to"], reply["content"]["text"]) == (own["seq"], "You said: hello")
        assert (await shopper.read(after=own["seq"]))["messages"] == [reply]


async def test_what_was_missed_comes_first_and_only_once(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper:
        await shopper.ask("while away")
        async with dial(gateway) as socket:
            missed = await hello(socket, shopper)
            assert text_of(missed["messages"]) == ["while away", "You said: while away"]
            await shopper.say("from another tab")
            assert text_of(await until_answered(socket)) == ["from another tab", "You said: from another tab"]


async def test_typing_is_told_as_it_changes(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper, dial(gateway) as socket:
        assert (await hello(socket, shopper))["typing"] is False
        desk.bot.gate.clear()
        await send(socket, {"client_id": str(uuid.uuid4()), "text": "hello"})
        assert (await receive(socket))["typing"] is True
        desk.bot.gate.set()
        frame = await receive(socket)
        assert (text_of(frame["messages"]), frame["typing"]) == (["You said: hello"], False)


async def test_a_message_sent_again_is_acknowledged_with_its_seq_and_not_answered_twice(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper() as shopper, dial(gateway) as socket:
        await hello(socket, shopper)
        message = {"client_id": str(uuid.uuid4()), "text": "hello"}
        await send(socket, message)
        own, reply = await until_answered(socket)
        await send(socket, message)
        assert await receive(socket) == {"messages": [own], "typing": False}
        assert (await shopper.read(after=reply["seq"]))["messages"] == []
        assert len(desk.bot.requests) == 1


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        ("{", None),
        ("[" * 20_000, None),
        (b"binary", None),
        ('"a string"', "body"),
        ("[]", "body"),
        ("{}", "body.client_id"),
        ('{"client_id": "00000000-0000-4000-8000-000000000001", "text": ""}', "body.text"),
        ('{"client_id": "00000000-0000-4000-8000-000000000001", "text": "\\ud800"}', "body.text"),
        ('{"client_id": "00000000-0000-4000-8000-000000000001", "button_id": "no"}', "body.button_id"),
        ('{"client_id": "\\ud800", "text": "x"}', "body.client_id"),
        ('{"text": 1' + "0" * 5000 + "}", None),
    ],
)
async def test_a_wrong_frame_gets_a_problem_and_the_socket_goes_on(
    sqlite_desk: Desk, frame: str | bytes, field: str | None
) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper, dial(gateway) as socket:
        await hello(socket, shopper)
        await socket.send(frame)
        problem = await receive(socket)
        assert (problem["type"], problem["status"]) == ("/problems/invalid-input", 422)
        if field is not None:
            assert field in [error["field"] for error in problem["errors"]]
        if isinstance(frame, str) and "00000000-" in frame:
            assert problem["client_id"] == "00000000-0000-4000-8000-000000000001"
        await send(socket, {"client_id": str(uuid.uuid4()), "text": "still here"})
        assert text_of(await until_answered(socket)) == ["still here", "You said: still here"]


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        ({"token": "wrong", "after": 0}, "/problems/unauthenticated"),
        ({"after": 0}, "/problems/invalid-input"),
        ({"token": "x", "after": -1}, "/problems/invalid-input"),
        ("not json", "/problems/invalid-input"),
    ],
)
async def test_the_first_frame_must_authenticate(sqlite_desk: Desk, frame: Any, kind: str) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(), dial(gateway) as socket:
        await socket.send(frame if isinstance(frame, str) else json.dumps(frame))
        assert (await receive(socket))["type"] == kind
        with pytest.raises(ConnectionClosed) as closed:
            await receive(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


async def test_a_token_in_the_address_opens_nothing(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        url = f"{gateway.url.replace('http', 'ws')}/api/chat/socket?token={shopper.token}"
        async with connect(url, proxy=None) as socket:
            await send(socket, {"client_id": str(uuid.uuid4()), "text": "hello"})
            assert (await receive(socket))["status"] == 422
        assert (await shopper.read())["messages"] == []


@pytest.mark.parametrize(("origin", "admitted"), [("https://shop.example", True), ("https://evil.test", False)])
async def test_sockets_come_from_the_shops_origins(sqlite_desk: Desk, origin: str, admitted: bool) -> None:
    async with (
        sqlite_desk.gateway(allowed_origins="https://shop.example") as gateway,
        await gateway.shopper() as shopper,
    ):
        if admitted:
            async with dial(gateway, origin=origin) as socket:
                assert (await hello(socket, shopper))["messages"] == []
        else:
            with pytest.raises(InvalidStatus) as refused:
                async with dial(gateway, origin=origin):
                    pass
            assert refused.value.response.status_code == 403


async def test_a_stopping_gateway_closes_sockets_and_long_polls_at_once(sqlite_desk: Desk) -> None:
    sqlite_desk.bot.gate.clear()
    async with sqlite_desk.gateway() as gateway:
        shopper = await gateway.shopper()
        seq = await shopper.say("hello")
        polling = asyncio.create_task(shopper.read(after=seq, wait=60))
        socket = await dial(gateway)
        await hello(socket, shopper, after=seq)
    assert (await polling) == {"messages": [], "typing": True}
    with pytest.raises(ConnectionClosed) as closed:
        await receive(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    await shopper.close()
    sqlite_desk.bot.gate.set()
