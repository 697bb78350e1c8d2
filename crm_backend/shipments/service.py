"""Parcels as shoppers see them: their scans in order of time, and whether they are late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from crm_backend.analytics.delivery.forecast import Curve, forecast
from crm_backend.shipments.models import Shipment
from crm_backend.shipments.repository import Parcel, Scan
from shopdesk_schemas.crm import ShipmentView

_BEFORE_EVERYTHING = datetime.min.replace(tzinfo=UTC)


def oldest_first(events: Sequence[Scan]) -> list[Scan]:
    """Scans by time. One without a time stays behind the one that the source put before it."""
    keyed = []
    latest = _BEFORE_EVERYTHING
    for event in sorted(events, key=lambda scan: scan.sequence):
        if event.at is not None:
            latest = event.at
        keyed.append((latest, event))
    # The sort is stable: equal times keep the source's order.
    return [event for _, event in sorted(keyed, key=lambda pair: pair[0])]


def is_on_its_way(shipment: Shipment) -> bool:
    """Whether the parcel can still arrive."""
    return shipment.delivered_at is None and shipment.state not in {"delivered", "returned"}


def is_late(
    promised_on: date | None, *, delivered: bool, delivered_at: datetime | None, zone: ZoneInfo, now: datetime
) -> bool:
    """Past the promised day and not delivered, or delivered after it; days are counted in `zone`.

    Not late where nothing was promised, or where it is delivered and nobody knows when.
    """
    if promised_on is None:
        return False
    if delivered:
        return delivered_at is not None and delivered_at.astimezone(zone).date() > promised_on
    return now.astimezone(zone).date() > promised_on


def view(
    parcel: Parcel,
    *,
    order_promised_on: date | None,
    expected: bool,
    zone: ZoneInfo,
    now: datetime,
    curve: Curve | None = None,
) -> ShipmentView:
    """One parcel. Where it has no promise of its own the order's counts; one that comes no more is not late.

    `curve` is what the analysis foresees of it.
    """
    shipment = parcel.shipment
    delivered = shipment.state == "delivered" or shipment.delivered_at is not None
    foreseen = None
    if curve is not None and expected and is_on_its_way(shipment):
        foreseen = forecast(curve, shipment.promised_on or order_promised_on, now.astimezone(zone).date())
    return ShipmentView.model_validate(
        {
            "carrier": shipment.carrier,
            "tracking_number": shipment.tracking_number,
            "state": shipment.state,
            "handed_over_at": shipment.handed_over_at,
            "delivered_at": shipment.delivered_at,
            "promised_on": shipment.promised_on,
            "late": (delivered or (expected and shipment.state != "returned"))
            and is_late(
                shipment.promised_on or order_promised_on,
                delivered=delivered,
                delivered_at=shipment.delivered_at,
                zone=zone,
                now=now,
            ),
            "predicted_on": foreseen.predicted_on if foreseen else None,
            "predicted_by": foreseen.predicted_by if foreseen else None,
            "late_probability": foreseen.late_probability if foreseen else None,
            "lines": parcel.line_numbers,
            "events": [
                {"at": event.at, "code": event.code, "place": event.place, "description": event.description}
                for event in oldest_first(parcel.events)
            ],
        }
    )
