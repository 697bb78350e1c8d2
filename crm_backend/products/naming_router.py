"""`/staff/other-names`: what shoppers call products and values of options, as the console writes it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from crm_backend.callers import Agent, AgentWriting, Lead, staff_actor
from crm_backend.dependencies import BusinessClock, Reading, RequestedLanguage, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.products import naming
from shopdesk_schemas.other_names import (
    PLAIN,
    NameableProduct,
    Named,
    NamedKind,
    NameTrial,
    NameTrialOutcome,
    OtherNamesChange,
    OtherNamesList,
    OtherNamesView,
)
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/staff/other-names", tags=["products"], route_class=IdempotentRoute, responses=problems_openapi(Forbidden)
)

Reference = Annotated[str, Query(min_length=1, max_length=200, pattern=PLAIN)]


@router.get("", summary="Everything that has other names")
def everything(_agent: Agent, session: Reading) -> OtherNamesList:
    """The last changed first."""
    return naming.entries(session)


@router.get("/product", summary="What of a product can be named", responses=problems_openapi(NotFound))
def product(
    _agent: Agent,
    session: Reading,
    reference: Annotated[Reference, Query(description="Its external id, or a SKU.")],
    source: Annotated[
        str | None, Query(max_length=200, pattern=PLAIN, description="Where two systems share ids.")
    ] = None,
    language: RequestedLanguage = None,
) -> NameableProduct:
    """The product and its options' values as the catalogue writes them, with the names that each has."""
    return naming.nameable(session, reference, source, language)


@router.get("/one", summary="What a thing is called besides", responses=problems_openapi(NotFound))
def one(
    _agent: Agent,
    session: Reading,
    kind: NamedKind,
    name: Annotated[Reference, Query(description="The product's external id, or the option.")],
    source: Annotated[str, Query(max_length=200, pattern=PLAIN, description="Of a product.")] = "",
    value: Annotated[str, Query(max_length=200, pattern=PLAIN, description="The option's value.")] = "",
) -> OtherNamesView:
    """With every version that was saved. An option's value is the same wherever the catalogue has it."""
    return naming.view(session, Named(kind=kind, source=source, name=name, value=value))


@router.put(
    "",
    summary="Give other names",
    dependencies=[Depends(once(staff_actor))],
    responses=problems_openapi(Conflict, NotFound),
)
def save(agent: Lead, session: Writing, clock: BusinessClock, body: OtherNamesChange) -> OtherNamesView:
    """They hold for whatever is asked next, in every process. No names at all take them back."""
    naming.save(session, agent, body, clock.wall())
    return naming.view(session, body.named)


@router.post("/trials", summary="What words find with other names", dependencies=[Depends(once(staff_actor))])
def trial(_agent: AgentWriting, session: Writing, body: NameTrial) -> NameTrialOutcome:
    """As it is, and as it would be. Changes nothing."""
    return naming.trial(session, body)
