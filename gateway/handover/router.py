"""The agents' half of a conversation: take it, speak in it, give it back. For the console's transcript page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from gateway.clients.staff import StaffMember
from gateway.console.access import ConversationId, SignedInAgent, WritingAgent
from gateway.console.accounts import by_username
from gateway.conversations import repository as conversations_repository
from gateway.conversations.models import Conversation
from gateway.conversations.schemas import MAX_SEQ, ChatMessage
from gateway.database.engine import AnySession
from gateway.dependencies import GatewayServices
from gateway.desk.replies import all_replies, facts, suggest
from gateway.errors import LeaseLost, PayloadTooLarge, UpstreamError
from gateway.handover import repository
from gateway.handover.service import Lease
from gateway.images.uploads import UPLOAD_BODY, read_upload
from shopdesk_schemas.content import Schema
from shopdesk_schemas.problems import Conflict, Forbidden, InvalidInput, NotFound, TooManyRequests, Unauthenticated
from shopdesk_schemas.web import problems_openapi

IMAGES_PATH = "/console/api/images"

router = APIRouter(
    prefix="/console/api",
    tags=["hand-over"],
    responses=problems_openapi(Unauthenticated, Forbidden, NotFound, InvalidInput, PayloadTooLarge),
)


class LeaseView(Schema):
    """The right to speak in a conversation: name the fencing number with everything that is done under it."""

    fencing_number: int
    until: datetime = Field(description="Without a sign of life until then the conversation goes back to the queue.")

    @classmethod
    def of(cls, lease: Lease) -> LeaseView:
        """From the service's answer."""
        return cls(fencing_number=lease.fencing_number, until=lease.until)


class UnderLease(Schema):
    """A body of what only the holder may do."""

    fencing_number: int = Field(ge=0, le=MAX_SEQ)


class AgentMessage(UnderLease):
    """Words to the shopper."""

    client_id: UUID = Field(description="Made by the page; the same id again is the same message.")
    text: str = Field(min_length=1, max_length=4000, pattern=r"\S")


class Transfer(UnderLease):
    """To whom."""

    to: str = Field(min_length=1, max_length=100, description="The colleague's user name.")


class SuggestedReply(Schema):
    """A reply that may fit; the agent sends it or not."""

    title: str
    text: str
    source: Literal["canned", "policy", "assistant"]


class HandBack(UnderLease):
    """Giving the conversation back to the assistant."""

    outcome: Literal["handed_back", "resolved"]
    note: str = Field(default="", max_length=2000, description="What was done, for the assistant and for colleagues.")


class Available(Schema):
    """Whether the agent can be given conversations."""

    available: bool


class Given(Schema):
    """What a sign of life brought."""

    conversation_id: str | None = Field(description="The agent's own from now on; null: nobody for them now.")


class Waiting(Schema):
    """A conversation that waits for a person."""

    conversation_id: str
    reason: str | None
    queued_at: datetime
    language: str
    channel: str
    contact_email: str | None
    lost_by_an_agent: bool = Field(description="An agent's connection was lost; the assistant is silent there.")


class AgentSnapshot(Schema):
    """Messages newer than asked for, and who holds the conversation; read at one instant."""

    messages: list[ChatMessage]
    state: Literal["assistant", "queued", "agent"]
    holder: str | None = Field(description="The display name of the agent who holds it.")
    mine: bool
    fencing_number: int


