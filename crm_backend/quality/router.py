"""`/staff/data-quality`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from crm_backend.callers import Agent
from crm_backend.dependencies import BusinessClock, Reading
from crm_backend.quality import service
from shopdesk_schemas.problems import Forbidden
from shopdesk_schemas.quality import DataQuality
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/staff/data-quality", tags=["quality"], responses=problems_openapi(Forbidden))

DAYS = 30
DELIVERIES = 50


@router.get("", summary="What came in, what was cleaned and what was refused")
def data_quality(
    _agent: Agent,
    session: Reading,
    clock: BusinessClock,
    days: Annotated[int, Query(ge=1, le=3660, description="How far back to count.")] = DAYS,
    limit: Annotated[int, Query(ge=1, le=500, description="How many deliveries to list.")] = DELIVERIES,
) -> DataQuality:
    """Counts by source, rule and reason, and the newest imports and days of calls. No personal data."""
    return service.report(session, clock.wall(), days, limit)
