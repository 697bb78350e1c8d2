"""The canonical format: whatever it can say survives the way into the database and out again."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_backend.database.engine import Database
from crm_backend.pipeline.canonical.columns import Column, Record, RecordType
from crm_backend.pipeline.canonical.records import parse_record
from crm_backend.pipeline.canonical.types import BY_NAME, RECORD_TYPES, ROOTS, children_of
from crm_backend.pipeline.canonical.values import BadValue, format_cell, format_value, is_card_number
from crm_backend.pipeline.canonical_files import CanonicalWriter
from crm_backend.pipeline.cleaning import Surroundings, clean_record, clean_row
from crm_backend.pipeline.exporting import export_folder
from crm_backend.pipeline.stored import TABLES
from tests.pipeline.helpers import NOW, assert_accounted, everything, read_csv, run, stored, write_csv

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=12)
WORDS = st.text("abc éü红色·-/", max_size=8).map(str.rstrip).map(lambda text: " ".join(text.split()))
"""Ids: cleaned already, so that what belongs to a record finds it."""
LONG_AGO = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
JSON_OBJECTS = st.dictionaries(
    TEXT,
    st.recursive(TEXT | st.integers(-(2**53), 2**53) | st.booleans() | st.none(), st.lists, max_leaves=3),
    max_size=3,
)


def values_of(column: Column) -> st.SearchStrategy[Any]:
    """Every value that a column can hold, None included where it may be unknown."""
    if column.choices:
        known: st.SearchStrategy[Any] = st.sampled_from(column.choices)
    else:
        known = {
            "text": TEXT if column.length is None else st.text("0123456789", min_size=4, max_size=4),
            "integer": st.integers(
                column.minimum if column.minimum is not None else -(2**31),
                column.maximum if column.maximum is not None else 2**31 - 1,
            ),
            "minor": st.integers(column.minimum if column.minimum is not None else -(2**63), 2**63 - 1),
            "decimal": st.floats(-180, 180).map(lambda value: value + 0.0),
            "instant": st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
            "day": st.dates(),
            "boolean": st.booleans(),
            "json": JSON_OBJECTS,
            "options": st.dictionaries(TEXT, TEXT, max_size=3),
            "zone": st.sampled_from(("UTC", "Europe/London", "Asia/Shanghai")),
            "country": st.sampled_from(("GB", "CN", "BR")),
            "currency": st.sampled_from(("GBP", "CNY", "JPY")),
        }[column.type]
    if column.required or column.default is not None:
        return known
    return st.none() | known


def records_of(kind: RecordType, **fixed: Any) -> st.SearchStrategy[Record]:
    return st.fixed_dictionaries(
        {c.name: st.just(fixed[c.name]) if c.name in fixed else values_of(c) for c in kind.columns}
    ).map(_consistent)


def _consistent(record: Record) -> Record:
    """As an export writes it: how many of a line are gone is known, and no more than were bought; a return gives money
    or takes some; no more is accepted than came; claims count by line number.
    """
    if "charge_minor" in record and record["refund_minor"]:
        record["charge_minor"] = 0
    if record.get("accepted_quantity") is not None:
        record["accepted_quantity"] = min(record["accepted_quantity"], record["quantity"])
    if "quantities" in record:
        record["quantities"] = {str(place): 1 + place for place, _ in enumerate(record["quantities"])}
    gone = ("cancelled_quantity", "returned_quantity")
    if record.keys() >= set(gone):
        counts = [record[name] or 0 for name in gone]
        record.update(zip(gone, counts if sum(counts) <= record["quantity"] else (0, 0), strict=True))
    return record


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
@given(data=st.data())
def test_a_record_survives_both_file_forms(kind: RecordType, data: st.DataObject) -> None:
    record = data.draw(records_of(kind).filter(lambda found: not is_card_number(str(found.get("external_id")))))
    cells = {name: format_cell(value) for name, value in record.items()}
    line = json.loads(json.dumps({name: format_value(value) for name, value in record.items()}))
    from_cells = parse_record(kind, cells)
    assert from_cells == parse_record(kind, line) == record


AROUND = Surroundings(NOW)


def cleaned(kind: RecordType, record: Record) -> Record | None:
    """As cleaning leaves it, and so as any file of ours has it; None where nothing would be left of it."""
    if kind.own:
        return record
    row = {name: format_value(value) for name, value in record.items()}
    try:
        return clean_record(
            kind, parse_record(kind, clean_row(kind, row, AROUND, lambda _: None)), AROUND, lambda _: None
        )
    except BadValue:
        return None


def _required_times(kind: RecordType) -> list[str]:
    return [column.name for column in kind.columns if column.type == "instant" and column.required]


def clean_records_of(kind: RecordType, **fixed: Any) -> st.SearchStrategy[Record]:
    return (
        records_of(kind, **fixed)
        .map(lambda record: {**record, **dict.fromkeys(_required_times(kind), LONG_AGO), **fixed})
        .map(lambda record: cleaned(kind, record))
        .filter(lambda record: record is not None)
        .map(lambda record: record or {})
    )


@st.composite
def states(draw: st.DrawFn) -> list[tuple[RecordType, Record]]:
    """A small whole state: every kind of record, keys distinct, children with parents."""
    found: list[tuple[RecordType, Record]] = []
    for root in ROOTS:
        for number in range(draw(st.integers(0, 2))):
            source, external_id = draw(st.sampled_from(("shop", "till"))), f"{number}{draw(WORDS)}"
            fixed: dict[str, Any] = {"source": source, "external_id": external_id, "customer_external_id": None}
            found.append((root, draw(clean_records_of(root, **fixed))))
            shipments: list[str] = []
            for kind in children_of(root):
                for position in range(1, 1 + draw(st.integers(0, 2))):
                    mine: dict[str, Any] = {"source": source, str(kind.parent_key): external_id}
                    if "shipment_external_id" in kind.names:
                        if not shipments:
                            break
                        mine["shipment_external_id"] = draw(st.sampled_from(shipments))
                    last = kind.by_name[kind.key[-1]]
                    if last.type == "integer":
                        mine[last.name] = position
                    elif last.type == "instant":
                        mine[last.name] = datetime(2026, 3, position, tzinfo=UTC)
                    else:
                        mine[last.name] = f"{position}{draw(WORDS)}"
                    found.append((kind, draw(clean_records_of(kind, **mine))))
                    if kind.name == "shipments":
                        shipments.append(mine["external_id"])
    return found


def write_state(folder: Path, records: list[tuple[RecordType, Record]], form: Any) -> None:
    with CanonicalWriter(folder, form) as writer:
        for kind, record in records:
            writer.write_record(kind, record)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=states(), form=st.sampled_from(("csv", "jsonl")))
def test_any_state_comes_back_out_as_it_went_in(
    database: Database, tmp_path_factory: pytest.TempPathFactory, records: list[tuple[RecordType, Record]], form: Any
) -> None:
    with database.engine.begin() as connection:
        for name in reversed(TABLES):
            connection.execute(TABLES[name].delete())
    folder = tmp_path_factory.mktemp("state")
    write_state(folder / "in", records, form)
    report = run(database, folder / "in")
    assert_accounted(report)
    assert report.rows("rejected") == 0, report.reasons
    before = everything(database)
    export_folder(database.engine, folder / "out", form)
    again = run(database, folder / "out")
    assert not again.changed()
    assert everything(database) == before
    for kind in RECORD_TYPES:
        name = f"{kind.name}.{form}"
        assert Counter((folder / "in" / name).read_bytes().splitlines()) == Counter(
            (folder / "out" / name).read_bytes().splitlines()
        )


ORDER = {
    "external_id": "1",
    "number": "SD-1",
    "state": "shipped",
    "placed_at": "2026-03-01T10:00:00Z",
    "currency": "GBP",
}


def test_order_lines_find_their_variant_whichever_comes_first(database: Database, tmp_path: Path) -> None:
    write_csv(tmp_path / "orders.csv", [ORDER])
    write_csv(
        tmp_path / "order_lines.csv", [{"order_external_id": "1", "line_number": 1, "sku": "kt-1", "quantity": 1}]
    )
    run(database, tmp_path)
    assert everything(database)["order_lines"][0]["variant_id"] is None
    later = tmp_path / "later"
    later.mkdir()
    write_csv(later / "products.csv", [{"external_id": "K", "name": "Kettle", "brand": "B"}])
    write_csv(later / "variants.csv", [{"product_external_id": "K", "sku": "KT-1"}])
    run(database, later)
    rows = everything(database)
    assert rows["order_lines"][0]["variant_id"] == rows["variants"][0]["id"]
    assert not run(database, tmp_path).changed()


def test_keys_for_look_ups_are_filled(database: Database, tmp_path: Path) -> None:
    write_csv(tmp_path / "orders.csv", [{**ORDER, "contact_email": " Guest@Example.com"}])
    write_csv(
        tmp_path / "shipments.csv",
        [{"order_external_id": "1", "external_id": "p", "state": "handed_over", "tracking_number": "ab 12-cd"}],
    )
    write_csv(
        tmp_path / "customers.csv",
        [{"external_id": "c", "email": "Ann@Example.com", "phone": "020 7946 0018", "country": "GB"}],
    )
    run(database, tmp_path)
    rows = everything(database)
    assert rows["orders"][0]["number_key"] == "SD1"
    assert rows["shipments"][0]["tracking_key"] == "AB12CD"
    customers = TABLES["customers"]
    with database.engine.connect() as connection:
        asked = customers.c.email_key == "ann@example.com", customers.c.phone_key == "+442079460018"
        assert connection.execute(select(customers.c.external_id).where(*asked)).scalars().all() == ["c"]
        orders = TABLES["orders"]
        of_guest = select(orders.c.number).where(orders.c.contact_email_key == "guest@example.com")
        assert connection.execute(of_guest).scalars().all() == [rows["orders"][0]["number"]]
    assert "ann" not in rows["customers"][0]["email_key"]


def test_a_kind_without_a_file_is_left_as_it_is_and_an_empty_file_empties_it(
    database: Database, tmp_path: Path
) -> None:
    write_csv(tmp_path / "orders.csv", [ORDER])
    refund = {"order_external_id": "1", "external_id": "r", "amount_minor": 5, "currency": "GBP", "state": "paid"}
    write_csv(tmp_path / "refunds.csv", [refund])
    run(database, tmp_path)
    (tmp_path / "refunds.csv").unlink()
    write_csv(tmp_path / "orders.csv", [{**ORDER, "state": "delivered"}])
    assert run(database, tmp_path).records["orders"]["updated"] == 1
    assert len(stored(database, "orders")["1"].children["refunds"]) == 1
    write_csv(tmp_path / "refunds.csv", [], list(refund))
    assert run(database, tmp_path).records["orders"]["updated"] == 1
    assert stored(database, "orders")["1"].children == {}


def test_an_order_of_an_unknown_customer_is_loaded_and_tied_later(database: Database, tmp_path: Path) -> None:
    write_csv(tmp_path / "orders.csv", [{**ORDER, "customer_external_id": "c"}])
    assert run(database, tmp_path).cleaned == {"order_of_unknown_customer": 1}
    write_csv(tmp_path / "customers.csv", [{"external_id": "c", "name": "Ann", "email": "ann@example.com"}])
    assert run(database, tmp_path).records["orders"]["updated"] == 1
    assert stored(database, "orders")["1"].record["customer_external_id"] == "c"


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        ("orders", {**ORDER, "state": "lost"}, "orders: state: is none of created,"),
        ("orders", {**ORDER, "placed_at": "2026-03-01T10:00:00"}, "orders: placed_at: has no offset"),
        ("orders", {**ORDER, "timezone": "Mars/Base"}, "orders: timezone: is not an IANA time zone"),
        ("orders", {**ORDER, "currency": "pounds"}, "orders: currency: is not a three-letter currency code"),
        ("orders", {**ORDER, "total_minor": "9.99"}, "orders: total_minor: is not a whole number of minor units"),
        ("orders", {**ORDER, "promised_on": "soon"}, "orders: promised_on: is not a day"),
        ("orders", {**ORDER, "number": ""}, "orders: number: is missing"),
        (
            "payment_methods",
            {"customer_external_id": "c", "external_id": "4111 1111 1111 1111", "kind": "card"},
            "payment_methods: external_id: is a card number",
        ),
        (
            "payment_methods",
            {"customer_external_id": "c", "external_id": "m", "kind": "card", "last4": "41111111"},
            "payment_methods: last4: is not 4 characters long",
        ),
        (
            "order_lines",
            {"order_external_id": "2", "line_number": 1, "quantity": 1},
            "order_lines: its order is in no file or was rejected",
        ),
        (
            "scan_events",
            {"order_external_id": "1", "shipment_external_id": "x", "sequence": 1, "code": "delivered"},
            "scan_events: its shipment is in no file or was rejected",
        ),
    ],
)
def test_rows_that_break_the_format_are_rejected_with_column_and_reason(
    sqlite_database: Database, tmp_path: Path, kind: str, row: dict[str, Any], reason: str
) -> None:
    write_csv(tmp_path / "customers.csv", [{"external_id": "c", "name": "Ann", "email": "ann@example.com"}])
    if kind != "orders":
        write_csv(tmp_path / "orders.csv", [ORDER])
    write_csv(tmp_path / f"{kind}.csv", [row])
    rejected = tmp_path / "out" / "rejected.csv"
    report = run(sqlite_database, tmp_path, rejected=rejected)
    assert_accounted(report)
    [found] = read_csv(rejected)
    assert found["import_reason"].startswith(reason)


def test_times_without_an_offset_are_read_in_the_zone_given(sqlite_database: Database, tmp_path: Path) -> None:
    write_csv(tmp_path / "orders.csv", [{**ORDER, "placed_at": "2026-07-01 10:00"}])
    run(sqlite_database, tmp_path, timezone="Europe/London")
    assert stored(sqlite_database, "orders")["1"].record["placed_at"] == datetime(2026, 7, 1, 9, tzinfo=UTC)


def test_the_same_id_twice_is_merged_when_equal_and_rejected_when_not(
    sqlite_database: Database, tmp_path: Path
) -> None:
    write_csv(tmp_path / "orders.csv", [ORDER, ORDER, {**ORDER, "state": "delivered"}])
    report = run(sqlite_database, tmp_path)
    assert_accounted(report)
    assert (report.rows("loaded"), report.rows("merged"), report.rows("rejected")) == (1, 1, 1)
    assert stored(sqlite_database, "orders")["1"].record["state"] == "shipped"


def test_the_documentation_names_every_column() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "data-format.md").read_text("utf-8")
    for kind in RECORD_TYPES:
        section = page.split(f"### {kind.name}\n")[1].split("\n### ")[0].split("\n## ")[0]
        documented = [line.split("|")[1].strip().strip("`") for line in section.splitlines() if line.startswith("| `")]
        assert documented == list(kind.names), kind.name


def test_columns_are_those_of_the_tables() -> None:
    derived = {"id", "content_hash", "email_key", "phone_key", "number_key", "sku_key", "tracking_key", "variant_id"}
    derived |= {"contact_email_key", "name_postcode_key", "name_key", "postcode_key"}
    derived |= {"bucket", "reserved", "version", "items_changed_at", "shipping_gone_minor", "net_minor", "gone_minor"}
    derived |= {"public_id"}
    for name, kind in BY_NAME.items():
        links = {column.name for column in TABLES[name].columns if column.foreign_keys}
        assert {column.name for column in TABLES[name].columns} - derived - links <= set(kind.names), name


def test_days_and_instants_keep_their_meaning() -> None:
    record = parse_record(BY_NAME["orders"], {**ORDER, "promised_on": "2026-03-05"})
    assert record["promised_on"] == date(2026, 3, 5)
