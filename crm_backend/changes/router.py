"""`/shopper/{conversation_id}/proposals` and `/staff/proposals`: the same two steps for every change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import ConfigDict

from crm_backend.callers import Agent, AgentWriting, Shopper, shopper, staff_actor
from crm_backend.changes import service
from crm_backend.changes.kind import ProposalVoid, Refusal, VerificationNeeded
from crm_backend.changes.kinds import BY_NAME, schema_of_requests, terms_of
from crm_backend.changes.unit import CodeMeans, Unit
from crm_backend.dependencies import ConversationId, Reading, ShopPolicies, Writing, held_by
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import EVERYTHING, ShopperAccess, ShopperWriteAccess
from shopdesk_schemas.changes import ProposalRequest, ProposalView
from shopdesk_schemas.problems import Forbidden, NotFound, TooManyRequests
from shopdesk_schemas.web import problem_response, problems_openapi


class KnownProposalRequest(ProposalRequest):
    """With the kinds and their details in the published schema; the service checks them, and names fields shortly."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(schema_of_requests()))


ProposalId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]

shopper_router = APIRouter(
    prefix="/shopper/{conversation_id}/proposals",
    tags=["changes"],
    route_class=IdempotentRoute,
    responses=problems_openapi(NotFound),
)
staff_router = APIRouter(
    prefix="/staff/proposals",
    tags=["changes"],
    route_class=IdempotentRoute,
    responses=problems_openapi(NotFound, Forbidden),
)


async def _shopper_unit(session: Writing, access: ShopperWriteAccess, actor: Shopper, request: Request) -> Unit:
    held = held_by(request)
    means = CodeMeans(held.settings.lookup_key, held.settings.message_channels())
    return Unit(session, held.policies, held.clock, actor, access, codes=means, rules=held.rules)


async def _staff_unit(session: Writing, agent: AgentWriting, request: Request) -> Unit:
    held = held_by(request)
    return Unit(session, held.policies, held.clock, agent.actor, EVERYTHING, rules=held.rules)


ShopperUnit = Annotated[Unit, Depends(_shopper_unit)]
StaffUnit = Annotated[Unit, Depends(_staff_unit)]


@shopper_router.post(
    "",
    status_code=201,
    summary="Ask what a change would mean",
    dependencies=[Depends(once(shopper))],
    responses=problems_openapi(VerificationNeeded, Refusal),
)
def propose(request: KnownProposalRequest, unit: ShopperUnit) -> ProposalView:
    """What would change, where money goes, and until when it can be confirmed.

    Kinds that need no confirmation come back confirmed. 409 `/problems/refused` names the rule and what is possible
    instead; 403 `/problems/verification-needed` the level of verification that is needed.
    """
    return service.propose(unit, request)


@shopper_router.get("/{proposal_id}", summary="An offer and what became of it")
def show(
    session: Reading, access: ShopperAccess, conversation_id: ConversationId, proposal_id: ProposalId
) -> ProposalView:
    """404 when it is not this conversation's, or what it is about is not open to it any more."""
    return service.show(session, access, proposal_id, f"shopper:{conversation_id}")


@shopper_router.post(
    "/{proposal_id}/confirm",
    summary="Carry an offer out",
    response_model=ProposalView,
    dependencies=[Depends(once(shopper))],
    responses=problems_openapi(VerificationNeeded, ProposalVoid, TooManyRequests),
)
def confirm(unit: ShopperUnit, proposal_id: ProposalId) -> ProposalView | Response:
    """Once: confirming again gives the same outcome. 409 `/problems/proposal-void` when the offer stands no more.

    429 where it would send one code too many.
    """
    return _answer(service.confirm(unit, proposal_id))


@shopper_router.post(
    "/{proposal_id}/decline",
    summary="Turn an offer down",
    dependencies=[Depends(once(shopper))],
    responses=problems_openapi(ProposalVoid),
)
def decline(unit: ShopperUnit, proposal_id: ProposalId) -> ProposalView:
    """It cannot be confirmed afterwards. 409 when it was confirmed already."""
    return service.decline(unit, proposal_id)


@staff_router.post(
    "",
    status_code=201,
    summary="Ask what a change would mean, for an agent",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Refusal),
)
def propose_as_staff(
    request: KnownProposalRequest, unit: StaffUnit, agent: AgentWriting, policies: ShopPolicies
) -> ProposalView:
    """The same rules as for shoppers, for any order; 403 where the shop wants a higher role."""
    kind = BY_NAME.get(request.kind)
    if kind is not None and not agent.has(terms_of(kind, policies).staff_role):
        raise Forbidden
    return service.propose(unit, request)


@staff_router.get("/{proposal_id}", summary="Any offer and what became of it")
def show_to_staff(session: Reading, _agent: Agent, proposal_id: ProposalId) -> ProposalView:
    """A shopper's too."""
    return service.show(session, EVERYTHING, proposal_id, None)


@staff_router.post(
    "/{proposal_id}/confirm",
    summary="Carry out an offer that an agent asked for",
    response_model=ProposalView,
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(ProposalVoid),
)
def confirm_as_staff(
    unit: StaffUnit, agent: AgentWriting, policies: ShopPolicies, proposal_id: ProposalId
) -> ProposalView | Response:
    """Not a shopper's: that is theirs to confirm."""
    told = service.show(unit.session, EVERYTHING, proposal_id, unit.actor.caller)
    kind = BY_NAME.get(told.kind)
    if kind is not None and not agent.has(terms_of(kind, policies).staff_role):
        raise Forbidden
    return _answer(service.confirm(unit, proposal_id))


@staff_router.post(
    "/{proposal_id}/decline",
    summary="Drop an offer that an agent asked for",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(ProposalVoid),
)
def decline_as_staff(unit: StaffUnit, proposal_id: ProposalId) -> ProposalView:
    """It cannot be confirmed afterwards."""
    return service.decline(unit, proposal_id)


def _answer(outcome: ProposalView | ProposalVoid) -> ProposalView | Response:
    # Returned, not raised: that it is void is to be kept.
    return problem_response(outcome) if isinstance(outcome, ProposalVoid) else outcome
