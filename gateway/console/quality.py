"""`/console/data-quality`: what came in, what was put right on the way, what was refused."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from gateway import locales
from gateway.console.rendering import ConsolePages, see_other
from gateway.errors import UpstreamError
from gateway.services import Services

PERIODS = (7, 30, 365)
"""Days that can be looked back."""


def quality_router(services: Services, pages: ConsolePages) -> APIRouter:
    """The page."""
    router = APIRouter(prefix="/data-quality")

    @router.get("")
    async def show(request: Request, days: Annotated[int, Query(ge=1, le=3660)] = 30) -> Response:
        visitor = await pages.visitor(request)
        if visitor is None:
            return see_other("/console/login")
        try:
            found = await services.staff.data_quality(visitor.staff, days)
        except UpstreamError as error:
            return pages.without_crm(request, visitor, error)
        words = locales.texts(pages.language(request), "quality")
        return pages.page("quality.html", request, visitor, found=found, q=words, days=days, periods=PERIODS)

    return router
