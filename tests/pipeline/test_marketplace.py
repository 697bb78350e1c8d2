"""Marketplace files: people, states, parcels and payments as the files say, and nothing that they do not."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from crm_backend.account.models import Customer
from crm_backend.database.engine import Database, make_engine
from crm_backend.migrations import migrate
from crm_backend.pipeline.exporting import export_folder
from crm_backend.pipeline.loader import Loader
from crm_backend.pipeline.stored import TABLES
from tests.pipeline.helpers import assert_accounted, everything, read_csv, run, stored, write_csv
from tests.support.order_files import write_marketplace
from tests.support.shared_data import OrderFiles, order_files

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> OrderFiles:
    return order_files("marketplace", tmp_path_factory.mktemp("files") / "generated")


def local(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=SAO_PAULO).astimezone(UTC) if text else None


def test_every_order_says_what_the_files_say(sqlite_database: Database, files: OrderFiles) -> None:
    report = run(sqlite_database, files.folder)
    assert_accounted(report)
    tables = {path.stem: read_csv(path) for path in files.folder.glob("*.csv")}
    customers = {row["customer_id"]: row for row in tables["customers"]}
    items, payments = defaultdict(list), defaultdict(list)
    for row in tables["order_items"]:
        items[row["order_id"]].append(row)
    for row in tables["payments"]:
        payments[row["order_id"]].append(row)
    people = {row["customer_unique_id"] for row in tables["customers"]}
    assert stored(sqlite_database, "customers").keys() == people
    merged = next(file for file in report.files.values() if file.role == "customers").outcomes["merged"]
    assert merged == len(tables["customers"]) - len(people)
    orders = stored(sqlite_database, "orders")
    assert orders.keys() == {row["order_id"] for row in tables["orders"]}
    for row in tables["orders"]:
        aggregate = orders[row["order_id"]]
        order, customer = aggregate.record, customers[row["customer_id"]]
        state = "cancelled" if row["order_status"] == "canceled" else row["order_status"]
        assert (order["state"], order["source_state"]) == (state, row["order_status"])
        assert order["customer_external_id"] == customer["customer_unique_id"]
        assert order["placed_at"] == local(row["order_purchase_timestamp"])
        assert order["approved_at"] == local(row["order_approved_at"])
        assert order["promised_on"] == date.fromisoformat(row["order_estimated_delivery_date"][:10])
        assert order["postcode"] == customer["customer_zip_code_prefix"].zfill(5)
        assert (order["currency"], order["timezone"], order["country"]) == ("BRL", "America/Sao_Paulo", "BR")
        assert order["cancelled_at"] is None
        assert order["contact_email"] is None
        own = items[row["order_id"]]
        lines = aggregate.children.get("order_lines", [])
        assert [(line["line_number"], line["sku"], line["total_minor"], line["title"]) for line in lines] == sorted(
            (int(item["order_item_id"]), item["product_id"], int(Decimal(item["price"]) * 100), None) for item in own
        )
        paid = sum(int(Decimal(payment["payment_value"]) * 100) for payment in payments[row["order_id"]])
        goods = sum(int(Decimal(item["price"]) * 100) for item in own)
        freight = sum(int(Decimal(item["freight_value"]) * 100) for item in own)
        if own:
            assert (order["subtotal_minor"], order["shipping_minor"]) == (goods, freight)
            assert order["total_minor"] == goods + freight
        else:
            assert (order["subtotal_minor"], order["shipping_minor"], order["total_minor"]) == (None, None, paid)
        shipments = aggregate.children.get("shipments", [])
        if state not in ("shipped", "delivered"):
            assert shipments == []
            continue
        [shipment] = shipments
        assert (shipment["carrier"], shipment["tracking_number"]) == (None, None)
        assert shipment["state"] == ("delivered" if state == "delivered" else "handed_over")
        events = [(event["code"], event["at"]) for event in aggregate.children["scan_events"]]
        assert events == [("handed_over", local(row["order_delivered_carrier_date"]))] + (
            [("delivered", local(row["order_delivered_customer_date"]))] if state == "delivered" else []
        )


def test_import_and_export_again_change_nothing(database: Database, files: OrderFiles, tmp_path: Path) -> None:
    first = run(database, files.folder)
    assert_accounted(first)
    before = everything(database)
    second = run(database, files.folder)
    assert not second.changed()
    assert second.rows("loaded") == 0
    assert second.rows("unchanged") == first.rows("loaded")
    assert second.rows("merged") == first.rows("merged")
    export_folder(database.engine, tmp_path / "first")
    report = run(database, tmp_path / "first")
    assert not report.changed()
    assert report.rows("unchanged") == report.rows()
    assert everything(database) == before


def test_an_export_fills_an_empty_database_with_the_same_state(
    sqlite_database: Database, files: OrderFiles, tmp_path: Path
) -> None:
    run(sqlite_database, files.folder)
    export_folder(sqlite_database.engine, tmp_path / "first")
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    migrate(url)
    empty = Database(make_engine(url))
    assert_accounted(run(empty, tmp_path / "first"))
    export_folder(empty.engine, tmp_path / "second")
    empty.dispose()
    for path in sorted((tmp_path / "first").iterdir()):
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


def test_names_order_and_dialect_of_files_do_not_matter(sqlite_database: Database, tmp_path: Path) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.mkdir()
    other.mkdir()
    write_marketplace(plain, orders=60)
    for path in plain.iterdir():
        rows = read_csv(path)
        text = ";".join(reversed(rows[0])) + "\r\n"
        for row in rows:
            text += ";".join(f'"{cell}"' for cell in reversed(row.values())) + "\r\n"
        (other / f"olist_{path.stem}_dataset.csv").write_text(text, encoding="utf-8-sig", newline="")
    write_csv(other / "olist_sellers_dataset.csv", [{"seller_id": "1", "seller_city": "x"}])
    run(sqlite_database, plain)
    report = run(sqlite_database, other)
    assert not report.changed()
    assert report.ignored == ["olist_sellers_dataset.csv"]


def test_all_files_but_the_orders_may_be_missing(sqlite_database: Database, tmp_path: Path) -> None:
    write_marketplace(tmp_path, orders=40)
    full = run(sqlite_database, tmp_path)
    before = everything(sqlite_database)
    for path in tmp_path.iterdir():
        if path.stem != "orders":
            path.rename(path.with_suffix(".away"))
    alone = run(sqlite_database, tmp_path)
    assert_accounted(alone)
    # Missing files say nothing about lines, payments, products and people, so those stay.
    after = everything(sqlite_database)
    assert full.records["orders"]["inserted"] == 40
    for name in ("order_lines", "payments", "products", "customers", "shipments", "scan_events"):
        assert after[name] == before[name], name


def test_parts_of_orders_that_are_not_there_are_rejected_by_reason(sqlite_database: Database, tmp_path: Path) -> None:
    write_marketplace(tmp_path, orders=20)
    orders = read_csv(tmp_path / "orders.csv")
    orders[0]["order_status"] = "teleported"
    orders[1]["order_purchase_timestamp"] = "yesterday"
    write_csv(tmp_path / "orders.csv", [*orders, {**orders[2], "order_status": "shipped"}, orders[3]])
    rejected = tmp_path / "out" / "rejected.csv"
    report = run(sqlite_database, tmp_path, rejected=rejected)
    assert_accounted(report)
    assert len(stored(sqlite_database, "orders")) == 18
    rows = read_csv(rejected)
    assert len(rows) == report.rows("rejected")
    reasons = Counter(row["import_reason"] for row in rows if row["import_file"] == "orders.csv")
    assert reasons == {
        "the order_status is none of those known": 1,
        "the order_purchase_timestamp is no time": 1,
        "another row has the same id": 1,
    }
    [teleported] = [row for row in rows if row["order_status"] == "teleported"]
    assert (teleported["import_row"], teleported["order_id"]) == ("2", orders[0]["order_id"])
    assert next(file for file in report.files.values() if file.role == "orders").outcomes["merged"] == 1


def test_a_changed_order_keeps_its_rows(database: Database, tmp_path: Path) -> None:
    write_marketplace(tmp_path, orders=30)
    run(database, tmp_path)
    before = everything(database)
    orders = read_csv(tmp_path / "orders.csv")
    shipped = next(row for row in orders if row["order_status"] == "shipped")
    shipped["order_status"], shipped["order_delivered_customer_date"] = "delivered", "2017-12-30 10:00:00"
    write_csv(tmp_path / "orders.csv", orders)
    report = run(database, tmp_path)
    assert report.records["orders"] == Counter(updated=1, unchanged=29)
    after = everything(database)
    assert after["order_lines"] == before["order_lines"]
    assert [row["id"] for row in after["shipments"]] == [row["id"] for row in before["shipments"]]
    assert len(after["scan_events"]) == len(before["scan_events"]) + 1
    changed = stored(database, "orders")[shipped["order_id"]]
    assert changed.children["shipments"][0]["state"] == "delivered"


def test_what_the_shop_changed_since_stays_until_the_file_changes(database: Database, tmp_path: Path) -> None:
    write_marketplace(tmp_path, orders=10)
    run(database, tmp_path)
    customers = TABLES["customers"]
    with database.write() as session:
        for customer in session.scalars(select(Customer)):
            customer.email = "ann@example.com"
    assert not run(database, tmp_path).changed()
    with database.engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(customers.c.email.is_(None)).select_from(customers)) == 0
    # An export carries the change, and its import finds it there already.
    export_folder(database.engine, tmp_path / "export")
    assert not run(database, tmp_path / "export").changed()


def test_an_interrupted_import_is_completed_by_the_next(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_marketplace(tmp_path, orders=60)
    monkeypatch.setattr("crm_backend.pipeline.loader.BATCH_ROWS", 40)
    whole = Loader._load_batch
    batches = 0

    def cut_off(self: Loader, batch: list[object]) -> None:
        nonlocal batches
        batches += 1
        if batches == 8:
            raise KeyboardInterrupt
        whole(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Loader, "_load_batch", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run(sqlite_database, tmp_path)
    partly = len(stored(sqlite_database, "orders"))
    assert 0 < partly < 60
    report = run(sqlite_database, tmp_path)
    assert report.records["orders"] == Counter(inserted=60 - partly, unchanged=partly)
    assert_accounted(report)


def test_postcodes_that_lost_their_zero_get_it_back(sqlite_database: Database, tmp_path: Path) -> None:
    write_marketplace(tmp_path, orders=9)
    report = run(sqlite_database, tmp_path)
    rows = read_csv(tmp_path / "customers.csv")
    assert report.cleaned["postcode_leading_zero"] == sum(len(row["customer_zip_code_prefix"]) == 4 for row in rows) > 0
