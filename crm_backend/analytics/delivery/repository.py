"""Reading published curves."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from crm_backend.analytics.delivery.forecast import Curve
from crm_backend.analytics.delivery.models import DeliveryCurve
from crm_backend.analytics.models import AnalysisStep, Publication
from crm_backend.database.engine import ReadSession

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
