"""What a run of the analysis foresees of parcels that are on their way."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.analytics.models import OfRun
from crm_backend.database.base import Model
from crm_backend.database.types import Id

Numbers = JSON().with_variant(JSONB(), "postgresql")


class DeliveryCurve(OfRun, Model):
    """One parcel's curve from the stage it had reached, with all that a forecast needs: a request reads one row."""

    __tablename__ = "delivery_curves"

    shipment_id: Mapped[int] = mapped_column(
        Id, ForeignKey("shipments.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    stage: Mapped[str]
    since: Mapped[date]
    """The day on which the stage was reached, where the order is: day 0."""
    waiting: Mapped[list[Any]] = mapped_column(Numbers)
    """For each day from then, the probability that the parcel has not arrived by its end."""
    slope: Mapped[float]
    intercept: Mapped[float]
    by_level: Mapped[float]
