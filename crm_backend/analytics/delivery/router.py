"""`/staff/delivery-risk`: parcels that will probably be late, and how good the forecasts are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from crm_backend.analytics.delivery import risk
from crm_backend.callers import Agent
from crm_backend.dependencies import BusinessClock, Reading
from shopdesk_schemas.delivery_risk import DeliveryRisk
from shopdesk_schemas.problems import Forbidden
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/staff", tags=["supply"], responses=problems_openapi(Forbidden))


@router.get("/delivery-risk", summary="Parcels that will probably be late")
def delivery_risk(
    _agent: Agent,
    session: Reading,
    clock: BusinessClock,
    at_least: Annotated[float, Query(ge=0, le=1, description="Only parcels with this probability or more.")] = 0.3,
    limit: Annotated[int, Query(ge=1, le=5000)] = 200,
) -> DeliveryRisk:
    """The likeliest first, with the card of the model: split, scores beside the base rate's and the promise's."""
    return risk.risk(session, clock.now(), at_least, limit)
