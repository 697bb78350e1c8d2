"""`/staff/help`: the shop's pages as the console writes them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import event

from crm_backend.callers import Agent, AgentWriting, Lead, staff_actor
from crm_backend.dependencies import BusinessClock, Held, Reading, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.pages import editing, service
from shopdesk_schemas.help import HelpAnswers, HelpPageChange, HelpPageList, HelpPageSource, HelpPageTrial
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.turn import Language
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/staff/help", tags=["help"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)

PageName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]


@router.get("/pages", summary="All pages")
def all_pages(_agent: Agent, held: Held, session: Reading) -> HelpPageList:
    """By language and name, with where each comes from."""
    return editing.entries(held.pages.index(), session)


@router.get("/pages/{language}/{name}", summary="A page as it is written", responses=problems_openapi(NotFound))
def source(
    _agent: Agent,
    held: Held,
    session: Reading,
    language: Language,
    name: PageName,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="An earlier one of the console.")] = None,
) -> HelpPageSource:
    """Empty where there is none of this name yet."""
    return editing.source(session, held.settings.shop, language, name, version)


@router.put(
    "/pages/{language}/{name}",
    summary="Write a page",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict),
)
def save(
    agent: Lead, held: Held, session: Writing, clock: BusinessClock, language: Language, name: PageName,
    body: HelpPageChange,
) -> HelpPageSource:  # fmt: skip
    """It answers at once where it was saved, and within seconds in every other process."""
    editing.save(session, agent, language, name, body, clock.wall())
    event.listen(session, "after_commit", lambda _session: held.pages.look_again(), once=True)
    return editing.source(session, held.settings.shop, language, name, None)


@router.delete(
    "/pages/{language}/{name}",
    summary="Take a page of the console back",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict, NotFound),
)
def withdraw(
    agent: Lead, held: Held, session: Writing, clock: BusinessClock, language: Language, name: PageName,
    version: Annotated[int, Query(ge=0, le=2**31 - 1, description="That was read; another is a 409.")],
) -> HelpPageSource:  # fmt: skip
    """The shop's own file holds again, where there is one."""
    editing.withdraw(session, agent, language, name, version, clock.wall())
    event.listen(session, "after_commit", lambda _session: held.pages.look_again(), once=True)
    return editing.source(session, held.settings.shop, language, name, None)


@router.post("/trials", summary="What a draft would answer", dependencies=[Depends(once(staff_actor))])
def trial(_agent: AgentWriting, held: Held, _session: Writing, body: HelpPageTrial) -> HelpAnswers:
    """The question put to all pages with the draft among them. Changes nothing."""
    index = editing.with_draft(held.pages.index(), editing.draft(body, body.language, body.name))
    return service.answers(index, held.policies, body.question, body.language)
