"""Reading published curves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from crm_backend.analytics.delivery.forecast import Curve
from crm_backend.analytics.delivery.models import DeliveryCurve
from crm_backend.analytics.models import AnalysisStep, Publication
from crm_backend.database.engine import ReadSession
from crm_backend.orders.models import Order
from crm_backend.shipments.models import Shipment

STEP = "delivery"


def curves_of(session: ReadSession, shipment_ids: Collection[int]) -> Mapping[int, Curve]:
    """The published curves of these parcels, in one statement; none at all for a collection that is empty."""
    if not shipment_ids:
        return {}
    rows = session.execute(
        select(
            DeliveryCurve.shipment_id,
            DeliveryCurve.since,
            DeliveryCurve.waiting,
            DeliveryCurve.slope,
            DeliveryCurve.intercept,
            DeliveryCurve.by_level,
        )
        .join(AnalysisStep, AnalysisStep.rows_run_id == DeliveryCurve.run_id)
        .join(Publication, Publication.run_id == AnalysisStep.run_id)
        .where(AnalysisStep.step == STEP, DeliveryCurve.shipment_id.in_(shipment_ids))
    )
    return {row[0]: Curve(*row[1:]) for row in rows}


def foreseen(session: ReadSession, run_id: int) -> Iterator[tuple[Any, Curve]]:
    """Every parcel that the run foresaw and that is still on its way, with what staff want to know of it."""
    rows = session.execute(
        select(
            Order.number,
            Order.timezone,
            Order.country,
            Shipment.external_id,
            Shipment.tracking_number,
            Shipment.carrier,
            Shipment.state,
            func.coalesce(Shipment.promised_on, Order.promised_on).label("promised_on"),
            DeliveryCurve.since,
            DeliveryCurve.waiting,
            DeliveryCurve.slope,
            DeliveryCurve.intercept,
            DeliveryCurve.by_level,
        )
        .join(Shipment, Shipment.id == DeliveryCurve.shipment_id)
        .join(Order, Order.id == Shipment.order_id)
        .where(
            DeliveryCurve.run_id == run_id,
            Shipment.delivered_at.is_(None),
            Shipment.state.not_in(("delivered", "returned")),
            Order.state.not_in(("cancelled", "unavailable")),
        )
        .order_by(Shipment.id)
    )
    for row in rows:
        yield row, Curve(row.since, row.waiting, row.slope, row.intercept, row.by_level)
