"""`/console/data-quality`: what came in, what was put right on the way, what was refused."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from gateway.console.rendering import ConsoleRequest

PERIODS = (7, 30, 365)
"""Days that can be looked back."""

router = APIRouter(prefix="/data-quality")


@router.get("")
async def show(console: ConsoleRequest, days: Annotated[int, Query(ge=1, le=3660)] = 30) -> Response:
    """What came in during the last `days`."""
    visitor = await console.signed_in()
    found = await console.services.staff.data_quality(visitor.staff, days)
    words = console.texts("quality")
    return console.page("quality.html", visitor, found=found, q=words, days=days, periods=PERIODS)
