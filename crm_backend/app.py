"""The CRM's HTTP application.

Every route but the health checks wants the service token: the CRM is on the private network, and still trusts nobody
who only got there. `/shopper` routes add the ownership dependency (`identity/access.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.security import HTTPAuthorizationCredentials
from sqlalchemy import Engine, select
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.responses import Response
from starlette.routing import BaseRoute

from crm_backend.account.router import contacts_router
from crm_backend.account.router import router as account_router
from crm_backend.analytics.delivery.router import router as delivery_risk_router
from crm_backend.analytics.segments.router import router as segments_router
from crm_backend.analytics.segments.router import shopper_router as shopper_segments_router
from crm_backend.cases.router import router as cases_router
from crm_backend.changes.kinds import check_kinds
from crm_backend.changes.router import shopper_router as proposals_router
from crm_backend.changes.router import staff_router as staff_proposals_router
from crm_backend.collect.router import router as collect_router
from crm_backend.customers.router import conversations_router
from crm_backend.customers.router import router as customers_router
from crm_backend.database.engine import Database, make_engine
from crm_backend.dependencies import Resources
from crm_backend.documents.invoice_router import shopper_router as invoices_router
from crm_backend.documents.invoice_router import staff_router as staff_invoices_router
from crm_backend.documents.router import link_router
from crm_backend.documents.router import shopper_router as documents_router
from crm_backend.documents.router import staff_router as staff_documents_router
from crm_backend.effects.router import backoffice_router as effects_router
from crm_backend.effects.router import staff_router as staff_effects_router
from crm_backend.encryption.keyring import EncryptionError
from crm_backend.goodwill.router import router as goodwill_router
from crm_backend.identity.models import Conversation
from crm_backend.identity.router import router as identity_router
from crm_backend.jobs import keep_running
from crm_backend.messages.router import router as mailbox_router
from crm_backend.notices.router import router as notices_router
from crm_backend.orders.router import router as orders_router
from crm_backend.pages.documents import PageError
from crm_backend.pages.router import router as help_router
from crm_backend.pages.service import Pages
from crm_backend.pages.staff_router import router as staff_help_router
from crm_backend.pages.written import reader as written_pages
from crm_backend.policies.in_force import PoliciesInForce
from crm_backend.policies.policy import Policies, PolicyError, load_policies
from crm_backend.policies.router import router as policies_router
from crm_backend.policies.staff_router import router as staff_policies_router
from crm_backend.privacy.router import router as privacy_router
from crm_backend.products.naming_router import router as other_names_router
from crm_backend.products.router import router as products_router
from crm_backend.quality.router import router as quality_router
from crm_backend.recommendations.router import router as recommendations_router
from crm_backend.recommendations.router import shopper_router as shopper_recommendations_router
from crm_backend.recommendations.router import staff_router as staff_recommendations_router
from crm_backend.recommendations.rules_router import router as recommendation_rules_router
from crm_backend.returns.router import shopper_router as returns_router
from crm_backend.returns.router import staff_router as staff_returns_router
from crm_backend.reviews.router import router as reviews_router
from crm_backend.settings import CrmSettings
from crm_backend.shipments.claim_router import shopper_router as claims_router
from crm_backend.shipments.claim_router import staff_router as staff_claims_router
from crm_backend.shipments.experience_router import router as deliveries_router
from crm_backend.stores.router import router as stores_router
from crm_backend.stores.router import shopper_router as shopper_stores_router
from crm_backend.stores.router import staff_router as staff_stores_router
from crm_backend.supply.router import router as supply_router
from crm_backend.unify.router import router as unify_router
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import FieldProblem, InvalidInput, Unauthenticated, Unavailable
from shopdesk_schemas.web import ServiceToken, bearer, health_router, install, problem_response, problems_openapi

_log = logging.getLogger("crm_backend")

CONNECTIONS = 20
"""To the database, and so requests that use it at one time."""

SQLITE_CACHE_MIB = 8
"""For each connection."""


_PRIVATE: tuple[APIRouter, ...] = (
    # What is asked for most comes first: routers are tried one after the other.
    proposals_router,
    identity_router,
    # Before the orders: their numbers may hold slashes, so theirs is the path that takes all that is left.
    returns_router,
    account_router,
    reviews_router,
    orders_router,
    customers_router,
    contacts_router,
    help_router,
    staff_help_router,
    other_names_router,
    staff_policies_router,
    mailbox_router,
    recommendation_rules_router,
    recommendations_router,
    shopper_recommendations_router,
    staff_recommendations_router,
    products_router,
    deliveries_router,
    stores_router,
    shopper_stores_router,
    staff_stores_router,
    supply_router,
    notices_router,
    delivery_risk_router,
    policies_router,
    staff_proposals_router,
    goodwill_router,
    staff_returns_router,
    claims_router,
    staff_claims_router,
    staff_effects_router,
    cases_router,
    quality_router,
    privacy_router,
    unify_router,
    conversations_router,
    segments_router,
    shopper_segments_router,
    documents_router,
    staff_documents_router,
    link_router,
    invoices_router,
    staff_invoices_router,
)


async def with_service_token(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> None:
    """The application's `ServiceToken`: its settings hold the token, and its routes are made without settings."""
    await request.app.state.service_token(credentials)


