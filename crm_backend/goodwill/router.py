"""`/staff/goodwill`: what agents gave or ask to give. Asking is a proposal, `goodwill.give`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import StringConstraints
from pydantic.json_schema import SkipJsonSchema

from crm_backend.callers import Agent, AgentWriting, staff_actor
from crm_backend.changes.kind import Refusal
from crm_backend.changes.unit import Unit
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies, Writing
from crm_backend.goodwill import deciding
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import EVERYTHING
from crm_backend.policies.goodwill import GoodwillRules
from shopdesk_schemas.goodwill import (
    GOODWILL_STATES,
    GoodwillDecision,
    GoodwillPage,
    GoodwillState,
    GoodwillTerms,
    GoodwillView,
)
from shopdesk_schemas.problems import Forbidden, NotFound
from shopdesk_schemas.web import problems_openapi

PAGE = 100
PAGE_MAXIMUM = 500

router = APIRouter(
    prefix="/staff/goodwill", tags=["goodwill"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)

GoodwillId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]


@router.get("", summary="What was given and is asked for")
def list_goodwill(
    session: Reading,
    _agent: Agent,
    state: Annotated[list[GoodwillState] | SkipJsonSchema[None], Query(description="All when not given.")] = None,
    conversation: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:-]{1,128}$")] | SkipJsonSchema[None], Query()
    ] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAXIMUM)] = PAGE,
) -> GoodwillPage:
    """The newest first."""
    return deciding.listed(session, state or GOODWILL_STATES, conversation, limit)


@router.get("/terms", summary="What the agent may give")
def terms(agent: Agent, policies: ShopPolicies) -> GoodwillTerms:
    """By the shop's rules and the agent's role."""
    rules: GoodwillRules = policies.goodwill
    return GoodwillTerms(
        forms=[form for form in rules.forms if form != "points" or rules.point_minor],
        limit_minor={currency: rules.limit(agent.role, currency) for currency in rules.most},
        most_minor=dict(rules.most),
        point_minor=dict(rules.point_minor),
        within_days=rules.within_days,
    )


@router.get("/{goodwill_id}", summary="One of them", responses=problems_openapi(NotFound))
def show_goodwill(session: Reading, _agent: Agent, goodwill_id: GoodwillId) -> GoodwillView:
    """With who asked and who decided."""
    return deciding.show(session, goodwill_id)


@router.post(
    "/{goodwill_id}/decision",
    summary="Allow or decline what is above an agent's limit",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(NotFound, Refusal),
)
def decide(
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    agent: AgentWriting,
    goodwill_id: GoodwillId,
    said: GoodwillDecision,
) -> GoodwillView:
    """By a lead, not by who asked for it. 409 when it was decided otherwise, or the order does not bear it any more."""
    return deciding.decide(Unit(session, policies, clock, agent.actor, EVERYTHING), agent, goodwill_id, said)
