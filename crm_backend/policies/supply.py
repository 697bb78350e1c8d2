"""When a chain of events has a hole, and how cautiously goods are ordered again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_backend.policies.section import Section


class SupplyRules(Section):
    """What is marked in the logs of parcels and purchase orders, and what suggestions of new orders rest on."""

    parcel_gap_hours: Annotated[int, Field(ge=1, le=90 * 24)] = Field(
        default=72, description="So long without a scan is a gap in a parcel's chain of events."
    )
    purchase_order_gap_hours: Annotated[int, Field(ge=1, le=365 * 24)] = Field(
        default=14 * 24, description="Likewise for a purchase order."
    )
    service_level: Annotated[float, Field(ge=0.5, le=0.999)] = Field(
        default=0.95, description="In this share of the times between two orders of an article it is not to run out."
    )
    demand_days: Annotated[int, Field(ge=7, le=730)] = Field(
        default=90, description="How far back demand is counted, in days."
    )
    review_days: Annotated[int, Field(ge=1, le=90)] = Field(
        default=7, description="How often somebody looks at what to order, in days."
    )
    lead_time_days: Annotated[float, Field(ge=0, le=365)] = Field(
        default=14, description="From order to arrival, where neither deliveries nor the supplier's promise say it."
    )
    lead_time_spread_days: Annotated[float, Field(ge=0, le=180)] = Field(
        default=4, description="The standard deviation of a lead time that no deliveries show."
    )