@cache
def _routes() -> list[BaseRoute]:
    """All routes but the health checks, made once for a process.

    FastAPI works a route out when it is first looked at; with a second application it would do so for all of them
    again, which takes longer than most tests that want an application of their own.
    """
    problems = problems_openapi(Unauthenticated, InvalidInput)
    everything = APIRouter()
    for router in _PRIVATE:
        everything.include_router(router, dependencies=[Depends(with_service_token)], responses=problems)
    # The shop's own systems come with keys of their own.
    for router in (effects_router, collect_router):
        everything.include_router(router, responses=problems)
    return everything.routes


def serving_engine(url: str) -> Engine:
    """The engine of an application."""
    # Twice the pool's size can be open: room for the readiness check beside all requests.
    return make_engine(url, pool_size=CONNECTIONS // 2 + 1, page_cache_mib=SQLITE_CACHE_MIB)


def create_app(
    settings: CrmSettings,
    *,
    clock: Clock | None = None,
    policies: Policies | None = None,
    database: Database | None = None,
) -> FastAPI:
    """The application. Raises PolicyError when the shop's policies cannot be used.

    `database` is that of the settings unless given. Its schema is not touched here: `crm_backend.migrations.migrate`
    makes it.
    """
    policies = policies or load_policies(settings.shop)
    check_kinds(policies)
    database = database or Database(serving_engine(settings.crm_database_url))
    rules = PoliciesInForce(policies, database, check_kinds)
    held = Resources(
        settings=settings,
        database=database,
        clock=clock or Clock(settings.fixed_now()),
        rules=rules,
        turns=CapacityLimiter(CONNECTIONS),
        pages=_pages(settings, rules, database),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(rules.look)
        working = [asyncio.create_task(rules.keep_looking())]
        if settings.jobs:
            working.append(asyncio.create_task(keep_running(held)))
        yield
        for task in working:
            task.cancel()
        await asyncio.wait(working)
        database.dispose()

    app = FastAPI(
        title="Shopdesk CRM",
        version="0.1.0",
        summary="Customers, orders, shipments and policies. Private: for the gateway and the actions.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        routes=_routes(),
    )
    app.state.resources = held
    app.state.service_token = ServiceToken(settings.service_token)
    install(app)
    app.add_exception_handler(OperationalError, _database_is_away)
    app.add_exception_handler(PoolTimeout, _database_is_away)
    app.add_exception_handler(DataError, _cannot_be_kept)
    app.add_exception_handler(EncryptionError, _cannot_be_opened)
    app.include_router(health_router({"database": lambda: _has_schema(database)}))
    return app


def _pages(settings: CrmSettings, rules: PoliciesInForce, database: Database) -> Pages:
    try:
        return Pages(settings.shop, rules.file, written_pages(database), lambda: rules.now.policies)
    except PageError as error:
        raise PolicyError(str(error)) from error


def _has_schema(database: Database) -> None:
    """Raises when the database does not answer or was not migrated."""
    with database.read() as session:
        session.execute(select(Conversation).limit(1))


async def _cannot_be_kept(request: Request, _error: Exception) -> Response:
    """A value that PostgreSQL takes in no text or document, where SQLite would: of what JSON and URLs can say that is
    the NUL character, wherever in the request it stands.
    """
    named = [f"query.{name}" for name, value in request.query_params.multi_items() if "\0" in value]
    if "\0" in request.url.path:
        named.append("path")
    problem = FieldProblem(field=named[0] if named else "body", message="holds a character that cannot be kept")
    return problem_response(InvalidInput(errors=[problem]))


async def _cannot_be_opened(_request: Request, error: Exception) -> Response:
    """Operators read in the log which column and key it is about; callers do not."""
    assert isinstance(error, EncryptionError)  # noqa: S101 - the handler is registered for this class
    _log.error("personal data cannot be opened", extra={"fields": {"about": error.detail}})
    return problem_response(error)


async def _database_is_away(_request: Request, _error: Exception) -> Response:
    """Lost, locked for too long, or full of waiting requests: worth another try, unlike an error of ours."""
    return problem_response(Unavailable())
