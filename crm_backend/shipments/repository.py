"""Queries about parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from crm_backend.database.engine import ReadSession
from crm_backend.shipments.models import ScanEvent, Shipment, ShipmentLine


@dataclass
class Parcel:
    """A shipment with its scans (by their sequence) and the numbers of the lines inside."""

    shipment: Shipment
    events: list[ScanEvent] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    quantities: dict[int, int] = field(default_factory=dict)
    """How many of each line are inside, by its number; empty when not known."""


def parcels_of(session: ReadSession, order_id: int) -> Sequence[Parcel]:
    """The parcels of an order that the caller may see, in three statements at most."""
    shipments = session.scalars(
        select(Shipment)
        .where(Shipment.order_id == order_id)
        .order_by(Shipment.handed_over_at.is_(None), Shipment.handed_over_at, Shipment.id)
    )
    parcels = {shipment.id: Parcel(shipment) for shipment in shipments}
    if not parcels:
        return []
    ours = list(parcels)
    for event in session.scalars(
        select(ScanEvent).where(ScanEvent.shipment_id.in_(ours)).order_by(ScanEvent.shipment_id, ScanEvent.sequence)
    ):
        parcels[event.shipment_id].events.append(event)
    for line in session.scalars(
        select(ShipmentLine).where(ShipmentLine.shipment_id.in_(ours)).order_by(ShipmentLine.line_number)
    ):
        parcels[line.shipment_id].line_numbers.append(line.line_number)
        parcels[line.shipment_id].quantities[line.line_number] = line.quantity
    return list(parcels.values())
