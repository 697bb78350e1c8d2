"""`/staff/policies`: the shop's rules as the console changes them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from sqlalchemy import event

from crm_backend.callers import Agent, Lead, staff_actor
from crm_backend.database.engine import WriteSession
from crm_backend.dependencies import BusinessClock, Held, Reading, Resources, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.policies import editing
from shopdesk_schemas.policy_editing import (
    PolicyChange,
    PolicyOverview,
    PolicyPreview,
    PolicyRestore,
    PolicySectionView,
)
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/staff/policies", tags=["policies"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)


@router.get("", summary="Sections and versions of the policies")
def overview(_agent: Agent, held: Held, session: Reading) -> PolicyOverview:
    """What can be changed here, and what was."""
    held.rules.of(session)
    return editing.overview(session, held.rules.now.unusable)


@router.get("/{section}", summary="A section's rules", responses=problems_openapi(NotFound))
def section(
    _agent: Agent, held: Held, session: Reading, section: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]
) -> PolicySectionView:
    """Each with what it may be, the value in force and the file's."""
    return editing.section(session, held.rules, section)


@router.post("/previews", summary="What a change would do", dependencies=[Depends(once(staff_actor))])
def preview(_agent: Lead, held: Held, session: Writing, clock: BusinessClock, body: PolicyChange) -> PolicyPreview:
    """The rules that would differ and the offers that would be void. Changes nothing; a 422 names the rules."""
    return editing.preview(session, held.rules, clock, body)


@router.put("", summary="Change rules", dependencies=[Depends(once(staff_actor))], responses=problems_openapi(Conflict))
def save(agent: Lead, held: Held, session: Writing, clock: BusinessClock, body: PolicyChange) -> PolicyOverview:
    """They hold at once: for every offer that is made from now on, and for what is told within a second."""
    editing.save(session, held.rules, clock, agent, body)
    return _saved(session, held)


@router.post(
    "/restorations",
    summary="Go back to an earlier version",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict, NotFound),
)
def restore(agent: Lead, held: Held, session: Writing, clock: BusinessClock, body: PolicyRestore) -> PolicyOverview:
    """Or to the shop's file alone. It is a version of its own."""
    editing.restore(session, held.rules, clock, agent, body)
    return _saved(session, held)


def _saved(session: WriteSession, held: Resources) -> PolicyOverview:
    event.listen(session, "after_commit", lambda _session: held.rules.look(), once=True)
    return editing.overview(session, None)
