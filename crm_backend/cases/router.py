"""`/staff/cases`: what agents have to see to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import StringConstraints
from pydantic.json_schema import SkipJsonSchema

from crm_backend.callers import Agent, AgentWriting, staff_actor
from crm_backend.cases import service
from crm_backend.changes.unit import Unit
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import EVERYTHING
from shopdesk_schemas.cases import CaseChange, CaseLoad, CaseOpening, CasePage, CaseState, CaseView
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.web import problems_openapi

PAGE = 100
PAGE_MAXIMUM = 500
UNSETTLED: tuple[CaseState, ...] = ("open", "waiting")

router = APIRouter(
    prefix="/staff/cases", tags=["cases"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)

CaseId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
Number = Annotated[Annotated[str, StringConstraints(min_length=1, max_length=100)] | SkipJsonSchema[None], Query()]
Conversation = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:-]{1,128}$")] | SkipJsonSchema[None], Query()
]


@router.get("", summary="Cases, the most urgent first")
def list_cases(
    session: Reading,
    _agent: Agent,
    clock: BusinessClock,
    state: Annotated[
        list[CaseState] | SkipJsonSchema[None], Query(description="Those not closed when not given.")
    ] = None,
    owner: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@+-]{1,64}$")] | SkipJsonSchema[None], Query()
    ] = None,
    unowned: Annotated[bool, Query(description="Only those that nobody has.")] = False,
    order_number: Number = None,
    conversation: Conversation = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAXIMUM)] = PAGE,
) -> CasePage:
    """Of everybody, or of one agent, order or conversation."""
    return service.list_cases(
        session,
        state or UNSETTLED,
        clock.wall(),
        owner=owner,
        unowned=unowned,
        order_number=order_number,
        link=("conversation", conversation) if conversation else None,
        limit=limit,
    )


@router.get("/load", summary="How much everybody has to see to")
def case_load(session: Reading, _agent: Agent, clock: BusinessClock) -> CaseLoad:
    """Cases that are not closed, counted by owner."""
    return service.load(session, clock.wall())


@router.post("", status_code=201, summary="Open a case", dependencies=[Depends(once(staff_actor))])
def open_case(
    session: Writing, policies: ShopPolicies, clock: BusinessClock, agent: AgentWriting, opening: CaseOpening
) -> CaseView:
    """It is the agent's own until they hand it over."""
    return service.open_by_agent(Unit(session, policies, clock, agent.actor, EVERYTHING), opening)


@router.get("/{case_id}", summary="One case", responses=problems_openapi(NotFound))
def show_case(session: Reading, _agent: Agent, clock: BusinessClock, case_id: CaseId) -> CaseView:
    """With what it is about."""
    return service.show(session, case_id, clock.wall())


@router.patch(
    "/{case_id}",
    summary="Hand over, put off, note or close a case",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(NotFound, Conflict),
)
def change_case(
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    agent: AgentWriting,
    case_id: CaseId,
    wanted: CaseChange,
) -> CaseView:
    """409 when somebody changed it since it was read."""
    return service.change(Unit(session, policies, clock, agent.actor, EVERYTHING), case_id, wanted)
