"""The public chat API over HTTP. The WebSocket is in `socket.py`; both work on the same service and bodies."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import PlainTextResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gateway.conversations import repository
from gateway.conversations.download import transcript
from gateway.conversations.schemas import (
    MAX_SEQ,
    IdentityRequest,
    MessageAccepted,
    MessageRequest,
    SessionOpened,
    SessionRequest,
    SignedIn,
    Snapshot,
)
from gateway.conversations.service import new_conversation_id
from gateway.dependencies import ClientAddress, GatewayServices
from gateway.errors import PayloadTooLarge, UpstreamError, UpstreamRejected
from gateway.locales import preferred_language
from gateway.services import Services
from shopdesk_schemas.content import content_adapter
from shopdesk_schemas.crm import ConversationContext, Verification
from shopdesk_schemas.problems import (
    FieldProblem,
    Forbidden,
    InvalidInput,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from shopdesk_schemas.web import problems_openapi

MAX_WAIT_SECONDS = 60.0
GUEST_CRM_SECONDS = 2.0
"""How long opening a guest's conversation waits for the CRM; the turn worker tells the CRM later all the same."""

router = APIRouter(
    prefix="/api/chat", tags=["chat"], responses=problems_openapi(Forbidden, InvalidInput, PayloadTooLarge)
)
_bearer = HTTPBearer(auto_error=False, description="The token that opened the conversation.")


async def optional_conversation(
    services: GatewayServices, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> str | None:
    """The id of the conversation whose token the caller holds; None when it holds none."""
    if credentials is None:
        return None
    return await services.access.conversation_of(credentials.credentials)


async def held_conversation(conversation_id: Annotated[str | None, Depends(optional_conversation)]) -> str:
    """The id of the conversation whose token the caller holds; 401 otherwise."""
    if conversation_id is None:
        raise Unauthenticated
    return conversation_id


HeldConversation = Annotated[str, Depends(held_conversation)]


@router.post(
    "/sessions",
    status_code=201,
    summary="Open a conversation",
    responses=problems_openapi(Unauthenticated, TooManyRequests, Unavailable),
)
async def open_session(
    request: SessionRequest,
    services: GatewayServices,
    address: ClientAddress,
    accept_language: Annotated[str | None, Header(max_length=1000)] = None,
) -> SessionOpened:
    """A conversation with its greeting. An identity token that is refused opens none: try again without, as a guest."""
    key = address or "unknown"
    if wait := services.session_openings.wait(key):
        raise TooManyRequests(wait)
    services.session_openings.take(key)
    conversation_id = new_conversation_id()
    locale = request.language or preferred_language(accept_language, services.settings.default_language)
    context = ConversationContext(client_address=address, language=request.language)
    name: str | None = None
    informed = True
    if request.identity_token is not None:
        name = (await _sign_in(services, conversation_id, context, request.identity_token)).display_name
    else:
        try:
            async with asyncio.timeout(GUEST_CRM_SECONDS):
                await services.crm.put_context(conversation_id, context)
        except (UpstreamError, TimeoutError):
            informed = False
    hint = request.page.hint() if request.page else None
    async with services.database.write(brief=True) as session:
        token, expires_at, messages = await services.conversations.open(
            session,
            conversation_id=conversation_id,
            language=request.language,
            locale=locale,
            page=hint.model_dump() if hint else None,
            client_address=address,
            crm_informed=informed,
            display_name=name,
        )
    return SessionOpened(conversation_id=conversation_id, token=token, expires_at=expires_at, messages=messages)


@router.post(
    "/messages",
    status_code=202,
    summary="Say something",
    responses=problems_openapi(Unauthenticated, TooManyRequests),
)
async def post_message(
    request: MessageRequest, services: GatewayServices, conversation_id: HeldConversation, address: ClientAddress
) -> MessageAccepted:
    """Stored under the next sequence number; the same `client_id` again gives the same number and does nothing."""
    async with services.database.write(brief=True) as session:
        message, is_new = await services.conversations.accept(session, conversation_id, request, address)
        if is_new:
            await services.worker.claim_at_once(session, conversation_id)
    return MessageAccepted(seq=message.seq)


@router.get("/messages", summary="Read on", responses=problems_openapi(Unauthenticated))
async def get_messages(
    services: GatewayServices,
    conversation_id: HeldConversation,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ, description="The newest seq the client has.")] = 0,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT_SECONDS, description="Seconds to wait for news.")] = 0.0,
) -> Snapshot:
    """Answers at once when there is a newer message or the assistant is not typing; else waits up to `wait`."""
    services.deliveries.received(conversation_id, after)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait
    with services.live.listen(conversation_id) as listener:
        while True:
            listener.rearm()
            async with services.database.read_rows() as rows:
                snapshot = await services.conversations.snapshot(rows, conversation_id, after)
            remaining = deadline - loop.time()
            if snapshot.messages or not snapshot.typing or remaining <= 0 or services.live.closing:
                return snapshot
            await listener.wait(remaining)


@router.get(
    "/transcript",
    summary="The conversation as a text file",
    response_class=PlainTextResponse,
    responses=problems_openapi(Unauthenticated),
)
async def get_transcript(services: GatewayServices, conversation_id: HeldConversation) -> PlainTextResponse:
    """To keep: times are the shop's, as its support hours say, else UTC; words in the conversation's language."""
    async with services.database.read() as session:
        messages = await repository.messages_after(session, conversation_id, 0)
        language = await repository.locale(session, conversation_id)
    hours = services.support_hours()
    words = transcript(messages, language, hours.timezone if hours is not None else "UTC")
    disposition = f'attachment; filename="conversation-{conversation_id[:8]}.txt"'
    return PlainTextResponse(words, headers={"Content-Disposition": disposition})


@router.post(
    "/identity",
    summary="Sign in to a running conversation",
    responses=problems_openapi(Unauthenticated, TooManyRequests, Unavailable),
)
async def sign_in(
    request: IdentityRequest, services: GatewayServices, conversation_id: HeldConversation, address: ClientAddress
) -> SignedIn:
    """Ties the conversation to the customer of a shop-signed token, which is then used up."""
    context = ConversationContext(client_address=address)
    verification = await _sign_in(services, conversation_id, context, request.identity_token)
    return SignedIn(
        level=verification.level, expires_at=verification.expires_at, display_name=verification.display_name
    )


@router.get("/schemas", summary="JSON Schemas of message contents, by kind")
async def get_schemas() -> dict[str, Any]:
    """One self-contained JSON Schema that every `content` satisfies, told apart by `kind`."""
    return content_adapter.json_schema(mode="serialization")


async def _sign_in(
    services: Services, conversation_id: str, context: ConversationContext, identity_token: str
) -> Verification:
    """The CRM's verdict on an identity token. Raises `Unauthenticated` naming the field, or that we cannot ask."""
    try:
        await services.crm.put_context(conversation_id, context)
        return await services.crm.identify(conversation_id, identity_token)
    except UpstreamRejected as error:
        if error.status == TooManyRequests.status:
            raise TooManyRequests(error.retry_after or 60) from error
        raise Unauthenticated(
            "The identity token was not accepted. Continue as a guest by leaving it out.",
            errors=[
                FieldProblem(field="body.identity_token", message="not accepted: invalid, expired or already used")
            ],
        ) from error
    except UpstreamError as error:
        raise Unavailable("Signing in is not possible at the moment. Continue as a guest, or try again.") from error
