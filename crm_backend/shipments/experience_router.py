"""`/deliveries`: what anybody may know of how the shop delivers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from crm_backend.dependencies import BusinessClock, Reading
from crm_backend.shipments.experience import delivery_experience
from shopdesk_schemas.delivery_experience import DeliveryExperience

router = APIRouter(prefix="/deliveries", tags=["shipments"])


@router.get("", summary="How deliveries to a country went lately")
def deliveries(
    session: Reading,
    clock: BusinessClock,
    country: Annotated[str, Query(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")],
) -> DeliveryExperience:
    """Carriers and usual days, out of the shop's own parcels of the last half year."""
    return delivery_experience(session, country, clock.now())
