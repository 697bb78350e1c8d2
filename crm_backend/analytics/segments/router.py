"""`/staff/segments`: what the analysis put together, and what the shop defines itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from crm_backend.analytics.segments import service
from crm_backend.callers import Agent, AgentWriting, Lead, staff_actor
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import ShopperAccess
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.segments import (
    NewSegment,
    RuleBody,
    RuleLanguage,
    SegmentDefinition,
    SegmentHistory,
    SegmentList,
    SegmentPeople,
    SegmentPreview,
    SegmentView,
    ShopperSegments,
)
from shopdesk_schemas.turn import Language
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/staff", tags=["segments"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)
shopper_router = APIRouter(prefix="/shopper/{conversation_id}", tags=["segments"], responses=problems_openapi(NotFound))

Key = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
InLanguage = Annotated[Language, Query(description="Of names and sentences.")]


@router.get("/segments", summary="All segments")
def segment_list(_agent: Agent, session: Reading, policies: ShopPolicies, language: InLanguage = "en") -> SegmentList:
    """As they are published: name, sentence, size, what is typical, what the desk makes of it."""
    return service.segment_list(session, policies, language)


@router.get("/segment-traits", summary="What a segment's rule may say")
def rule_language(_agent: Agent, session: Reading, language: InLanguage = "en") -> RuleLanguage:
    """Every trait with its definition and operators."""
    return service.rule_language(session, language)


@router.post(
    "/segment-previews",
    summary="How many a rule would choose",
    dependencies=[Depends(once(staff_actor))],
)
def preview(_agent: AgentWriting, session: Writing, body: RuleBody, language: InLanguage = "en") -> SegmentPreview:
    """Of the customers as they are published. Changes nothing; errors name the place in the rule."""
    return service.preview(session, body.rule, language)


@router.post(
    "/segments",
    status_code=201,
    summary="Define a segment",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def create(
    agent: Lead,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    body: NewSegment,
    language: InLanguage = "en",
) -> SegmentView:
    """It is computed at once, and by every analysis from then on."""
    return service.create(session, policies, agent, body, language, clock.wall())


@router.get("/segments/{segment}", summary="One segment", responses=problems_openapi(NotFound))
def show_segment(
    _agent: Agent, session: Reading, policies: ShopPolicies, segment: Key, language: InLanguage = "en"
) -> SegmentView:
    """As it is published."""
    return service.segment(session, policies, segment, language)


@router.put(
    "/segments/{segment}",
    summary="Define a segment anew",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(NotFound),
)
def change(
    agent: Lead,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    segment: Key,
    body: SegmentDefinition,
    language: InLanguage = "en",
) -> SegmentView:
    """Only what the shop defined can be changed."""
    return service.change(session, policies, agent, segment, body, language, clock.wall())


@router.delete(
    "/segments/{segment}",
    status_code=204,
    summary="Define a segment no more",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(NotFound),
)
def remove(agent: Lead, session: Writing, clock: BusinessClock, segment: Key) -> None:
    """Only what the shop defined can be removed."""
    service.remove(session, agent, segment, clock.wall())


@router.get("/segments/{segment}/history", summary="A segment over time", responses=problems_openapi(NotFound))
def history(_agent: Agent, session: Reading, segment: Key) -> SegmentHistory:
    """Size, value, entries and exits of every run that computed it."""
    return service.history(session, segment)


@router.get("/segments/{segment}/members", summary="Who is in a segment", responses=problems_openapi(NotFound))
def members(
    _agent: Agent,
    session: Reading,
    segment: Key,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over.")] = 0,
) -> SegmentPeople:
    """Those who spent most first."""
    return service.people(session, segment, limit, after)


@router.get(
    "/segments/{segment}/members.csv",
    summary="Who is in a segment, as CSV",
    response_class=Response,
    responses={
        **problems_openapi(NotFound),
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "One line a customer."},
    },
)
def members_csv(_agent: Lead, session: Reading, segment: Key) -> Response:
    """The shop's own ids and amounts, no names or addresses. For leads."""
    return Response(
        service.members_csv(session, segment),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{segment}.csv"'},
    )


@shopper_router.get("/segments", summary="What the shopper's segments mean for how they are served")
def of_shopper(access: ShopperAccess, session: Reading, policies: ShopPolicies) -> ShopperSegments:
    """Place in the queue, greeting and offer. 404 for a conversation that is not verified as a customer."""
    return service.of_shopper(session, access, policies, access.language or policies.shop.default_language)
