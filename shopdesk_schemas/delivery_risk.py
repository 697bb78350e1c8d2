"""What the analysis foresees of parcels on their way, and how far it can be trusted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from shopdesk_schemas.content import Schema


class ParcelAtRisk(Schema):
    """One parcel that has not arrived. Days are those of the order's time zone."""

    order_number: str
    shipment: str = Field(description="External id.")
    tracking_number: str | None
    carrier: str | None
    state: str
    country: str | None
    promised_on: date | None
    predicted_on: date | None = Field(description="Half of its like arrive by then; null where nobody can tell.")
    predicted_by: date | None = Field(description="Nine of ten of its like arrive by then.")
    late_probability: float | None = Field(description="That it arrives after the promised day.")
    overdue_days: int = Field(description="Since the promised day; 0 before it.")


class DeliveryRisk(Schema):
    """Parcels that will probably be late, the likeliest first, and the card of the model."""

    as_of: datetime | None = Field(description="What was known when it was worked out; null before the first analysis.")
    fitted_at: datetime | None
    open: int = Field(description="Parcels on their way that the analysis knows.")
    expected_late: float = Field(description="How many of them will be late: the sum of their probabilities.")
    at_least: float = Field(description="Parcels from this probability on are listed.")
    parcels: list[ParcelAtRisk]
    model_card: dict[str, Any] = Field(description="Data, split, scores, calibration and reliability; empty before.")
