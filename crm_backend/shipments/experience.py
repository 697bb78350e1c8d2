"""How deliveries to a country went lately, out of the shop's own parcels. Nobody is named and no order can be told."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select

from crm_backend.database.engine import ReadSession
from crm_backend.orders.models import Order
from crm_backend.shipments.models import Shipment
from shopdesk_schemas.delivery_experience import DeliveryExperience

WITHIN_DAYS = 180
"""Older parcels say nothing of how it goes now."""
FEWEST = 5
"""From so many deliveries on their days are told: fewer would be somebody's own."""
PARCELS = 1000
"""So many of the newest tell enough, however large the shop."""
_LEAST_SHARE = 0.05
"""Who carries less than this share is left out."""


def delivery_experience(session: ReadSession, country: str, now: datetime) -> DeliveryExperience:
    """Carriers and usual days of the parcels to `country` (ISO 3166-1 alpha-2) that were handed over lately."""
    rows = session.execute(
        select(Shipment.carrier, Order.placed_at, Shipment.delivered_at)
        .join(Order, Order.id == Shipment.order_id)
        .where(
            Order.kind == "sale",
            Order.country == country,
            Order.placed_at >= now - timedelta(days=WITHIN_DAYS),
            Shipment.handed_over_at <= now,
        )
        .order_by(Order.placed_at.desc(), Shipment.id.desc())
        .limit(PARCELS)
    ).all()
    carried = Counter(row.carrier for row in rows if row.carrier)
    days = sorted(
        (row.delivered_at - row.placed_at).total_seconds() / 86400
        for row in rows
        if row.delivered_at is not None and row.delivered_at >= row.placed_at
    )
    return DeliveryExperience(
        country=country,
        within_days=WITHIN_DAYS,
        parcels=len(rows),
        carriers=[
            carrier
            for carrier, count in sorted(carried.items(), key=lambda each: (-each[1], each[0]))
            if len(rows) >= FEWEST and count >= len(rows) * _LEAST_SHARE
        ],
        days=[_whole(days, 0.1), _whole(days, 0.9)] if len(days) >= FEWEST else None,
    )


def _whole(days: list[float], share: float) -> int:
    """The quantile (nearest rank) as whole days, a begun one counting."""
    return max(1, math.ceil(days[math.ceil(share * len(days)) - 1]))