@router.get("/queue", summary="Who waits, in the order in which they should be taken")
async def get_queue(
    services: GatewayServices, _agent: SignedInAgent, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[Waiting]:
    """Shoppers who asked for a person, or whose agent was lost."""
    async with services.database.read() as session:
        waiting = await repository.queue(session, limit)
    return [
        Waiting(
            conversation_id=each.id,
            reason=each.handoff_reason,
            queued_at=each.queued_at or each.last_message_at,
            language=each.locale,
            channel=each.channel,
            contact_email=each.contact_email,
            lost_by_an_agent=each.assistant_paused,
        )
        for each in waiting
    ]


@router.post("/available", summary="The agent is there, or leaves")
async def available(body: Available, services: GatewayServices, agent: WritingAgent) -> Given:
    """A page's sign of life. Who waits first is given to the freest agent who is there and has room."""
    async with services.database.write() as session:
        given = await services.availability.sign_of_life(session, agent.id, available=body.available)
    return Given(conversation_id=given)


@router.post("/conversations/{conversation_id}/take", responses=problems_openapi(Conflict))
async def take(conversation_id: ConversationId, services: GatewayServices, agent: WritingAgent) -> LeaseView:
    """From now on nothing of the assistant is said there; 409 when another agent holds it."""
    async with services.database.write() as session:
        await _existing(session, conversation_id)
        lease = await services.handovers.take(session, conversation_id, agent)
    return LeaseView.of(lease)


@router.post("/conversations/{conversation_id}/renew", responses=problems_openapi(LeaseLost))
async def renew(
    conversation_id: ConversationId, body: UnderLease, services: GatewayServices, agent: WritingAgent
) -> LeaseView:
    """A sign of life of the page that holds the conversation."""
    async with services.database.write() as session:
        await _existing(session, conversation_id)
        lease = await services.handovers.renew(session, conversation_id, agent, body.fencing_number)
    return LeaseView.of(lease)


@router.post("/conversations/{conversation_id}/typing", status_code=204, responses=problems_openapi(LeaseLost))
async def typing(
    conversation_id: ConversationId, body: UnderLease, services: GatewayServices, agent: WritingAgent
) -> Response:
    """The agent is writing; the shopper sees it for some seconds."""
    async with services.database.write() as session:
        await _existing(session, conversation_id)
        await services.handovers.typing(session, conversation_id, agent, body.fencing_number)
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/messages", status_code=201, responses=problems_openapi(LeaseLost))
async def say(
    conversation_id: ConversationId, body: AgentMessage, services: GatewayServices, agent: WritingAgent
) -> ChatMessage:
    """Words to the shopper, on the channel they are on; the same client id again is the same message."""
    async with services.database.write() as session:
        await _existing(session, conversation_id)
        message = await services.handovers.say(
            session, conversation_id, agent, body.fencing_number, body.client_id, body.text
        )
    return services.conversations.shown(message)


@router.post(
    "/images",
    status_code=201,
    summary="Show the shopper a picture",
    openapi_extra={"requestBody": UPLOAD_BODY},
    responses=problems_openapi(LeaseLost, TooManyRequests),
)
async def show(
    request: Request,
    conversation_id: Annotated[str, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
    fencing_number: Annotated[int, Query(ge=0, le=MAX_SEQ)],
    client_id: Annotated[UUID, Query(description="Made by the page; the same id again is the same message.")],
    services: GatewayServices,
    agent: WritingAgent,
) -> ChatMessage:
    """Checked by its content and drawn anew like shoppers' own, and shown on the channel that they are on."""
    async with services.database.read() as session:
        await _existing(session, conversation_id)
    picture = await services.images.encode(await read_upload(request))
    async with services.database.write() as session:
        message = await services.handovers.say(session, conversation_id, agent, fencing_number, client_id, picture)
    return services.conversations.shown(message)


@router.post("/conversations/{conversation_id}/hand-back", status_code=204, responses=problems_openapi(LeaseLost))
async def hand_back(
    conversation_id: ConversationId, body: HandBack, services: GatewayServices, agent: WritingAgent
) -> Response:
    """The assistant goes on, knowing what was done."""
    async with services.database.write() as session:
        await _existing(session, conversation_id)
        await services.handovers.hand_back(
            session, conversation_id, agent, body.fencing_number, body.outcome, body.note.strip()
        )
        if body.outcome == "resolved":
            await services.surveys.ask(session, await conversations_repository.lock(session, conversation_id))
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/to-queue", status_code=204, responses=problems_openapi(LeaseLost))
async def to_queue(
    conversation_id: ConversationId, body: UnderLease, services: GatewayServices, agent: WritingAgent
) -> Response:
    """A colleague shall go on: to the front of the queue."""
    async with services.database.write() as session:
        await _existing(session, conversation_id)
        await services.handovers.to_queue(session, conversation_id, agent, body.fencing_number)
    return Response(status_code=204)


@router.post(
    "/conversations/{conversation_id}/transfer", status_code=204, responses=problems_openapi(LeaseLost, Conflict)
)
async def transfer(
    conversation_id: ConversationId, body: Transfer, services: GatewayServices, agent: WritingAgent
) -> Response:
    """A colleague goes on with the conversation."""
    async with services.database.write() as session:
        await _existing(session, conversation_id)
        to = await by_username(session, body.to)
        if to is None:
            raise NotFound
        await services.handovers.transfer(session, conversation_id, agent, body.fencing_number, to)
    return Response(status_code=204)


@router.get("/conversations/{conversation_id}/replies", summary="Replies that may fit")
async def suggested_replies(
    conversation_id: ConversationId,
    services: GatewayServices,
    agent: WritingAgent,
    q: Annotated[str, Query(max_length=200, description="Words to look for instead of what was asked last.")] = "",
) -> list[SuggestedReply]:
    """By what was asked last, in the shopper's language, with the shop's policy in the place of placeholders."""
    async with services.database.read() as session:
        conversation = await _existing(session, conversation_id)
        turn, asked = await repository.last_asked(session, conversation_id)
        canned = await all_replies(session, conversation.locale)
    try:
        policy = await services.crm.policies()
    except UpstreamError:
        policy = None
    try:
        staff = StaffMember.of(agent.id, agent.username, agent.role)
        known = await services.staff.conversation_customer(staff, conversation_id)
        order = known.order_number
    except UpstreamError:
        order = None
    values = facts(policy, conversation.locale, agent=agent.display_name, order=order)
    found = suggest(canned, turn if not q else None, q or asked, conversation.locale, values)
    return [SuggestedReply(title=one.title, text=one.words, source=one.source) for one in found]


@router.get("/conversations/{conversation_id}/messages", summary="Read on")
async def read_on(
    conversation_id: ConversationId,
    services: GatewayServices,
    agent: SignedInAgent,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
) -> AgentSnapshot:
    """What is newer than `after`, and who holds the conversation. That there is news is told by the page's stream."""
    async with services.database.read() as session:
        conversation = await _existing(session, conversation_id)
        news = await services.conversations.snapshot(session, conversation_id, after)
        return AgentSnapshot(
            messages=news.messages,
            state=conversation.state,
            holder=await repository.holder_name(session, conversation),
            mine=conversation.holder_id == agent.id,
            fencing_number=conversation.fencing_number,
        )


async def _existing(session: AnySession, conversation_id: str) -> Conversation:
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound
    return conversation
