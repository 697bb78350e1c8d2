"""The demo shop as files: the canonical CSV files, and the card of orders to try."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crm_backend.pipeline.canonical.types import BY_NAME
from crm_backend.pipeline.canonical_files import CanonicalWriter
from shopdesk.demo.settings import DemoSettings
from shopdesk.demo.shop import DemoShop

CARD_NAME = "demo-card.json"
"""The card's file in SHOPDESK_HOME: shown on the demo page and printed by `make run`."""


def write_files(shop: DemoShop, directory: Path) -> int:
    """Writes `<kind>.csv` for every kind of record; returns how many rows in all. Equal shops give equal bytes."""
    with CanonicalWriter(directory) as writer:
        for name, rows in shop.records.items():
            for row in rows:
                writer.write_record(BY_NAME[name], row)
    return sum(writer.counts.values())


def card(settings: DemoSettings, shop: DemoShop) -> list[dict[str, Any]]:
    """The orders worth trying, in the order of the stories: what to type, and what they show in both languages."""
    orders = {order.story: order for order in shop.orders if order.story is not None}
    entries = []
    for spec in settings.stories.orders:
        if spec.on_card is None:
            continue
        order = orders[spec.key]
        person = order.person
        entries.append(
            {
                "order_number": order.number,
                "tracking_number": order.parcels[0].tracking_number if order.parcels else None,
                "postcode": person.home.fields["postcode"],
                "email": person.email,
                "phone_last4": person.phone[-4:] if person.phone else None,
                "customer_external_id": person.external_id,
                "state": order.state,
                "language": person.language,
                "note": spec.on_card.model_dump(),
            }
        )
    return entries


def write_card(settings: DemoSettings, shop: DemoShop, home: Path) -> Path:
    """Writes the card into `home`, whole or not at all."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / CARD_NAME
    waiting = path.with_suffix(".json.part")
    waiting.write_text(json.dumps(card(settings, shop), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    waiting.replace(path)
    return path


def describe(shop: DemoShop) -> str:
    """One line for people about what was made."""
    counts = {name: len(rows) for name, rows in shop.records.items()}
    return (
        f"{counts['customers']} customers, {counts['products']} products in {counts['variants']} variants, "
        f"{counts['orders']} orders, {counts['shipments']} parcels, {counts['stores']} stores "
        f"as of {shop.day.isoformat()}"
    )
