"""Invoice lines: every row of a messy export ends as a line, a stock movement, or a rejected row with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_backend.database.engine import Database
from crm_backend.pipeline.stored import TABLES
from tests.pipeline.helpers import assert_accounted, everything, read_csv, run, stored
from tests.support.order_files import INVOICE_COLUMNS, invoice_rows, write_table
from tests.support.shared_data import OrderFiles, order_files

SALE = ("536365", "85123A", "WHITE HEART", "6", "2010-12-01 08:26:00", "2.55", "17850", "United Kingdom")


def row(**changes: str) -> tuple[str, ...]:
    """A plain sale's row with some cells changed, by the columns of `INVOICE_COLUMNS`."""
    cells = dict(zip(INVOICE_COLUMNS, SALE, strict=True))
    for name, value in changes.items():
        cells[name.replace("Customer", "Customer ID")] = value
    return tuple(cells.values())


def load(database: Database, folder: Path, *rows: tuple[str, ...], **options: str) -> None:
    write_table(folder / "lines.csv", INVOICE_COLUMNS, rows)
    assert_accounted(run(database, folder, **options))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> OrderFiles:
    return order_files("invoice-lines", tmp_path_factory.mktemp("files") / "generated")


def test_every_row_of_the_file_is_accounted_for(sqlite_database: Database, files: OrderFiles) -> None:
    report = run(sqlite_database, files.folder)
    assert_accounted(report)
    rows = [found for path in sorted(files.folder.iterdir()) for found in read_csv(path)]
    assert report.rows() == len(rows)
    assert report.rows("rejected") == sum(int(found["Quantity"]) == 0 for found in rows)
    orders, lines, moved = TABLES["orders"], TABLES["order_lines"], TABLES["stock_movements"]
    with sqlite_database.engine.connect() as connection:
        line_count = connection.scalar(select(func.count()).select_from(lines)) or 0
        moved_count = connection.scalar(select(func.count()).select_from(moved)) or 0
        assert line_count + moved_count == report.rows("loaded")
        credit = connection.scalar(select(func.count()).where(orders.c.kind == "credit_note")) or 0
        assert credit >= len({found["Invoice"] for found in rows if found["Invoice"].startswith("C")})
        guests = connection.scalar(select(func.count()).where(orders.c.customer_id.is_(None))) or 0
        nameless = connection.scalar(
            select(func.count()).select_from(orders).where(orders.c.kind == "sale", orders.c.state != "invoiced")
        )
        assert nameless == 0
        sales = connection.execute(select(orders.c.number, orders.c.total_minor).where(orders.c.kind == "sale"))
        totals = {sale.number: sale.total_minor for sale in sales}
    with_customer = {found["Invoice"] for found in rows if found["Customer ID"]}
    assert guests == len(totals) + credit - len(with_customer)
    expected: defaultdict[str, Decimal] = defaultdict(Decimal)
    exact: set[str] = {found["Invoice"] for found in rows}
    for found in rows:
        amount = Decimal(found["Price"]) * int(found["Quantity"])
        expected[found["Invoice"]] += amount
        if amount * 100 != int(amount * 100):
            exact.discard(found["Invoice"])
    checked = 0
    for number, total in totals.items():
        if number in exact:
            assert Decimal(total) == expected[number] * 100, number
            checked += 1
    assert checked > len(totals) * 0.9


def test_importing_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    write_table(tmp_path / "lines.csv", INVOICE_COLUMNS, invoice_rows(150, seed=4))
    first = run(database, tmp_path)
    before = everything(database)
    second = run(database, tmp_path)
    assert not second.changed()
    assert second.rows("unchanged") == first.rows("loaded") == second.rows()
    assert everything(database) == before


def test_a_sale(sqlite_database: Database, tmp_path: Path) -> None:
    load(sqlite_database, tmp_path, SALE, row(StockCode="POST", Description="POSTAGE", Quantity="1", Price="18"))
    order = stored(sqlite_database, "orders")["536365"]
    record = order.record
    assert (record["kind"], record["state"], record["source_state"]) == ("sale", "invoiced", None)
    assert record["placed_at"] == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert (record["subtotal_minor"], record["shipping_minor"], record["total_minor"]) == (1530, 1800, 3330)
    assert (record["customer_external_id"], record["country"], record["currency"]) == ("17850", "GB", "GBP")
    assert [(line["kind"], line["title"]) for line in order.children["order_lines"]] == [
        ("item", "WHITE HEART"),
        ("shipping", "POSTAGE"),
    ]
    assert "shipments" not in order.children
    # Postage is no product.
    assert stored(sqlite_database, "products").keys() == {"85123A"}


