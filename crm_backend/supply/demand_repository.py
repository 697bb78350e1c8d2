"""Queries about demand, lead times and stock for suggestions of what to order. Each is one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crm_backend.database.engine import ReadSession
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.repository import GOODS
from crm_backend.stores.models import Reservation, Stock, Store
from crm_backend.supply.models import PurchaseOrder, PurchaseOrderLine, Supplier
from crm_backend.supply.repository import OPEN_STATES

Days = Mapping[str, Sequence[int]]
"""By SKU in upper case, units of each day on which there was demand."""


@dataclass(frozen=True)
class Lead:
    """One purchase order that arrived with a SKU, or is to."""

    sku_key: str
    supplier: str | None
    """The supplier's name."""
    promised_days: int | None
    """What the supplier promises in general."""
    placed_at: datetime
    received_at: datetime | None


def ordered(session: ReadSession, since: datetime, until: datetime) -> Days:
    """What was ordered; cancelled orders and quantities had been asked for, too, but by nobody who still wants them."""
    day = func.date(Order.placed_at)
    key = func.upper(OrderLine.sku)
    rows = session.execute(
        select(key, day, func.sum(OrderLine.quantity - OrderLine.cancelled_quantity))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(
            Order.placed_at >= since,
            Order.placed_at < until,
            Order.kind == "sale",
            Order.state != "cancelled",
            OrderLine.kind.in_(GOODS),
            OrderLine.sku.is_not(None),
        )
        .group_by(key, day)
    )
    found: defaultdict[str, list[int]] = defaultdict(list)
    for sku, _day, units in rows:
        if units > 0:
            found[sku].append(int(units))
    return found


def reserved_in_stores(
    session: ReadSession, since: datetime, until: datetime
) -> Mapping[tuple[int, str], Sequence[int]]:
    """What shoppers had put aside in each store (by its id), by SKU in upper case."""
    day = func.date(Reservation.created_at)
    key = func.upper(Reservation.sku)
    rows = session.execute(
        select(Reservation.store_id, key, day, func.sum(Reservation.quantity))
        .where(
            Reservation.created_at >= since,
            Reservation.created_at < until,
            Reservation.state.in_(("reserved", "ready", "collected")),
        )
        .group_by(Reservation.store_id, key, day)
    )
    found: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for store_id, sku, _day, units in rows:
        found[store_id, sku].append(int(units))
    return found


def stock(session: ReadSession) -> Sequence[tuple[Stock, Store]]:
    """All that lies anywhere, by SKU and store."""
    rows = session.execute(
        select(Stock, Store)
        .join(Store, Store.id == Stock.store_id)
        .order_by(Stock.sku_key, Store.external_id, Stock.id)
    )
    return [(row[0], row[1]) for row in rows]


def on_order(session: ReadSession) -> Mapping[tuple[str, str | None], int]:
    """What is on its way from suppliers, by SKU in upper case and the store it goes to (None: the warehouse)."""
    rows = session.execute(
        select(
            PurchaseOrderLine.sku_key,
            PurchaseOrder.store_external_id,
            func.sum(PurchaseOrderLine.quantity - PurchaseOrderLine.received_quantity),
        )
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.purchase_order_id)
        .where(PurchaseOrder.state.in_(OPEN_STATES), PurchaseOrderLine.received_quantity < PurchaseOrderLine.quantity)
        .group_by(PurchaseOrderLine.sku_key, PurchaseOrder.store_external_id)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}


def leads(session: ReadSession, since: datetime) -> Sequence[Lead]:
    """The purchase orders placed since then, a row for each of their SKUs, the newest first."""
    rows = session.execute(
        select(
            PurchaseOrderLine.sku_key,
            Supplier.name,
            Supplier.lead_time_days,
            PurchaseOrder.placed_at,
            PurchaseOrder.received_at,
        )
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.purchase_order_id)
        .outerjoin(
            Supplier,
            (Supplier.source == PurchaseOrder.source) & (Supplier.external_id == PurchaseOrder.supplier_external_id),
        )
        .where(PurchaseOrder.placed_at >= since, PurchaseOrder.state != "cancelled")
        .order_by(PurchaseOrder.placed_at.desc(), PurchaseOrder.id.desc(), PurchaseOrderLine.line_number)
    )
    return [Lead(*row) for row in rows]
