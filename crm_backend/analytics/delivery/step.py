"""The step of the analysis that foresees when parcels arrive."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Select, func, select

from crm_backend.analytics.delivery.landmarks import PARCEL_COLUMNS, landmarks
from crm_backend.analytics.delivery.model import TooFew, fit_and_judge
from crm_backend.analytics.delivery.models import DeliveryCurve
from crm_backend.analytics.delivery.repository import STEP
from crm_backend.analytics.frames import Frame, Scope
from crm_backend.analytics.steps import Rows, Step, Work
from crm_backend.orders.models import Order, OrderLine
from crm_backend.policies.policy import Policies
from crm_backend.shipments.models import ScanEvent, Shipment


def _parcels(scope: Scope) -> Select[*tuple[Any, ...]]:
    seller = (
        select(OrderLine.order_id, func.min(OrderLine.seller).label("seller")).group_by(OrderLine.order_id).subquery()
    )
    return (
        select(
            Shipment.id.label("shipment_id"),
            Shipment.carrier,
            Shipment.service,
            func.coalesce(seller.c.seller, Order.source).label("origin"),
            Order.country,
            Order.region,
            Order.postcode,
            Order.placed_at,
            Shipment.handed_over_at,
            Shipment.delivered_at,
            func.coalesce(Shipment.promised_on, Order.promised_on).label("promised_on"),
            Order.timezone,
            Shipment.state,
        )
        .join(Order, Order.id == Shipment.order_id)
        .outerjoin(seller, seller.c.order_id == Order.id)
        .where(
            Order.placed_at <= scope.until,
            Order.kind == "sale",
            Order.state.not_in(("cancelled", "unavailable")),
            Shipment.state != "returned",
        )
        .order_by(Shipment.id)
    )


PARCELS = Frame(
    "delivery_parcels",
    {
        "shipment_id": "int",
        "carrier": "label",
        "service": "label",
        "origin": "label",
        "country": "label",
        "region": "label",
        "postcode": "text",
        "placed_at": "time",
        "handed_over_at": "time",
        "delivered_at": "time",
        "promised_on": "date",
        "timezone": "label",
        "state": "label",
    },
    _parcels,
)


def _scans(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(ScanEvent.shipment_id, ScanEvent.code, ScanEvent.at)
        .where(ScanEvent.at <= scope.until)
        .order_by(ScanEvent.id)
    )


SCANS = Frame("delivery_scans", {"shipment_id": "int", "code": "label", "at": "time"}, _scans)


class Delivery(Step):
    """Curves of the parcels that are on their way; the card says how good they are."""

    name = STEP
    reads = (PARCELS, SCANS)
    writes = (DeliveryCurve,)

    def rules(self, policies: Policies) -> Any:
        """None of the shop's rules."""
        return []

    def compute(self, work: Work) -> Rows:
        """Fits, judges, and asks of every open parcel from the newest stage that it reached."""
        parcels = work[PARCELS]
        # Delivered, nobody knows when: it teaches nothing, and is not on its way either.
        parcels = parcels[parcels["state"].ne("delivered") | parcels["delivered_at"].notna()]
        parcels = parcels[list(PARCEL_COLUMNS)].reset_index(drop=True)
        try:
            work.note("learning from parcels that arrived")
            fitted = fit_and_judge(parcels, work[SCANS], work.as_of)
        except TooFew as error:
            work.card["none"] = str(error)
            return {}
        work.card.update(fitted.card)
        known = landmarks(parcels, work[SCANS], work.as_of)
        newest = known[~known["arrived"]].groupby("shipment_id", sort=True).tail(1)
        curves = fitted.model.waiting(known, known.index.get_indexer(newest.index))
        calibration = fitted.calibration
        rows = pd.DataFrame(
            {
                "shipment_id": newest["shipment_id"].to_numpy(),
                "stage": newest["stage"].to_numpy(),
                "since": newest["since"].dt.date.to_numpy(),
                "waiting": [np.round(curve, 5).tolist() for curve in curves],
                "slope": calibration.slope,
                "intercept": calibration.intercept,
                "by_level": calibration.by_level,
            }
        )
        return {DeliveryCurve: rows}