def test_the_older_header_and_american_dates(sqlite_database: Database, tmp_path: Path) -> None:
    columns = ("Country", "CustomerID", "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice")
    rows = [
        ("United Kingdom", "17850.0", "536365", "85123A", "WHITE HEART", "6", "12/1/2010 8:26", "2.55"),
        ("EIRE", "", "536366", "85123A", "WHITE HEART", "1", "12/13/2010 8:26", "2.55"),
    ]
    write_table(tmp_path / "Year 2010-2011.csv", columns, rows)
    assert_accounted(run(sqlite_database, tmp_path))
    orders = stored(sqlite_database, "orders")
    assert orders["536365"].record["placed_at"] == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert orders["536365"].record["customer_external_id"] == "17850"
    assert (orders["536366"].record["customer_external_id"], orders["536366"].record["country"]) == (None, "IE")


def test_guests_are_orders_without_a_customer(sqlite_database: Database, tmp_path: Path) -> None:
    load(sqlite_database, tmp_path, row(Customer=""), row(Invoice="536370", Customer=""))
    assert stored(sqlite_database, "customers") == {}
    assert {order.record["customer_external_id"] for order in stored(sqlite_database, "orders").values()} == {None}


def test_credit_notes_have_positive_quantities(sqlite_database: Database, tmp_path: Path) -> None:
    load(sqlite_database, tmp_path, row(Invoice="C536379", Quantity="-6"))
    order = stored(sqlite_database, "orders")["C536379"]
    assert (order.record["kind"], order.record["total_minor"]) == ("credit_note", 1530)
    assert (order.children["order_lines"][0]["quantity"], order.children["order_lines"][0]["total_minor"]) == (6, 1530)


def test_a_line_against_its_invoice_turns_the_amount_not_the_count(sqlite_database: Database, tmp_path: Path) -> None:
    load(
        sqlite_database,
        tmp_path,
        SALE,
        row(StockCode="D", Description="Discount", Quantity="-1", Price="5.00"),
    )
    order = stored(sqlite_database, "orders")["536365"]
    assert (order.record["discount_minor"], order.record["total_minor"]) == (500, 1030)
    discount = order.children["order_lines"][1]
    assert (discount["kind"], discount["quantity"], discount["total_minor"]) == ("discount", 1, -500)


def test_an_invoice_of_negative_total_is_a_credit_note(sqlite_database: Database, tmp_path: Path) -> None:
    load(
        sqlite_database,
        tmp_path,
        row(
            Invoice="A506401",
            StockCode="B",
            Description="Adjust bad debt",
            Quantity="1",
            Price="-53594.36",
            Customer="",
        ),
    )
    order = stored(sqlite_database, "orders")["A506401"]
    assert (order.record["kind"], order.record["total_minor"]) == ("credit_note", 5359436)
    assert order.children["order_lines"][0]["kind"] == "adjustment"


def test_goods_that_left_without_a_sale_are_stock_movements(sqlite_database: Database, tmp_path: Path) -> None:
    load(
        sqlite_database,
        tmp_path,
        SALE,
        row(Invoice="536371", Description="damaged", Quantity="-30", Price="0", Customer=""),
        row(Invoice="536372", Description="WHITE HEART", Quantity="-2", Price="0.0", Customer=""),
        row(Invoice="536373", Description="found", Quantity="7", Price="0", Customer=""),
    )
    moved = {name: found.record for name, found in stored(sqlite_database, "stock_movements").items()}
    assert {(name, found["quantity"], found["reason"]) for name, found in moved.items()} == {
        ("536371-1", -30, "damaged"),
        ("536372-1", -2, None),
        ("536373-1", 7, "found"),
    }
    assert stored(sqlite_database, "orders").keys() == {"536365"}
    assert stored(sqlite_database, "products")["85123A"].record["name"] == "WHITE HEART"


def test_a_gift_within_a_guests_sale_is_a_line_of_it(sqlite_database: Database, tmp_path: Path) -> None:
    load(sqlite_database, tmp_path, row(Customer=""), row(StockCode="22041", Price="0", Customer=""))
    assert len(stored(sqlite_database, "orders")["536365"].children["order_lines"]) == 2


