"""Which parcels will probably be late, as staff see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from crm_backend.analytics import published
from crm_backend.analytics.delivery.forecast import forecast
from crm_backend.analytics.delivery.repository import STEP, foreseen
from crm_backend.database.engine import ReadSession
from shopdesk_schemas.delivery_risk import DeliveryRisk, ParcelAtRisk


def risk(session: ReadSession, now: datetime, at_least: float, limit: int) -> DeliveryRisk:
    """Read from the published curves at this moment: what did not come yet is forecast among its like."""
    step = published.step(session, STEP)
    parcels = list(_parcels(session, step.rows_run_id, now)) if step is not None else []
    likely = [one for one in parcels if one.late_probability is not None and one.late_probability >= at_least]
    likely.sort(key=lambda one: (-(one.late_probability or 0.0), -one.overdue_days, one.order_number, one.shipment))
    return DeliveryRisk(
        as_of=step.run.as_of if step is not None else None,
        fitted_at=step.finished_at if step is not None else None,
        open=len(parcels),
        expected_late=round(sum(one.late_probability or 0.0 for one in parcels), 2),
        at_least=at_least,
        parcels=likely[:limit],
        model_card=step.card if step is not None else {},
    )


def _parcels(session: ReadSession, run_id: int, now: datetime) -> Iterator[ParcelAtRisk]:
    for row, curve in foreseen(session, run_id):
        today = now.astimezone(ZoneInfo(row.timezone)).date()
        told = forecast(curve, row.promised_on, today)
        overdue = max((today - row.promised_on).days, 0) if row.promised_on is not None else 0
        # Overdue beyond all that was seen there is no forecast, but late it is.
        late = told.late_probability if told is not None else (1.0 if overdue else None)
        yield ParcelAtRisk(
            order_number=row.number,
            shipment=row.external_id,
            tracking_number=row.tracking_number,
            carrier=row.carrier,
            state=row.state,
            country=row.country,
            promised_on=row.promised_on,
            predicted_on=told.predicted_on if told is not None else None,
            predicted_by=told.predicted_by if told is not None else None,
            late_probability=late,
            overdue_days=overdue,
        )
