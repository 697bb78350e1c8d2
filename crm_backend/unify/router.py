"""`/staff/matches` and `/staff/profiles`: the review queue, and parting what was joined by mistake."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from crm_backend.callers import Agent, AgentWriting, staff_actor
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.unify import service
from crm_backend.unify.schemas import Decision, MatchList, MatchView, ProfileView, Split, SplitResult
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/staff", tags=["profiles"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)

PublicId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]


@router.get("/matches", summary="Customers who may be one person, the likeliest first")
def review_queue(
    _agent: Agent,
    session: Reading,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int, Query(ge=0, le=1_000_000, description="How many to pass over.")] = 0,
) -> MatchList:
    """Those that the rules leave to a person."""
    return MatchList(matches=service.review_queue(session, limit, after))


@router.post(
    "/matches/{match_id}/decision",
    summary="Say whether two customers are one person",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(NotFound, Conflict),
)
def decide(
    decision: Decision,
    agent: AgentWriting,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    match_id: PublicId,
) -> MatchView:
    """It holds until somebody says otherwise, whatever the rules find later."""
    return service.decide(session, policies, agent.actor, match_id, decision.verdict, clock.wall())


@router.get(
    "/profiles/{profile_id}", summary="A person known as several customers", responses=problems_openapi(NotFound)
)
def show_profile(_agent: Agent, session: Reading, profile_id: PublicId) -> ProfileView:
    """Who belongs to it, and why."""
    return service.show_profile(session, profile_id)


@router.post(
    "/profiles/{profile_id}/split",
    summary="Part members from a profile",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(NotFound),
)
def split(
    who: Split,
    agent: AgentWriting,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    profile_id: PublicId,
) -> SplitResult:
    """They stay apart from those they leave, whatever the rules find later."""
    return SplitResult(profiles=service.split(session, policies, agent.actor, profile_id, who.members, clock.wall()))