def test_spellings_of_a_stock_code_are_one_product(sqlite_database: Database, tmp_path: Path) -> None:
    load(
        sqlite_database,
        tmp_path,
        SALE,
        row(Invoice="536380", StockCode="85123a", Description=" WHITE   HEART "),
        row(Invoice="536381", StockCode=" 85123A", Description=""),
        row(Invoice="536382", StockCode="99999", Description=""),
    )
    products = stored(sqlite_database, "products")
    assert {name: product.record["name"] for name, product in products.items()} == {
        "85123A": "WHITE HEART",
        "99999": None,
    }
    titles = {
        number: order.children["order_lines"][0]["title"] for number, order in stored(sqlite_database, "orders").items()
    }
    assert titles == {"536365": "WHITE HEART", "536380": "WHITE HEART", "536381": "WHITE HEART", "536382": None}


def test_a_customers_country_is_that_of_the_latest_invoice(sqlite_database: Database, tmp_path: Path) -> None:
    load(
        sqlite_database,
        tmp_path,
        row(Invoice="536390", InvoiceDate="2010-12-05 08:00:00", Country="Germany"),
        SALE,
        row(Invoice="536391", Customer="9", Country="Channel Islands"),
    )
    customers = stored(sqlite_database, "customers")
    assert customers["17850"].record["country"] == "DE"
    assert customers["9"].record["country"] is None
    assert customers["9"].record["attributes"] == {"country_as_given": "Channel Islands"}
    assert stored(sqlite_database, "orders")["536365"].record["country"] == "GB"


def test_an_invoice_written_over_several_minutes_began_at_the_first(sqlite_database: Database, tmp_path: Path) -> None:
    load(sqlite_database, tmp_path, row(InvoiceDate="2010-12-01 08:27:00"), SALE)
    assert stored(sqlite_database, "orders")["536365"].record["placed_at"] == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)


def test_overlapping_files_count_a_row_once(sqlite_database: Database, tmp_path: Path) -> None:
    other = row(Invoice="536400")
    write_table(tmp_path / "2010.csv", INVOICE_COLUMNS, [SALE, SALE])
    write_table(tmp_path / "2011.csv", INVOICE_COLUMNS, [SALE, SALE, other])
    report = run(sqlite_database, tmp_path)
    assert_accounted(report)
    assert (report.rows("loaded"), report.rows("merged")) == (3, 2)
    # Twice within one file is two lines: the same thing was scanned twice.
    assert len(stored(sqlite_database, "orders")["536365"].children["order_lines"]) == 2


def test_rows_that_cannot_be_used_are_rejected_with_their_reason(sqlite_database: Database, tmp_path: Path) -> None:
    write_table(
        tmp_path / "lines.csv",
        INVOICE_COLUMNS,
        [
            SALE,
            row(Invoice=""),
            row(StockCode=" "),
            row(Quantity="six"),
            row(Quantity="1.5"),
            row(Quantity="0"),
            row(Price="free"),
            row(InvoiceDate="soon"),
            SALE[:-2],
        ],
    )
    rejected = tmp_path / "out" / "rejected.csv"
    report = run(sqlite_database, tmp_path, rejected=rejected)
    assert_accounted(report)
    assert report.reasons == Counter(
        {
            "no invoice number": 1,
            "no stock code": 1,
            "the quantity is no number": 1,
            "the quantity is no whole number": 1,
            "the quantity is 0": 1,
            "the price is no number": 1,
            "the invoice date is no time (month first)": 1,
            "malformed row": 1,
        }
    )
    rows = read_csv(rejected)
    assert [found["import_row"] for found in rows] == [str(number) for number in range(3, 11)]
    assert rows[2]["Quantity"] == "six"
    assert rows[-1]["import_reason"] == "the row has 6 cells where the header has 8"


def test_options_override_what_the_shape_implies(sqlite_database: Database, tmp_path: Path) -> None:
    load(
        sqlite_database,
        tmp_path,
        row(Price="500", Country=""),
        timezone="Asia/Tokyo",
        currency="JPY",
        country="Japan",
        source="till",
    )
    record = stored(sqlite_database, "orders")["536365"].record
    assert (record["source"], record["currency"], record["total_minor"]) == ("till", "JPY", 3000)
    assert record["placed_at"] == datetime(2010, 11, 30, 23, 26, tzinfo=UTC)
    assert record["country"] == "JP"
