"""Suppliers, what is on order with them, and what goods cost before."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.products import PRICE_HISTORY
from crm_backend.pipeline.canonical.supply import (
    PURCHASE_ORDER_EVENTS,
    PURCHASE_ORDER_LINES,
    PURCHASE_ORDERS,
    SUPPLIERS,
)
from shopdesk.demo.calendar import local_moment
from shopdesk.demo.catalogue import Catalogue, base_market
from shopdesk.demo.money import share
from shopdesk.demo.settings import DemoSettings, PurchaseSetting

_REACHED = {
    "placed": ("placed",),
    "confirmed": ("placed", "confirmed"),
    "shipped": ("placed", "confirmed", "shipped"),
    "partly_received": ("placed", "confirmed", "shipped", "partly_received"),
    "received": ("placed", "confirmed", "shipped", "received"),
}
"""What a purchase order in each state has gone through."""


def supply_records(
    settings: DemoSettings, catalogue: Catalogue, rng: random.Random, day: date, before: datetime
) -> dict[str, list[Record]]:
    """Suppliers, purchase orders and earlier prices in canonical form."""
    source = settings.shop.source
    records: dict[str, list[Record]] = {
        "suppliers": [
            SUPPLIERS.record(source=source, external_id=one.id, **one.model_dump(exclude={"id"}))
            for one in settings.supply.suppliers
        ],
        "purchase_orders": [],
        "purchase_order_lines": [],
        "purchase_order_events": [],
        "price_history": _price_history(settings, catalogue, rng, before),
    }
    for order in settings.supply.purchase_orders:
        _add_purchase(settings, catalogue, records, order, day)
    return records


def _add_purchase(
    settings: DemoSettings, catalogue: Catalogue, records: dict[str, list[Record]], order: PurchaseSetting, day: date
) -> None:
    zone = settings.shop.timezone
    base = base_market(settings)
    own = {"source": settings.shop.source, "purchase_order_external_id": order.id}

    def at(days: int, minutes: int) -> datetime:
        return local_moment(day + timedelta(days=days), minutes, zone, 0)

    records["purchase_orders"].append(
        PURCHASE_ORDERS.record(
            source=settings.shop.source,
            external_id=order.id,
            number=order.number,
            supplier_external_id=order.supplier,
            state=order.state,
            placed_at=at(order.placed, 600),
            promised_on=day + timedelta(days=order.promised),
            received_at=at(order.received, 640) if order.received is not None else None,
            timezone=zone,
            currency=settings.shop.markets[base].currency,
        )
    )
    number = 0
    for code, quantity, received in order.lines:
        for item in catalogue.items[code]:
            number += 1
            records["purchase_order_lines"].append(
                PURCHASE_ORDER_LINES.record(
                    **own,
                    line_number=number,
                    sku=item.sku,
                    quantity=quantity,
                    received_quantity=received,
                    unit_cost_minor=share(item.prices[base], settings.supply.cost_per_mille, 1000),
                )
            )
    steps = _REACHED[order.state]
    last = order.received if order.received is not None else -1
    for sequence, code in enumerate(steps, 1):
        days = order.placed + (last - order.placed) * (sequence - 1) // max(1, len(steps) - 1)
        records["purchase_order_events"].append(
            PURCHASE_ORDER_EVENTS.record(**own, sequence=sequence, at=at(days, 600 + 10 * sequence), code=code)
        )


def _price_history(settings: DemoSettings, catalogue: Catalogue, rng: random.Random, before: datetime) -> list[Record]:
    base = base_market(settings)
    repriced = settings.supply.repriced
    return [
        PRICE_HISTORY.record(
            source=settings.shop.source,
            product_external_id=item.product.code,
            sku=item.sku,
            ended_at=before - timedelta(days=rng.randint(20, 200)),
            price_minor=share(item.prices[base], rng.choice(repriced.per_mille), 1000),
            currency=settings.shop.markets[base].currency,
        )
        for item in catalogue.all_items()
        if item.product.kind == "item" and rng.randrange(100) < repriced.share
    ]
