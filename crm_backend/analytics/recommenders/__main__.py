"""Fit on one set of invoice lines, and write what customers and strangers would be shown.

    python -m crm_backend.analytics.recommenders FOLDER [--until 2010-12-01] [--count 10] [--out lists.jsonl]

FOLDER is read as `shopdesk import` reads it, with the same cleaning, into a database that is thrown away. Each line of
the output is a JSON object: {"customer": id, "for_you": […], "buy_again": […], "discover": […]} with stock codes, best
first; then {"stranger": country or "", "items": […]} for people without a history; last {"model_card": {…}}.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from crm_backend.analytics.recommenders.base import CHUNK_PEOPLE
from crm_backend.analytics.recommenders.evaluation import SHELVES
from crm_backend.analytics.recommenders.fitting import FittedShop, fit
from crm_backend.analytics.recommenders.history import ItemFacts
from crm_backend.database.engine import make_engine
from crm_backend.migrations import migrate
from crm_backend.pipeline.importing import import_folder

LINES_QUERY = """
    SELECT o.external_id AS basket, c.external_id AS person, l.sku AS item, o.placed_at AS at, l.quantity AS quantity,
           o.kind = 'credit_note' AS credit, o.country AS country
    FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN customers c ON c.id = o.customer_id
    WHERE l.kind = 'item' AND l.unit_price_minor > 0 AND o.state NOT IN ('cancelled', 'unavailable')
"""
NAMES_QUERY = "SELECT external_id, name, category, brand FROM products WHERE name IS NOT NULL"


def read_lines(folder: Path) -> tuple[pd.DataFrame, dict[str, ItemFacts]]:
    """Invoice lines (`purchases.LINE_COLUMNS`) and what is said of each item, from files of any shape that is imported.

    Lines without a price are goods given away, and no wish of anybody's.
    """
    with tempfile.TemporaryDirectory(prefix="shopdesk-recommend-") as scratch:
        url = f"sqlite:///{Path(scratch) / 'lines.sqlite3'}"
        migrate(url)
        engine = make_engine(url)
        import_folder(engine, folder)
        lines = pd.read_sql_query(LINES_QUERY, engine)
        names = pd.read_sql_query(NAMES_QUERY, engine)
        engine.dispose()
    lines["at"] = pd.to_datetime(lines["at"], format="ISO8601")
    lines["credit"] = lines["credit"].astype(bool)
    facts = {
        item: ItemFacts(
            " ".join(part for part in (name, category, brand) if isinstance(part, str)),
            category if isinstance(category, str) else None,
        )
        for item, name, category, brand in names.itertuples(index=False)
    }
    return lines, facts


def write_lists(shop: FittedShop, count: int, out: IO[str]) -> None:
    """Write everybody's lists, strangers' and the model card."""
    items = shop.history.items
    for start in range(0, len(shop.history.people), CHUNK_PEOPLE):
        part = np.arange(start, min(start + CHUNK_PEOPLE, len(shop.history.people)))
        chosen = {shelf: shop.numbered(part, shelf, count)[0] for shelf in SHELVES}
        for at, person in enumerate(part.tolist()):
            lists = {shelf: [items[item] for item in rows[at].tolist() if item >= 0] for shelf, rows in chosen.items()}
            out.write(json.dumps({"customer": shop.history.people[person], **lists}) + "\n")
    for country in shop.starters:
        listed = shop.for_stranger(country=country or None, count=count)
        out.write(json.dumps({"stranger": country, "items": listed}) + "\n")
    out.write(json.dumps({"model_card": shop.card()}) + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m crm_backend.analytics.recommenders", description=__doc__)
    parser.add_argument("folder", type=Path, help="order files in any shape that `shopdesk import` reads")
    parser.add_argument("--until", type=datetime.fromisoformat, help="fit on what was bought before this instant (UTC)")
    parser.add_argument("--count", type=int, default=10, help="entries of a list")
    parser.add_argument("--out", type=Path, help="where to write; standard output when not given")
    options = parser.parse_args(arguments)
    lines, facts = read_lines(options.folder)
    shop = fit(lines, as_of=options.until, facts=facts)
    if options.out is None:
        write_lists(shop, options.count, sys.stdout)
        return
    with options.out.open("w", encoding="utf-8") as out:
        write_lists(shop, options.count, out)


if __name__ == "__main__":
    main()
