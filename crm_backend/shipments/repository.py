"""Queries about parcels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from crm_backend.database.engine import ReadSession
from crm_backend.shipments.models import ScanEvent, Shipment, ShipmentLine


class Scan(NamedTuple):
    """What the carrier said of a parcel once: read only, so it needs no row of its own in the session."""

    sequence: int
    at: datetime | None
    code: str
    place: str | None
    description: str | None


@dataclass
class Parcel:
    """A shipment with its scans (by their sequence) and the numbers of the lines inside."""

    shipment: Shipment
    events: list[Scan] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    quantities: dict[int, int] = field(default_factory=dict)
    """How many of each line are inside, by its number; empty when not known."""


# Most requests about orders read these: they are put together once, not for each.
_CONTENTS = (
    select(Shipment, ShipmentLine.line_number, ShipmentLine.quantity)
    .outerjoin(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
    .where(Shipment.order_id == bindparam("order"))
    .order_by(Shipment.handed_over_at.is_(None), Shipment.handed_over_at, Shipment.id, ShipmentLine.line_number)
)
_SCANS = (
    select(
        ScanEvent.shipment_id, ScanEvent.sequence, ScanEvent.at, ScanEvent.code, ScanEvent.place, ScanEvent.description
    )
    .where(ScanEvent.shipment_id.in_(bindparam("shipments", expanding=True)))
    .order_by(ScanEvent.shipment_id, ScanEvent.sequence)
)  # fmt: skip


def parcels_of(session: ReadSession, order_id: int) -> Sequence[Parcel]:
    """The parcels of an order that the caller may see, in two statements at most."""
    parcels = contents_of(session, order_id)
    if parcels:
        _add_scans(session, {parcel.shipment.id: parcel for parcel in parcels})
    return parcels


def contents_of(session: ReadSession, order_id: int) -> Sequence[Parcel]:
    """The same without scans, in one statement: a parcel comes once for each line that lies in it."""
    parcels: dict[int, Parcel] = {}
    for shipment, line_number, quantity in session.execute(_CONTENTS, {"order": order_id}):
        parcel = parcels.setdefault(shipment.id, Parcel(shipment))
        if line_number is not None:
            parcel.line_numbers.append(line_number)
            parcel.quantities[line_number] = quantity
    return list(parcels.values())


def arrivals_of(session: ReadSession, parcels: Sequence[Parcel]) -> None:
    """Add the scans of those parcels that are delivered and of which only a scan can say when."""
    _add_scans(
        session,
        {
            parcel.shipment.id: parcel
            for parcel in parcels
            if parcel.shipment.state == "delivered" and parcel.shipment.delivered_at is None
        },
    )


def _add_scans(session: ReadSession, parcels: Mapping[int, Parcel]) -> None:
    if not parcels:
        return
    for row in session.execute(_SCANS, {"shipments": list(parcels)}):
        parcels[row.shipment_id].events.append(Scan(row.sequence, row.at, row.code, row.place, row.description))
