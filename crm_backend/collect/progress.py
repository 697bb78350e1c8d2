"""What an event says about an order and its parcels: pure functions over canonical aggregates.

Events may come late, twice or out of order: an order only moves forward, a scan is added once, and the newest scan
says where a parcel is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.orders import SCAN_EVENTS

_PARCEL_STATE: Mapping[str, str] = {
    "handed_over": "handed_over",
    "in_transit": "in_transit",
    "arrived_at_facility": "in_transit",
    "departed_facility": "in_transit",
    "customs": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "delivery_attempted": "out_for_delivery",
    "ready_for_pickup": "ready_for_pickup",
    "delivered": "delivered",
    "exception": "exception",
    "returned": "returned",
}
"""Where each scan leaves a parcel; a label alone leaves it where it is."""

_STANDING = frozenset({"label_created", "exception"})
"""Scans that do not show that the carrier has the parcel."""

ORDER_COURSE = ("created", "approved", "invoiced", "processing", "shipped", "delivered")
"""The states through which an order goes. One that is cancelled or unavailable goes through none of them."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as far as it concerns an order."""

    kind: str
    at: datetime
    shipment_external_id: str | None = None
    code: str | None = None
    place: str | None = None
    description: str | None = None

    @property
    def scan_code(self) -> str | None:
        """The scan that it is, if it is one."""
        if self.kind in ("delivered", "returned"):
            return self.kind
        return self.code if self.kind == "carrier_scan" else None


class UnknownParcel(ValueError):
    """The order has no parcel of this id."""


def apply(order: Aggregate, event: Happening) -> None:
    """Bring the order to what it is after the event. Raises UnknownParcel, before anything is changed."""
    record = order.record
    if event.kind == "order_paid":
        record["approved_at"] = record["approved_at"] or event.at
        _move_on(record, "approved")
    elif event.kind == "order_packed":
        _move_on(record, "processing")
    elif event.scan_code is not None:
        _scan(order, event, event.scan_code)


def _move_on(record: Record, state: str) -> None:
    present = record["state"]
    if present in ORDER_COURSE and ORDER_COURSE.index(present) < ORDER_COURSE.index(state):
        record["state"] = state


def _scan(order: Aggregate, event: Happening, code: str) -> None:
    parcels = order.children.get("shipments", [])
    parcel = next((one for one in parcels if one["external_id"] == event.shipment_external_id), None)
    if parcel is None:
        raise UnknownParcel
    scans = order.children.setdefault("scan_events", [])
    own = [scan for scan in scans if scan["shipment_external_id"] == event.shipment_external_id]
    if not any(scan["code"] == code and scan["at"] == event.at for scan in own):
        scans.append(
            SCAN_EVENTS.record(
                source=order.source,
                order_external_id=order.external_id,
                shipment_external_id=event.shipment_external_id,
                sequence=max((scan["sequence"] for scan in own), default=0) + 1,
                at=event.at,
                code=code,
                place=event.place,
                description=event.description,
            )
        )
    if code in _PARCEL_STATE and not any(scan["at"] is not None and scan["at"] > event.at for scan in own):
        parcel["state"] = _PARCEL_STATE[code]
    moving = [scan["at"] for scan in scans if _is_of(scan, event) and scan["code"] not in _STANDING and scan["at"]]
    if code not in _STANDING:
        parcel["handed_over_at"] = _earliest(parcel["handed_over_at"], moving)
        _move_on(order.record, "shipped")
    if code == "delivered":
        arrivals = [scan["at"] for scan in scans if _is_of(scan, event) and scan["code"] == "delivered" and scan["at"]]
        parcel["delivered_at"] = _earliest(parcel["delivered_at"], arrivals)
    if all(one["state"] == "delivered" for one in parcels):
        _move_on(order.record, "delivered")


def _is_of(scan: Record, event: Happening) -> bool:
    return bool(scan["shipment_external_id"] == event.shipment_external_id)


def _earliest(present: datetime | None, scanned: list[datetime]) -> datetime | None:
    """The earliest scan, unless the shop's own system said another time."""
    if present is not None and present not in scanned:
        return present
    return min(scanned, default=present)
