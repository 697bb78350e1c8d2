"""Reserving goods in a store and collecting them there."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_backend.policies.section import Section


class ReservationRules(Section):
    """What may be kept for a shopper, and how long."""

    enabled: bool = Field(default=True, description="Whether stores keep goods at all.")
    hold_hours: Annotated[int, Field(ge=1, le=30 * 24)] = Field(
        default=48, description="How long; where the store is closed then, until it closes the next time."
    )
    maximum_quantity: Annotated[int, Field(ge=1, le=1000)] = Field(default=5, description="Of one variant at a time.")
    maximum_open: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=10, description="Reservations that one shopper may have open."
    )


class StoreRules(Section):
    """The stores' rules."""

    reservations: ReservationRules = ReservationRules()
