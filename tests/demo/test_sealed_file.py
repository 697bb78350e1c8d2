"""The demo shop's database as somebody reads it who copied the file: nothing that says who a customer is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm_backend.database.engine import make_engine
from crm_backend.encryption.columns import sealed_columns
from crm_backend.encryption.rows import sealed_tables
from shopdesk.demo.fill import fill
from shopdesk.demo.settings import DemoSettings
from tests.demo.conftest import NOW

SHORTEST = 6
"""Characters; shorter texts, like a given name, stand in the catalogue and in hashes by chance too. For Chinese, which
says more with each, `SHORTEST_CHINESE`."""

SHORTEST_CHINESE = 3


def personal(url: str) -> Iterator[tuple[str, str]]:
    """Every sealed value as the CRM reads it, with its table and column."""
    engine = make_engine(url, pool_size=1)
    with engine.connect() as connection:
        for table in sealed_tables():
            for name in sealed_columns(table):
                for value in connection.execute(select(table.c[name]).where(table.c[name].is_not(None))).scalars():
                    yield f"{table.name}.{name}", _said(value)
    engine.dispose()


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else str(value)


def test_no_personal_value_is_in_the_database_file(demo_settings: DemoSettings, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/crm.sqlite3"
    fill(demo_settings, url, tmp_path, seed=3, customers=20, now=NOW, force=False)
    files = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("crm.sqlite3*"))).lower()
    assert b"london" in files, "what is not sealed would be found"
    values = [
        (place, text)
        for place, text in personal(url)
        if len(text) >= (SHORTEST if text.isascii() else SHORTEST_CHINESE) and not (text.isdigit() and len(text) < 7)
    ]
    assert {place for place, _text in values} >= {
        "customers.name", "customers.email", "customers.phone", "customers.birth_date", "addresses.line1",
        "orders.recipient", "orders.contact_email", "orders.line1",
    }  # fmt: skip
    assert sorted({(place, text) for place, text in values if text.lower().encode() in files}) == []
