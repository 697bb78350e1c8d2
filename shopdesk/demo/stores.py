"""Stores, what lies on their shelves, and why goods came or went without a sale."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.stores import STOCK, STORES
from crm_backend.pipeline.canonical.supply import STOCK_MOVEMENTS
from shopdesk.demo.catalogue import Catalogue
from shopdesk.demo.settings import DemoSettings, StoreSetting

MOVEMENT_REASONS = (
    ("stocktake", -1),
    ("damaged", -2),
    ("stocktake", 2),
    ("shop window", -1),
    ("sample", -1),
    ("found", 1),
)


def store_records(
    settings: DemoSettings, catalogue: Catalogue, rng: random.Random, day: date
) -> dict[str, list[Record]]:
    """Stores with hours (holidays of the year around `day`) and their stock."""
    stores, stock = [], []
    for store in settings.stores:
        stores.append(
            STORES.record(
                source=settings.shop.source,
                external_id=store.id,
                name=store.name.en,
                line1=store.line1,
                city=store.city,
                region=store.region,
                postcode=store.postcode,
                country=store.country,
                latitude=store.latitude,
                longitude=store.longitude,
                phone=store.phone,
                timezone=store.timezone,
                opening_hours=_opening_hours(store, day),
                translations={"zh": {"name": store.name.zh}},
            )
        )
        plug = settings.shop.markets[store.country].plug
        for items in catalogue.items.values():
            if items[0].product.kind != "item" or rng.randrange(100) >= store.stocks:
                continue
            for item in items:
                if item.choices.get("plug", plug) != plug or item.availability == "discontinued":
                    continue
                quantity = 0 if rng.randrange(100) < 14 else rng.randint(1, 4 + 3 * item.product.popularity)
                stock.append(
                    STOCK.record(
                        source=settings.shop.source, store_external_id=store.id, sku=item.sku, quantity=quantity
                    )
                )
    return {"stores": stores, "stock": stock}


def _opening_hours(store: StoreSetting, day: date) -> dict[str, object]:
    week: dict[str, object] = {name: [_span(span) for span in spans] for name, spans in store.hours.items()}
    holidays = {}
    for month_day, spans in sorted(store.holidays.items()):
        for year in (day.year, day.year + 1):
            falls = date.fromisoformat(f"{year}-{month_day}")
            if timedelta(days=-30) <= falls - day <= timedelta(days=365):
                holidays[falls.isoformat()] = [_span(span) for span in spans]
    week["holidays"] = dict(sorted(holidays.items()))
    return week


def _span(text: str) -> list[str]:
    return text.split("-")


def movement_records(
    settings: DemoSettings, catalogue: Catalogue, rng: random.Random, before: datetime, count: int
) -> dict[str, list[Record]]:
    """Write-offs and corrections of the last year, oldest first."""
    items = [item for item in catalogue.all_items() if item.product.kind == "item"]
    moments = sorted(before - timedelta(minutes=rng.randrange(1, 365 * 24 * 60)) for _ in range(count))
    records = []
    for number, moved_at in enumerate(moments, 1):
        reason, quantity = rng.choice(MOVEMENT_REASONS)
        records.append(
            STOCK_MOVEMENTS.record(
                source=settings.shop.source,
                external_id=f"mv-{number:05d}",
                sku=rng.choice(items).sku,
                quantity=quantity,
                reason=reason,
                moved_at=moved_at,
            )
        )
    return {"stock_movements": records}
