"""What the CRM keeps itself, there and back: returns, claims, goods put aside, reservations, invoices."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from crm_backend.account.models import Customer
from crm_backend.database.engine import Database
from crm_backend.documents.models import Invoice
from crm_backend.identity.keys import LookupKeys
from crm_backend.orders.models import Order
from crm_backend.payments.models import Refund
from crm_backend.pipeline.canonical.types import OWN_TYPES, RECORD_TYPES
from crm_backend.pipeline.exporting import export_folder
from crm_backend.privacy.models import Erasure, Tombstone
from crm_backend.returns.models import Return, ReturnLine, StockHold
from crm_backend.shipments.claim_models import Chase, ShipmentClaim
from crm_backend.stores.models import Reservation, Stock
from tests.crm import records
from tests.pipeline.helpers import assert_accounted, everything, read_csv, run, write_csv
from tests.support.databases import CrmDatabases, open_database

AT = datetime(2026, 3, 4, 10, 30, 15, tzinfo=UTC)


def fill(database: Database) -> None:
    """One of each, every column filled, and a return in its first minute with as little as there can be."""
    with database.write() as session:
        mina = records.customer(session, external_id="mina", source="web")
        order = records.order(session, "SD-1", mina, external_id="O1", state="delivered")
        records.line(session, order, 1, sku="MUG", quantity=3)
        mug = records.product(session, "Mug", external_id="P1")
        blue = records.variant(session, mug, "MUG-b")
        shop = records.store(session, "Old Street", external_id="T1", source="web")
        session.add_all(
            Stock(store_id=shop.id, sku=sku, sku_key=sku.upper(), quantity=9, reserved=reserved)
            for sku, reserved in (("MUG-b", 3), ("CUP", 0))
        )
        back = Return(
            public_id="ret_1", number="R-1", order_id=order.id, kind="exchange", state="received",
            reason="does_not_fit",
            law="eu_right_of_withdrawal", condition="as_new", currency="GBP", goods_minor=2000, shipping_minor=100,
            refund_shipping="promised", restocking_minor=50, freight_minor=295, refund_minor=1755, charge_minor=0,
            insured_minor=12, target="original", method="own", carrier="Royal Post", tracking_number="AB1", send_by=AT,
            fraud_signals={"often": 3}, requested_at=AT, approved_at=AT, sent_at=AT, received_at=AT, inspected_at=AT,
            settled_at=AT, closed_at=AT,
        )  # fmt: skip
        bare = Return(
            public_id="ret_0", number="R-0", order_id=order.id, kind="refund", state="requested", reason="other",
            condition="any", currency="GBP", method="label", requested_at=AT,
        )  # fmt: skip
        session.add_all([back, bare])
        session.flush()
        session.add(
            ReturnLine(
                return_id=back.id,
                line_number=1,
                quantity=2,
                reason="does_not_fit",
                worth_minor=2000,
                share_minor=1900,
                restocking_minor=50,
                accepted_quantity=1,
                found_condition="opened",
                new_variant_id=blue.id,
                new_unit_price_minor=1200,
                new_total_minor=2400,
                new_line_number=2,
            )
        )
        records.refund(session, order, 1755, external_id="F1", return_id=back.id)
        records.refund(session, order, 5, external_id="F2")
        session.add_all(
            [
                ShipmentClaim(
                    public_id="claim_1", order_id=order.id, shipment_external_id="S1", kind="damaged", state="granted",
                    resolution="refund", quantities={"1": 2}, evidence={"words": "zerbrochen", "images": ["i1"]},
                    refund_minor=900, currency="GBP", target="gift_card", created_at=AT, settled_at=AT,
                ),
                Chase(order_id=order.id, shipment_external_id="S1", asked_at=AT),
                StockHold(
                    external_id="hold_1", order_id=order.id, return_id=back.id, store_id=shop.id, sku="MUG-b",
                    quantity=2, state="held", created_at=AT,
                ),
                StockHold(
                    external_id="hold_2", order_id=order.id, store_id=shop.id, sku="CUP", quantity=2, state="released",
                    created_at=AT,
                ),
                Reservation(
                    public_id="res_1", store_id=shop.id, sku="MUG-b", variant_id=blue.id, quantity=1,
                    customer_id=mina.id, state="ready", hold_until=AT, created_at=AT,
                ),
                Invoice(
                    external_id="inv_1", order_id=order.id, type="company", title="杜松", tax_number="9135",
                    email="a@example.org", state="voided", amount_minor=900, currency="GBP", number="24",
                    credit_number="红1", corrects="inv_0", error="no", requested_at=AT, issued_at=AT, sent_at=AT,
                    voided_at=AT,
                ),
            ]
        )  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_every_column_comes_back_on_another_database(
    database: Database, crm_databases: CrmDatabases, tmp_path: Path, form: Any
) -> None:
    fill(database)
    before = everything(database)
    exported = export_folder(database.engine, tmp_path / "first", form)
    assert all(exported.rows[kind.name] for kind in OWN_TYPES)
    again = run(database, tmp_path / "first")
    assert_accounted(again)
    assert not again.changed()
    assert everything(database) == before
    folder = tmp_path / "empty"
    folder.mkdir()
    empty = open_database(crm_databases.sqlite(folder))
    report = run(empty, tmp_path / "first")
    assert_accounted(report)
    assert report.rows("rejected") == 0, report.reasons
    export_folder(empty.engine, tmp_path / "second", form)
    for kind in RECORD_TYPES:
        name = f"{kind.name}.{form}"
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name
    with empty.read() as session:
        assert {stock.sku: stock.reserved for stock in session.scalars(select(Stock))} == {"MUG-b": 3, "CUP": 0}
        tied = {refund.external_id: refund.return_id is not None for refund in session.scalars(select(Refund))}
        assert tied == {"F1": True, "F2": False}
    empty.dispose()


def test_a_file_changes_and_removes_nothing_that_is_there(database: Database, tmp_path: Path) -> None:
    fill(database)
    export_folder(database.engine, tmp_path / "files")
    returns = read_csv(tmp_path / "files" / "returns.csv")
    write_csv(tmp_path / "files" / "returns.csv", [{**returns[1], "state": "cancelled"}])
    (tmp_path / "files" / "claims.csv").write_text(
        (tmp_path / "files" / "claims.csv").read_text("utf-8").splitlines()[0], "utf-8"
    )
    before = everything(database)
    report = run(database, tmp_path / "files")
    assert_accounted(report)
    assert not report.changed()
    assert everything(database) == before


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        ("returns", {"order_external_id": "O9"}, "its order is in no file and not known"),
        ("returns", {"external_id": "ret_9"}, "another return has this number"),
        ("returns", {"charge_minor": "5", "refund_minor": "5"}, "charge_minor: and refund_minor are both given"),
        ("return_lines", {"return_external_id": "ret_9"}, "its return is in no file and not known"),
        ("return_lines", {"new_sku": "NO"}, "its variant is in no file and not known"),
        ("return_lines", {"accepted_quantity": "3"}, "accepted_quantity: is more than quantity"),
        ("claims", {"quantities": '{"1": 0}'}, "quantities: is not a count by line number"),
        ("stock_holds", {"store_external_id": "T9"}, "its store is in no file and not known"),
        ("reservations", {"customer_external_id": "otto"}, "its customer is in no file and not known"),
        ("invoices", {"amount_minor": "0"}, "amount_minor: is less than 1"),
    ],
)
def test_a_row_that_fits_nothing_is_rejected_with_the_reason(
    sqlite_database: Database, tmp_path: Path, kind: str, change: dict[str, str], reason: str
) -> None:
    fill(sqlite_database)
    export_folder(sqlite_database.engine, tmp_path / "files")
    good = read_csv(tmp_path / "files" / f"{kind}.csv")[-1]
    write_csv(tmp_path / "files" / f"{kind}.csv", [{**good, **change}])
    rejected = tmp_path / "rejected.csv"
    report = run(sqlite_database, tmp_path / "files", rejected=rejected)
    assert_accounted(report)
    [found] = read_csv(rejected)
    assert found["import_reason"] == f"{kind}: {reason}"


def test_what_is_brought_of_an_erased_order_says_nothing_of_its_buyer(database: Database, tmp_path: Path) -> None:
    fill(database)
    export_folder(database.engine, tmp_path / "files")
    keys = LookupKeys(SecretStr("lookup-key-of-the-tests"))
    with database.write() as session:
        for model in (Return, ShipmentClaim, Chase, StockHold, Reservation, Invoice):
            session.query(model).delete()
        order = session.scalars(select(Order)).one()
        erasure = Erasure(public_id="era_1", at=AT, actor_kind="staff", actor_id="lena", counts={}, conversations={})
        session.add(erasure)
        session.flush()
        named = (("order", order.source, order.external_id), ("customer", "web", "mina"))
        session.add_all(
            Tombstone(key_hash=keys.erased(*one), kind=one[0], key_id=keys.key_id, erasure_id=erasure.id)
            for one in named
        )
        session.query(Customer).delete()
    report = run(database, tmp_path / "files", keys=keys)
    assert_accounted(report)
    with database.read() as session:
        invoice = session.scalars(select(Invoice)).one()
        assert (invoice.title, invoice.tax_number, invoice.email, invoice.number) == (None, None, None, "24")
        assert session.scalars(select(ShipmentClaim)).one().evidence == {}
        assert {one.fraud_signals == {} for one in session.scalars(select(Return))} == {True}
        assert session.scalars(select(Reservation)).all() == []
