"""`/staff/customers/{external_id}`: all that is known of a person; `/staff/conversations`: who one is with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from crm_backend.callers import Agent, AgentWriting
from crm_backend.customers import outcomes, service
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies, Writing
from shopdesk_schemas.customers import ConversationCustomer, ConversationOutcome, CustomerView
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.turn import Language
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/staff/customers", tags=["customers"], responses=problems_openapi(Forbidden, NotFound, Conflict)
)

conversations_router = APIRouter(
    prefix="/staff/conversations", tags=["customers"], responses=problems_openapi(Forbidden, NotFound)
)


@conversations_router.get("/{conversation_id}/customer", summary="Who a conversation is verified as")
def conversation_customer(
    _agent: Agent,
    session: Reading,
    clock: BusinessClock,
    conversation_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9._~:-]{1,128}$")],
) -> ConversationCustomer:
    """The customer, or the order and whose it is. A verification that has ended is told with `valid` false."""
    return service.of_conversation(session, conversation_id, clock.wall())


@conversations_router.get("/{conversation_id}/outcome", summary="Whether what a conversation was about is solved")
def conversation_outcome(
    _agent: Agent,
    session: Reading,
    clock: BusinessClock,
    policies: ShopPolicies,
    conversation_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9._~:-]{1,128}$")],
) -> ConversationOutcome:
    """By its cases and by the changes that were confirmed in it; with the same person's other conversations."""
    return outcomes.outcome(session, conversation_id, clock.now().date(), policies.analytics)


@conversations_router.delete("/{conversation_id}/account", status_code=204, summary="Forget whose the account is")
def forget_account(
    agent: AgentWriting,
    session: Writing,
    clock: BusinessClock,
    conversation_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9._~:-]{1,128}$")],
) -> None:
    """The account on the messaging platform is nobody's afterwards, and its conversations see nobody's record."""
    service.unlink(session, conversation_id, agent.actor, clock.wall())


# An id may hold slashes, which servers decode before they route.
@router.get("/{external_id:path}", summary="One person, over all channels")
def get_customer(
    _agent: Agent,
    session: Reading,
    external_id: Annotated[str, Path(min_length=1, max_length=200, description="The shop's own id of the customer.")],
    source: Annotated[
        str | None, Query(min_length=1, max_length=100, description="Whose id it is, where several systems have it.")
    ] = None,
    language: Annotated[Language, Query(description="Of the words of traits and segments.")] = "en",
) -> CustomerView:
    """Identity, contacts, consents, orders with what became of them, visits, conversations, cases, traits, segments.

    Of every customer in the same profile. What one channel does not know is taken from another.
    """
    return service.view(session, external_id, source, language)
