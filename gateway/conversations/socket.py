"""The chat API over one WebSocket: first a frame that authenticates, then the bodies of POST in, those of GET out.

The client's first frame is `{"token", "after"}`. From then on it receives a snapshot at once, and another whenever
there is a newer message or `typing` changes. A frame that is wrong is answered with a problem document (with its
`client_id`, if it had one) and the socket goes on; only a first frame that is wrong closes it. A message sent again
under a known `client_id` is answered with a snapshot that holds that message, so that the sender learns its seq.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.conversations.schemas import MessageRequest, Snapshot, SocketHello
from gateway.dependencies import address_of, services_of
from gateway.middleware import MAX_BODY_BYTES
from gateway.network import origin_allowed
from gateway.services import Services
from shopdesk_schemas.problems import Forbidden, InvalidInput, Problem, ShopdeskError, Unauthenticated
from shopdesk_schemas.web import field_problems, problem_response

HELLO_SECONDS = 10.0
"""How long a new socket may stay silent."""

MAX_BAD_FRAMES = 100
"""After so many wrong frames in a row the socket is closed."""

POLICY_VIOLATION = 1008
SERVICE_RESTART = 1012

router = APIRouter()


@router.websocket("/api/chat/socket")
async def chat_socket(websocket: WebSocket) -> None:
    """One client's socket."""
    services = services_of(websocket)
    origin = websocket.headers.get("origin")
    host = websocket.headers.get("host", "")
    if origin is not None and not origin_allowed(origin, host, services.settings.allowed_origins):
        await websocket.send_denial_response(
            problem_response(Forbidden("This page's origin is not on the shop's list."))
        )
        return
    await websocket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        await _serve(websocket, services)


async def _serve(websocket: WebSocket, services: Services) -> None:
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            hello = _parse(SocketHello, await _receive(websocket))
    except ShopdeskError as error:
        await _refuse(websocket, error)
        return
    except TimeoutError:
        await _refuse(websocket, Unauthenticated("The first frame must give the conversation's token."))
        return
    conversation_id = await services.access.conversation_of(hello.token)
    if conversation_id is None:
        await _refuse(websocket, Unauthenticated())
        return
    connection = _Connection(websocket, services, conversation_id, hello.after)
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(connection.send_news())
        tasks.create_task(connection.take_frames(hello.token, sending))


class _Connection:
    """An authenticated socket."""

    def __init__(self, websocket: WebSocket, services: Services, conversation_id: str, after: int) -> None:
        self._websocket = websocket
        self._services = services
        self._conversation_id = conversation_id
        self._after = after
        self._sending = asyncio.Lock()
        self._address = address_of(websocket)

    async def send_news(self) -> None:
        """Snapshots, as the record changes; until the program stops."""
        services = self._services
        services.deliveries.received(self._conversation_id, self._after)
        typing: bool | None = None
        with services.live.listen(self._conversation_id) as listener:
            while True:
                listener.rearm()
                async with services.database.read_rows() as rows:
                    news = await services.conversations.snapshot(rows, self._conversation_id, self._after)
                if news.messages or news.typing != typing:
                    await self._send(news)
                    typing = news.typing
                    if news.messages:
                        self._after = news.messages[-1].seq
                        services.deliveries.received(self._conversation_id, self._after)
                if services.live.closing:
                    await self._websocket.close(SERVICE_RESTART)
                    return
                await listener.wait()

    async def take_frames(self, token: str, sending: asyncio.Task[None]) -> None:
        """Messages from the client; until it leaves, or its token has expired."""
        bad_frames = 0
        while not sending.done():
            document: Any = None
            try:
                document = await _receive(self._websocket)
                await self._accept(token, _parse(MessageRequest, document))
                bad_frames = 0
            except Unauthenticated as error:
                await _refuse(self._websocket, error)
                sending.cancel()
                return
            except ShopdeskError as error:
                bad_frames += 1
                await self._send(_problem(error, document))
                if bad_frames >= MAX_BAD_FRAMES:
                    await self._websocket.close(POLICY_VIOLATION)
                    sending.cancel()
                    return

    async def _accept(self, token: str, request: MessageRequest) -> None:
        services = self._services
        if await services.access.conversation_of(token) is None:
            raise Unauthenticated
        async with services.database.write(brief=True) as session:
            message, is_new = await services.conversations.accept(
                session, self._conversation_id, request, self._address
            )
            if is_new:
                await services.worker.claim_at_once(session, self._conversation_id)
        if not is_new:
            async with services.database.read_rows() as rows:
                now = await services.conversations.snapshot(rows, self._conversation_id, message.seq)
            await self._send(Snapshot(messages=[services.conversations.shown(message)], typing=now.typing))

    async def _send(self, frame: BaseModel | dict[str, Any]) -> None:
        words = frame.model_dump_json() if isinstance(frame, BaseModel) else json.dumps(frame, ensure_ascii=False)
        async with self._sending:
            await self._websocket.send_text(words)


async def _receive(websocket: WebSocket) -> Any:
    """The next frame's JSON. Raises `InvalidInput`, or `WebSocketDisconnect` when the client has left."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    words = message.get("text")
    if words is None:
        raise InvalidInput("A frame must be text.")
    if len(words) > MAX_BODY_BYTES:
        raise InvalidInput("The frame is too large.")
    try:
        return json.loads(words)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("A frame must be JSON.") from error


def _parse[T: BaseModel](shape: type[T], document: Any) -> T:
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        located = [{**problem, "loc": ("body", *problem["loc"])} for problem in error.errors()]
        raise InvalidInput(errors=field_problems(located)) from None


def _problem(error: ShopdeskError, document: Any = None) -> dict[str, Any]:
    """The problem document as a frame, with the `client_id` it answers where there was one."""
    problem: Problem = error.problem()
    frame = problem.model_dump(mode="json", exclude_none=True)
    client_id = document.get("client_id") if isinstance(document, dict) else None
    if isinstance(client_id, str):
        frame["client_id"] = client_id[:64].encode("utf-8", "replace").decode()
    return frame


async def _refuse(websocket: WebSocket, error: ShopdeskError) -> None:
    await websocket.send_text(json.dumps(_problem(error), ensure_ascii=False))
    await websocket.close(POLICY_VIOLATION)
