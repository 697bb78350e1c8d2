"""When a chain of events has a hole."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_backend.policies.section import Section


class SupplyRules(Section):
    """What is marked in the logs of parcels and purchase orders."""

    parcel_gap_hours: Annotated[int, Field(ge=1, le=90 * 24)] = Field(
        default=72, description="So long without a scan is a gap in a parcel's chain of events."
    )
    purchase_order_gap_hours: Annotated[int, Field(ge=1, le=365 * 24)] = Field(
        default=14 * 24, description="Likewise for a purchase order."
    )
