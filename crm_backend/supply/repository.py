"""Queries about parcels in transit, purchase orders, stock and carriers, for agents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from crm_backend.database.engine import ReadSession
from crm_backend.normalise import number_key, sku_key, tracking_key
from crm_backend.orders.models import Order, OrderLine
from crm_backend.shipments.models import ScanEvent, Shipment, ShipmentLine
from crm_backend.stores.models import Stock, Store
from crm_backend.supply.models import (
    PurchaseOrder,
    PurchaseOrderEvent,
    PurchaseOrderLine,
    StockMovement,
    Supplier,
)

MOVEMENTS_SHOWN = 100
OPEN_STATES = ("placed", "confirmed", "shipped", "partly_received")


def find_shipment(session: ReadSession, reference: str) -> tuple[Shipment, Order] | None:
    """The parcel with this tracking number or external id; the newest of several."""
    key = tracking_key(reference)
    for condition in ([Shipment.tracking_key == key] if key else []) + [Shipment.external_id == reference]:
        row = session.execute(
            select(Shipment, Order)
            .join(Order, Order.id == Shipment.order_id)
            .where(condition)
            .order_by(Order.placed_at.desc(), Shipment.id.desc())
            .limit(1)
        ).first()
        if row is not None:
            return row[0], row[1]
    return None


def scans(session: ReadSession, shipment_id: int) -> Sequence[ScanEvent]:
    """A parcel's scans in the source's order."""
    return session.scalars(
        select(ScanEvent).where(ScanEvent.shipment_id == shipment_id).order_by(ScanEvent.sequence)
    ).all()


def ship_by(session: ReadSession, shipment: Shipment) -> datetime | None:
    """The earliest last moment for handing over of what is in the parcel; of the whole order where nobody says."""
    inside = select(ShipmentLine.line_number).where(ShipmentLine.shipment_id == shipment.id)
    query = select(func.min(OrderLine.ship_by)).where(OrderLine.order_id == shipment.order_id)
    found: datetime | None = session.scalar(query.where(OrderLine.line_number.in_(inside)))
    if found is None and session.scalars(inside.limit(1)).first() is None:
        found = session.scalar(query)
    return found


def find_purchase_order(session: ReadSession, reference: str) -> PurchaseOrder | None:
    """The purchase order with this number or external id; the newest of several."""
    key = number_key(reference)
    for condition in ([PurchaseOrder.number_key == key] if key else []) + [PurchaseOrder.external_id == reference]:
        found = session.scalars(
            select(PurchaseOrder).where(condition).order_by(PurchaseOrder.placed_at.desc(), PurchaseOrder.id.desc())
        ).first()
        if found is not None:
            return found
    return None


def purchase_order_events(session: ReadSession, purchase_order_id: int) -> Sequence[PurchaseOrderEvent]:
    """Its events in the source's order."""
    return session.scalars(
        select(PurchaseOrderEvent)
        .where(PurchaseOrderEvent.purchase_order_id == purchase_order_id)
        .order_by(PurchaseOrderEvent.sequence)
    ).all()


Carried = tuple[str | None, str, datetime | None, datetime | None, date | None, str]


def carried(session: ReadSession, start: datetime | None, end: datetime | None) -> Iterator[Carried]:
    """Carrier, state, handing over, delivery, promised day and zone of the parcels handed over in a time."""
    query = (
        select(
            Shipment.carrier,
            Shipment.state,
            Shipment.handed_over_at,
            Shipment.delivered_at,
            func.coalesce(Shipment.promised_on, Order.promised_on),
            Order.timezone,
        )
        .join(Order, Order.id == Shipment.order_id)
        .where(Shipment.handed_over_at.is_not(None), Order.kind == "sale")
    )
    if start is not None:
        query = query.where(Shipment.handed_over_at >= start)
    if end is not None:
        query = query.where(Shipment.handed_over_at < end)
    for row in session.execute(query.execution_options(yield_per=2000)):
        yield row[0], row[1], row[2], row[3], row[4], row[5]


def stock_of(session: ReadSession, sku: str) -> Sequence[tuple[Stock, Store]]:
    """What lies of a SKU where."""
    rows = session.execute(
        select(Stock, Store)
        .join(Store, Store.id == Stock.store_id)
        .where(Stock.sku_key == sku_key(sku))
        .order_by(Store.name, Stock.id)
    )
    return [(row[0], row[1]) for row in rows]


def on_order(session: ReadSession, sku: str) -> Sequence[tuple[PurchaseOrder, PurchaseOrderLine, str | None]]:
    """Lines of open purchase orders that are not all received, with the supplier's name, the soonest first."""
    rows = session.execute(
        select(PurchaseOrder, PurchaseOrderLine, Supplier.name)
        .join(PurchaseOrderLine, PurchaseOrderLine.purchase_order_id == PurchaseOrder.id)
        .outerjoin(
            Supplier,
            (Supplier.source == PurchaseOrder.source) & (Supplier.external_id == PurchaseOrder.supplier_external_id),
        )
        .where(
            PurchaseOrderLine.sku_key == sku_key(sku),
            PurchaseOrder.state.in_(OPEN_STATES),
            PurchaseOrderLine.received_quantity < PurchaseOrderLine.quantity,
        )
        .order_by(PurchaseOrder.promised_on.is_(None), PurchaseOrder.promised_on, PurchaseOrder.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def movements(session: ReadSession, sku: str) -> Sequence[StockMovement]:
    """The newest movements of a SKU."""
    return session.scalars(
        select(StockMovement)
        .where(func.upper(StockMovement.sku) == sku_key(sku))
        .order_by(StockMovement.moved_at.desc(), StockMovement.id.desc())
        .limit(MOVEMENTS_SHOWN)
    ).all()
