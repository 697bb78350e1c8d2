"""Imports and what they remember: prices that ended, what customers said, and an export that changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_backend.database.engine import Database
from crm_backend.pipeline.exporting import export_folder
from crm_backend.pipeline.importing import ImportOptions, import_folder
from crm_backend.pipeline.report import ImportReport
from crm_backend.products.models import PriceRecord, ProductTerm

MARCH = datetime(2026, 3, 5, tzinfo=UTC)


def load(database: Database, folder: Path, files: dict[str, str], now: datetime = MARCH) -> ImportReport:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return import_folder(database.engine, folder, ImportOptions(now=now))


def catalogue(price: int) -> dict[str, str]:
    return {
        "products": "external_id,name,category\nmug,Mug,Kitchen\n",
        "variants": f"product_external_id,sku,price_minor,currency\nmug,M1,{price},GBP\n",
    }


def ended(database: Database) -> list[tuple[str, int, datetime]]:
    with database.read() as session:
        rows = session.scalars(select(PriceRecord).order_by(PriceRecord.ended_at))
        return [(row.sku, row.price_minor, row.ended_at) for row in rows]


def test_a_price_that_changes_is_remembered_once(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path / "in", catalogue(900))
    assert ended(database) == []
    april = datetime(2026, 4, 1, tzinfo=UTC)
    assert load(database, tmp_path / "in", catalogue(800), april).records["products"]["updated"] == 1
    assert load(database, tmp_path / "in", {}, datetime(2026, 5, 1, tzinfo=UTC)).records["products"]["unchanged"] == 1
    assert ended(database) == [("M1", 900, april)]


def test_what_was_imported_can_be_found(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path / "in", catalogue(900))
    with database.read() as session:
        assert {"mug", "kitchen", "m1"} <= set(session.scalars(select(ProductTerm.term)))


HISTORY = {
    "customers": "external_id,name\nc1,Mina\n",
    "consents": "customer_external_id,external_id,purpose,channel,granted,at,origin\n"
    "c1,1,marketing,email,true,2026-01-01T00:00:00Z,web form\n",
    "loyalty_entries": "customer_external_id,external_id,kind,points,at\nc1,1,earned,120,2026-01-02T00:00:00Z\n",
    "vouchers": "customer_external_id,external_id,code,kind,percent,valid_until\n"
    "c1,1,TEN,percent,10,2026-12-31T00:00:00Z\n",
    "price_history": "product_external_id,sku,ended_at,price_minor,currency\nmug,M1,2025-12-01T00:00:00Z,1000,GBP\n",
    "suppliers": "external_id,name,lead_time_days\ns1,Clay & Co,14\n",
    "purchase_orders": "external_id,number,supplier_external_id,state,placed_at,promised_on\n"
    "p1,PO-1,s1,placed,2026-02-01T00:00:00Z,2026-02-20\n",
    "purchase_order_lines": "purchase_order_external_id,line_number,sku,quantity,received_quantity\np1,1,m1,20,5\n",
    "purchase_order_events": "purchase_order_external_id,sequence,at,code\np1,1,2026-02-01T00:00:00Z,placed\n",
}


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_an_export_changes_nothing_when_it_is_imported(database: Database, tmp_path: Path, file_format: str) -> None:
    report = load(database, tmp_path / "in", {**catalogue(900), **HISTORY})
    assert report.rows("rejected") == 0
    written = export_folder(database.engine, tmp_path / "out", "csv" if file_format == "csv" else "jsonl")
    assert {name for name, count in written.rows.items() if count} == {*catalogue(0), *HISTORY}
    again = import_folder(database.engine, tmp_path / "out", ImportOptions(now=MARCH))
    assert {kind: dict(counts) for kind, counts in again.records.items()} == {
        kind: {"unchanged": 1} for kind in ("customers", "products", "suppliers", "purchase_orders")
    }
    second = export_folder(database.engine, tmp_path / "second", "csv" if file_format == "csv" else "jsonl")
    assert second.rows == written.rows
    for file in sorted((tmp_path / "out").iterdir()):
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()


def test_history_is_never_taken_away(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path / "in", {**catalogue(900), **HISTORY})
    fewer = {"consents": HISTORY["consents"].replace("c1,1,", "c1,2,"), "customers": HISTORY["customers"]}
    load(database, tmp_path / "less", fewer)
    export_folder(database.engine, tmp_path / "out")
    assert (tmp_path / "out" / "consents.csv").read_text(encoding="utf-8").count("\n") == 3
