"""Files are cleaned by the same rules as calls, and the report and the data-quality report count them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crm_backend.database.engine import Database
from crm_backend.pipeline.cleaning import RULES
from crm_backend.quality import service as quality
from tests.pipeline.helpers import assert_accounted, run, stored, write_csv

CUSTOMER = {
    "external_id": "1",
    "name": "  Mina   Lee ",
    "email": "<Mina@EXAMPLE.org>",
    "phone": "(020) 7946-0958",
    "language": "zh_cn",
    "country": "united kingdom",
    "birth_date": "1850-01-01",
    "registered_at": "1970-01-01T00:00:00Z",
}
ORDER = {
    "external_id": "1",
    "number": "SD-1",
    "customer_external_id": "1",
    "state": "delivered",
    "placed_at": "2026-03-01 10:00:00",
    "approved_at": "2099-01-01T00:00:00Z",
    "timezone": "europe/london",
    "currency": "gbp",
    "contact_phone": "000000",
    "recipient": "n/a",
    "postcode": "4571",
    "country": "br",
}


def _files(folder: Path) -> Path:
    folder.mkdir()
    write_csv(folder / "customers.csv", [CUSTOMER, {**CUSTOMER, "external_id": "2", "email": "none at all"}])
    write_csv(folder / "products.csv", [{"external_id": "P", "name": "Scarf", "brand": "B"}])
    write_csv(
        folder / "variants.csv",
        [
            {"product_external_id": "P", "sku": sku, "price_minor": 100, "currency": "GBP"}
            for sku in ("SC-RED", "sc-red")
        ],
    )
    write_csv(folder / "orders.csv", [ORDER])
    write_csv(
        folder / "order_lines.csv", [{"order_external_id": "1", "line_number": 1, "sku": "Sc-Red", "quantity": 1}]
    )
    return folder


def test_what_is_in_files_is_brought_into_one_form_and_counted(database: Database, tmp_path: Path) -> None:
    report = run(database, _files(tmp_path / "in"), timezone="Europe/London")
    assert_accounted(report)
    assert report.rows("rejected") == 0, report.reasons
    customers = stored(database, "customers")
    mina = customers["1"].record
    columns = ("name", "email", "phone", "language", "country", "birth_date", "registered_at")
    assert [mina[name] for name in columns] == [
        "Mina Lee", "Mina@example.org", "+442079460958", "zh-CN", "GB", None, None,
    ]  # fmt: skip
    assert customers["2"].record["email"] is None
    order = stored(database, "orders")["1"]
    told = [
        order.record[name] for name in ("placed_at", "approved_at", "timezone", "currency", "recipient", "postcode")
    ]
    assert told == [datetime(2026, 3, 1, 10, tzinfo=UTC), None, "Europe/London", "GBP", None, "04571"]
    assert order.record["contact_phone"] is None
    # Two spellings of one code are one variant, and the line is spelt like it.
    assert [row["sku"] for row in stored(database, "products")["P"].children["variants"]] == ["SC-RED"]
    assert order.children["order_lines"][0]["sku"] == "SC-RED"
    assert set(report.cleaned) <= set(RULES)
    assert report.cleaned.keys() >= {
        "white_space", "email_form", "email_impossible", "phone_e164", "phone_impossible", "language_tag",
        "country_name", "currency_case", "zone_case", "birth_date_impossible", "time_in_future", "time_too_old",
        "time_without_zone", "placeholder", "postcode_form", "sku_case",
    }  # fmt: skip
    with database.read() as session:
        told_rules = {rule.rule: rule.count for rule in quality.report(session, datetime.now(UTC), 7, 10).rules}
    assert told_rules == dict(report.cleaned)


def test_what_cannot_be_true_and_is_needed_rejects_its_row_with_the_reason(database: Database, tmp_path: Path) -> None:
    write_csv(
        tmp_path / "orders.csv",
        [
            {**ORDER, "external_id": "1", "placed_at": "2099-01-01T00:00:00Z"},
            {**ORDER, "external_id": "2", "placed_at": "1900-01-01T00:00:00Z"},
            {**ORDER, "external_id": "3", "placed_at": "2026-03-01T10:00:00Z", "currency": "ABC"},
            {**ORDER, "external_id": "4", "placed_at": "2026-03-01T10:00:00Z", "customer_external_id": ""},
        ],
    )
    report = run(database, tmp_path)
    assert_accounted(report)
    assert dict(report.reasons) == {
        "orders: placed_at: is in the future": 1,
        "orders: placed_at: is before the year 1990": 1,
        "orders: currency: is not a currency code of ISO 4217": 1,
    }
    assert list(stored(database, "orders")) == ["4"]


def test_a_file_that_was_cleaned_is_found_unchanged_when_it_comes_again(database: Database, tmp_path: Path) -> None:
    folder = _files(tmp_path / "in")
    run(database, folder, timezone="Europe/London")
    empty = tmp_path / "empty"
    empty.mkdir()
    write_csv(
        empty / "customers.csv", [{"external_id": "9", "phone": "", "email": "", "name": "Otto", "registered_at": ""}]
    )
    assert not run(database, empty).cleaned, "an empty cell is no mistake"
    assert run(database, folder, timezone="Europe/London").changed() is False
