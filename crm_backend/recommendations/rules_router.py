"""`/staff/recommendations/rules`: what the shop pins, buries, keeps out and caps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from crm_backend.callers import Agent, Lead, staff_actor
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.recommendations import shop_rules
from shopdesk_schemas.problems import Conflict, Forbidden
from shopdesk_schemas.recommendations import ShelfRulesChange, ShelfRulesView
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/staff/recommendations/rules",
    tags=["recommendations"],
    route_class=IdempotentRoute,
    responses=problems_openapi(Forbidden),
)


@router.get("", summary="The rules of recommending")
def show(_agent: Agent, session: Reading, policies: ShopPolicies) -> ShelfRulesView:
    """Those in force: the policies', or what was changed in the console."""
    return shop_rules.view(session, policies)


@router.put(
    "",
    summary="Change the rules of recommending",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def change(
    agent: Lead, session: Writing, policies: ShopPolicies, clock: BusinessClock, body: ShelfRulesChange
) -> ShelfRulesView:
    """They hold from the next shelf on; errors name the product."""
    return shop_rules.change(session, policies, agent, body, clock.wall())


@router.delete(
    "",
    summary="Go back to the policies' rules",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def withdraw(
    agent: Lead,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    version: Annotated[int, Query(ge=0, description="Of the rules that were read; another is a 409.")],
) -> ShelfRulesView:
    """What was changed in the console holds no more."""
    return shop_rules.withdraw(session, policies, agent, version, clock.wall())
