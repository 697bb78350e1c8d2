"""`/backoffice/effects` for the shop's systems, `/staff/effects` for agents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import StringConstraints
from pydantic.json_schema import SkipJsonSchema

from crm_backend.callers import Agent, AgentWriting, reading_system, staff_actor, writing_system
from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import Unit
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies, Writing
from crm_backend.effects import service
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import EVERYTHING
from shopdesk_schemas.changes import EffectState
from shopdesk_schemas.effects import EffectAnswer, EffectPage, EffectRecord
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.web import problems_openapi

PAGE = 100
PAGE_MAXIMUM = 500
UNDONE: tuple[EffectState, ...] = ("pending", "delivered", "accepted")

backoffice_router = APIRouter(
    prefix="/backoffice/effects", tags=["effects"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)
staff_router = APIRouter(
    prefix="/staff/effects", tags=["effects"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)

EffectId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
States = Annotated[
    list[EffectState] | SkipJsonSchema[None], Query(description="Those not done and not failed when not given.")
]
Kind = Annotated[Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,100}$")] | SkipJsonSchema[None], Query()]
After = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")] | SkipJsonSchema[None],
    Query(description="The id of the last one that was read."),
]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAXIMUM)]

_reads = reading_system("effects:read")
_answers = writing_system("effects:answer")


@backoffice_router.get("", summary="Work for the shop's systems, oldest first")
def list_effects(
    session: Reading,
    _caller: Annotated[Actor, Depends(_reads)],
    state: States = None,
    kind: Kind = None,
    after: After = None,
    limit: Limit = PAGE,
) -> EffectPage:
    """Each is to be done once by its id, whether it came by this list or by the webhook."""
    return service.list_effects(session, state or UNDONE, kind, after, limit)


@backoffice_router.get("/{effect_id}", summary="One piece of work", responses=problems_openapi(NotFound))
def show_effect(session: Reading, _caller: Annotated[Actor, Depends(_reads)], effect_id: EffectId) -> EffectRecord:
    """As it stands."""
    return service.show(session, effect_id)


@backoffice_router.post(
    "/{effect_id}/answers",
    summary="Say what became of it",
    dependencies=[Depends(once(_answers))],
    responses=problems_openapi(NotFound, Conflict),
)
def answer(
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    actor: Annotated[Actor, Depends(_answers)],
    effect_id: EffectId,
    said: EffectAnswer,
) -> EffectRecord:
    """What rests on it follows: a refund is paid, a cancelled order's parcel stopped. A failure opens a case."""
    return service.answer(Unit(session, policies, clock, actor, EVERYTHING), effect_id, said)


@staff_router.get("", summary="Effects, oldest first")
def list_for_staff(
    session: Reading,
    _agent: Agent,
    state: States = None,
    kind: Kind = None,
    after: After = None,
    limit: Limit = PAGE,
) -> EffectPage:
    """What other systems were asked for and what they said."""
    return service.list_effects(session, state or UNDONE, kind, after, limit)


@staff_router.get("/{effect_id}", summary="One effect", responses=problems_openapi(NotFound))
def show_for_staff(session: Reading, _agent: Agent, effect_id: EffectId) -> EffectRecord:
    """As it stands."""
    return service.show(session, effect_id)


@staff_router.post(
    "/{effect_id}/retry",
    summary="Have it tried once more",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(NotFound, Conflict),
)
def retry(
    session: Writing, policies: ShopPolicies, clock: BusinessClock, agent: AgentWriting, effect_id: EffectId
) -> EffectRecord:
    """One that failed or could not be delivered."""
    return service.retry(Unit(session, policies, clock, agent.actor, EVERYTHING), effect_id)
