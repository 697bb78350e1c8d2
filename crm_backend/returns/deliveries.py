"""What of an order has arrived, and when: what can come back, and from which moment windows count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_backend.database.engine import ReadSession
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.repository import GOODS
from crm_backend.shipments.models import Shipment
from crm_backend.shipments.repository import arrivals_of, contents_of


@dataclass(frozen=True)
class Arrived:
    """How many of a line arrived, and when the last of them did and went out; None where nobody knows."""

    quantity: int
    delivered_at: datetime | None
    handed_over_at: datetime | None


def arrived(
    session: ReadSession, order: Order, lines: Sequence[OrderLine], later: Mapping[int, datetime]
) -> Mapping[int, Arrived]:
    """By number of each line with goods. A delivered parcel of unknown content, and an order that its shop calls
    delivered without telling of parcels, brought everything but lines that came `later`: replacements in exchanges,
    with the time from which on they can have been sent.
    """
    parcels = contents_of(session, order.id)
    arrivals_of(session, parcels)
    found: dict[int, list[tuple[int, datetime | None, datetime | None]]] = {}
    goods = [line for line in lines if line.kind in GOODS]
    for parcel in parcels:
        shipment = parcel.shipment
        if shipment.state != "delivered" and shipment.delivered_at is None:
            continue
        scans = [event.at for event in parcel.events if event.code == "delivered" and event.at is not None]
        at = shipment.delivered_at or (max(scans) if scans else None)
        inside = parcel.quantities or {
            line.line_number: line.quantity for line in goods if _can_hold(shipment, later.get(line.line_number))
        }
        for number, quantity in inside.items():
            found.setdefault(number, []).append((quantity, at, shipment.handed_over_at))
    if order.state == "delivered" and not parcels:
        found = {line.line_number: [(line.quantity, None, None)] for line in goods if line.line_number not in later}
    return {
        line.line_number: Arrived(
            min(line.quantity, sum(quantity for quantity, _, _ in found.get(line.line_number, []))),
            _latest([at for _, at, _ in found.get(line.line_number, [])]),
            _latest([at for _, _, at in found.get(line.line_number, [])]),
        )
        for line in goods
    }


def _can_hold(shipment: Shipment, since: datetime | None) -> bool:
    return since is None or (shipment.handed_over_at is not None and shipment.handed_over_at >= since)


def _latest(times: Sequence[datetime | None]) -> datetime | None:
    known = [time for time in times if time is not None]
    # One that nobody knows may be the latest: none is better than one too early.
    return max(known) if known and len(known) == len(times) else None
