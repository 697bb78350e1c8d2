"""The gateway's application: the only door from outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from starlette.routing import BaseRoute

from gateway.channels import router as channels
from gateway.channels.router import BODY_LIMITS
from gateway.console import router as console
from gateway.console.rendering import Answered, give_answer
from gateway.conversations import router as chat
from gateway.conversations import socket as chat_socket
from gateway.demo import router as demo
from gateway.documents import router as documents_router
from gateway.handover import router as handover
from gateway.handover.router import IMAGES_PATH as AGENT_IMAGES_PATH
from gateway.help_pages import router as help_pages
from gateway.images import router as images
from gateway.images.service import IMAGES_PATH, MAX_UPLOAD_BYTES
from gateway.middleware import BodyLimit, ChatOrigins, SecurityHeaders
from gateway.migrations import is_current, newest
from gateway.services import Services, build_services
from gateway.settings import GatewaySettings
from gateway.surveys import router as surveys
from gateway.widget_files import widget_router
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.web import health_router, install


@cache
def _routes() -> list[BaseRoute]:
    """All routes but those of health, made once for a process: what they need of one application, they ask for.

    FastAPI works a route out when it is first looked at; with a second application it would do so for all of them
    again, which takes longer than most tests that want an application of their own.
    """
    everything = APIRouter()
    for router in (
        *(chat.router, chat_socket.router, images.router, channels.router, surveys.router),
        *(handover.router, widget_router(), documents_router, console.router, demo.router, help_pages.router),
    ):
        everything.include_router(router)
    return everything.routes


def create_app(settings: GatewaySettings, *, clock: Clock | None = None) -> FastAPI:
    """The application. Its database must be migrated (`gateway.migrations.migrate`) before it starts."""
    services = build_services(settings, clock or Clock(settings.fixed_now()))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # Before anybody asks whether it is ready: the files are many, and that question has few seconds.
        await asyncio.to_thread(newest)
        await services.start()
        try:
            yield
        finally:
            await services.stop()

    # The interactive documentation of FastAPI loads scripts from a CDN, which this product never does.
    app = FastAPI(
        title="Shopdesk gateway", version="1", lifespan=lifespan, docs_url=None, redoc_url=None, routes=_routes()
    )
    app.state.services = services
    # Beside the picture a form has its own lines.
    app.add_middleware(
        BodyLimit, larger={**dict.fromkeys((IMAGES_PATH, AGENT_IMAGES_PATH), MAX_UPLOAD_BYTES + 4096), **BODY_LIMITS}
    )
    app.add_middleware(ChatOrigins, allowed=settings.allowed_origins)
    install(app)
    app.add_exception_handler(Answered, give_answer)
    # Outermost, so that problem documents of unexpected errors carry the headers too.
    app.add_middleware(SecurityHeaders, production=settings.environment == "production")
    app.include_router(
        health_router(
            {
                "database": lambda: _database_ready(services),
                "bot": services.bot.is_up,
                "crm": services.crm.is_up,
            }
        )
    )
    return app


async def _database_ready(services: Services) -> bool:
    """Whether the database answers and has this program's schema."""
    async with services.database.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        return await connection.run_sync(is_current)
