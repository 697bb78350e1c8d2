"""Bulk upserts: the same records as files bring, each once, each with its own answer."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from crm_backend.account.models import Address, Customer
from crm_backend.collect.models import RawRecord
from crm_backend.identity import api_keys
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.models import Payment, Refund
from crm_backend.products.models import Variant
from crm_backend.shipments.models import ScanEvent, Shipment, ShipmentLine
from crm_backend.stores.models import Stock
from tests.crm.conftest import TOKEN
from tests.crm.pipeline.conftest import BackOffice, complaint, outcomes

CUSTOMER = {
    "external_id": "C1",
    "name": "Ada Byron",
    "email": "ada@example.org",
    "phone": "07700 900123",
    "country": "GB",
    "addresses": [{"external_id": "A1", "line1": "1 High Street", "city": "Leeds", "postcode": "ls1 4dy"}],
}
PRODUCT = {
    "external_id": "P1",
    "name": "Scarf",
    "variants": [{"sku": "SC-RED", "options": {"colour": "red"}, "price_minor": 1250, "currency": "GBP"}],
}
ORDER: dict[str, Any] = {
    "external_id": "O1",
    "number": "10023",
    "customer_external_id": "C1",
    "state": "shipped",
    "placed_at": "2026-03-01T10:00:00Z",
    "currency": "GBP",
    "total_minor": 1250,
    "order_lines": [{"line_number": 1, "sku": "sc-red", "title": "Scarf", "quantity": 1, "total_minor": 1250}],
    "payments": [{"external_id": "PAY1", "method": "card", "amount_minor": 1250, "currency": "GBP"}],
    "refunds": [{"external_id": "R1", "amount_minor": 250, "currency": "GBP", "state": "paid"}],
    "shipments": [
        {
            "external_id": "S1",
            "tracking_number": "JD0001",
            "state": "in_transit",
            "shipment_lines": [{"line_number": 1, "quantity": 1}],
            "scan_events": [{"sequence": 1, "code": "handed_over", "at": "2026-03-02T08:00:00Z"}],
        }
    ],
}
STORE = {"external_id": "ST1", "name": "Leeds", "stock": [{"sku": "SC-RED", "quantity": 3}]}


def everything(back_office: BackOffice) -> None:
    back_office.taken("customers", CUSTOMER)
    back_office.taken("products", PRODUCT)
    back_office.taken("stores", STORE)
    back_office.taken("orders", ORDER)


def count(back_office: BackOffice, model: Any) -> int:
    with back_office.crm.records() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_every_kind_is_written_with_what_belongs_to_it(back_office: BackOffice) -> None:
    everything(back_office)
    with back_office.crm.records() as session:
        found = select(Customer).where(Customer.email_key == "ada@example.org", Customer.phone_key == "+447700900123")
        customer = session.scalars(found).one()
        assert session.scalars(select(Address.postcode)).all() == ["LS1 4DY"]
        order = session.scalars(select(Order)).one()
        assert order.customer_id == customer.id
        line = session.scalars(select(OrderLine)).one()
        assert line.variant_id == session.scalars(select(Variant.id)).one()
        for model in (Payment, Refund, Shipment, ShipmentLine, ScanEvent, Stock):
            assert session.scalar(select(func.count()).select_from(model)) == 1, model


def test_sending_the_same_again_changes_nothing(back_office: BackOffice) -> None:
    everything(back_office)
    raw = count(back_office, RawRecord)
    for kind, record in (("customers", CUSTOMER), ("products", PRODUCT), ("stores", STORE), ("orders", ORDER)):
        assert outcomes(back_office.taken(kind, record)) == ["unchanged"], kind
    assert count(back_office, RawRecord) == raw == 4


def test_a_change_updates_and_keeps_both_as_they_came(back_office: BackOffice) -> None:
    back_office.taken("customers", CUSTOMER)
    assert outcomes(back_office.taken("customers", {**CUSTOMER, "name": "Ada Lovelace"})) == ["updated"]
    assert outcomes(back_office.taken("customers", CUSTOMER)) == ["updated"]
    with back_office.crm.records() as session:
        kept = session.scalars(select(RawRecord).order_by(RawRecord.id)).all()
        assert [(row.revision, row.body["name"]) for row in kept] == [
            (1, "Ada Byron"),
            (2, "Ada Lovelace"),
            (3, "Ada Byron"),
        ]
        assert {row.customer_external_id for row in kept} == {"C1"}


def test_a_list_that_is_left_out_says_nothing_and_an_empty_one_says_none(back_office: BackOffice) -> None:
    everything(back_office)
    bare = {name: value for name, value in ORDER.items() if not isinstance(value, list)}
    assert outcomes(back_office.taken("orders", {**bare, "state": "delivered"})) == ["updated"]
    assert count(back_office, ScanEvent) == count(back_office, Payment) == 1
    parcel = {"external_id": "S1", "state": "delivered", "tracking_number": "JD0001"}
    back_office.taken("orders", {**bare, "shipments": [parcel]})
    assert count(back_office, ScanEvent) == 1
    back_office.taken("orders", {**bare, "refunds": [], "shipments": [{"external_id": "S2", "state": "in_transit"}]})
    assert count(back_office, Refund) == count(back_office, ScanEvent) == 0
    assert count(back_office, Shipment) == 1


def test_one_bad_item_is_refused_alone_and_names_its_field(back_office: BackOffice) -> None:
    back_office.taken("customers", CUSTOMER)
    good = {name: value for name, value in ORDER.items() if name != "shipments"}
    receipt = back_office.records(
        "orders",
        {**good, "external_id": "O1", "number": "1"},
        {**good, "external_id": "O2", "number": "2", "state": "lost"},
        {**good, "external_id": "O3", "number": "3", "order_lines": [{"line_number": 1, "quantity": 0}]},
        {**good, "external_id": "O4", "number": "4", "customer_external_id": "C9"},
        {**good, "external_id": "O5", "number": "5", "totl_minor": 3},
        {**good, "external_id": "O1", "number": "6"},
        {**good, "external_id": "O6", "number": "7"},
    )
    assert outcomes(receipt) == ["inserted", *["rejected"] * 5, "inserted"]
    assert (receipt["inserted"], receipt["rejected"]) == (2, 5)
    assert [complaint(receipt, index)[0] for index in range(1, 6)] == [
        "body.records.1.state",
        "body.records.2.order_lines.0.quantity",
        "body.records.3.customer_external_id",
        "body.records.4.totl_minor",
        "body.records.5.external_id",
    ]
    assert receipt["items"][1]["problem"]["type"] == "/problems/invalid-input"
    assert count(back_office, Order) == 2
    assert count(back_office, RawRecord) == 3, "what was refused is not kept"


@pytest.mark.parametrize(
    ("kind", "record", "field"),
    [
        ("customers", {"name": "x"}, "external_id"),
        ("customers", {"external_id": "C1", "birth_date": "soon"}, "birth_date"),
        ("customers", {"external_id": "C1", "addresses": {}}, "addresses"),
        ("customers", {"external_id": "C1", "addresses": ["x"]}, "addresses.0"),
        ("customers", {"external_id": "C1", "source": "other"}, "source"),
        ("customers", {"external_id": ["C1"]}, "external_id"),
        (
            "customers",
            {"external_id": "C1", "payment_methods": [{"external_id": "4111 1111 1111 1111", "kind": "card"}]},
            "payment_methods.0.external_id",
        ),
        ("products", {"external_id": "P1", "variants": [{"sku": "a1"}, {"sku": "A1"}]}, "variants.1.sku"),
        ("variants", {"sku": "A1"}, "product_external_id"),
        ("variants", {"sku": "A1", "product_external_id": "P404"}, "product_external_id"),
        ("stock", {"sku": "A1", "store_external_id": "ST404", "quantity": 1}, "store_external_id"),
        ("shipments", {"external_id": "S1", "order_external_id": "O404", "state": "delivered"}, "order_external_id"),
        ("orders", {**ORDER, "currency": "XQX"}, "currency"),
        ("orders", {**ORDER, "placed_at": "2027-01-01T00:00:00Z"}, "placed_at"),
        ("orders", {**ORDER, "placed_at": "2026-03-01 10:00"}, "placed_at"),
        ("stock_movements", {"external_id": "M1", "sku": "A", "quantity": 1.5}, "quantity"),
    ],
)
def test_what_cannot_be_used_is_named(back_office: BackOffice, kind: str, record: Any, field: str) -> None:
    receipt = back_office.records(kind, record)
    assert complaint(receipt)[0] == f"body.records.0.{field}"


def test_children_join_what_is_there(back_office: BackOffice) -> None:
    everything(back_office)
    scan = {"sequence": 2, "code": "out_for_delivery", "at": "2026-03-03T08:00:00Z"}
    parcel = {
        "external_id": "S1",
        "order_external_id": "O1",
        "state": "out_for_delivery",
        "tracking_number": "JD0001",
        "scan_events": [scan],
    }
    other = {"external_id": "S2", "order_external_id": "O1", "state": "in_transit"}
    assert outcomes(back_office.taken("shipments", parcel, other)) == ["updated", "updated"]
    assert (count(back_office, Shipment), count(back_office, ScanEvent), count(back_office, Payment)) == (2, 2, 1)
    assert outcomes(back_office.taken("shipments", parcel)) == ["unchanged"]
    assert outcomes(back_office.taken("stock", {"store_external_id": "ST1", "sku": "SC-BLUE", "quantity": 4})) == [
        "updated"
    ]
    receipt = back_office.taken("stock", {"store_external_id": "ST1", "sku": "sc-red", "quantity": 9})
    assert receipt["cleaned"] == {"sku_case": 1}
    with back_office.crm.records() as session:
        stock = session.execute(select(Stock.sku, Stock.quantity).order_by(Stock.sku)).all()
    assert [tuple(row) for row in stock] == [("SC-BLUE", 4), ("SC-RED", 9)]
    back_office.taken(
        "variants", {"product_external_id": "P1", "sku": "sc-blue"}, {"product_external_id": "P1", "sku": "SC-GREEN"}
    )
    assert count(back_office, Variant) == 3


def test_values_are_cleaned_and_counted(back_office: BackOffice) -> None:
    receipt = back_office.taken(
        "customers",
        {
            "external_id": 17,
            "name": "  Ada   Byron ",
            "email": "mailto:Ada@Example.ORG",
            "phone": "N/A",
            "country": "United Kingdom",
            "birth_date": "2031-01-01",
            "registered_at": "2026-02-01T09:00:00",
        },
        timezone="Europe/London",
    )
    assert receipt["cleaned"] == {
        "birth_date_impossible": 1,
        "country_name": 1,
        "email_form": 1,
        "placeholder": 1,
        "time_without_zone": 1,
        "white_space": 1,
    }
    with back_office.crm.records() as session:
        stored = session.scalars(select(Customer)).one()
    assert (stored.external_id, stored.name, stored.email) == ("17", "Ada Byron", "Ada@example.org")
    assert (stored.phone, stored.country, stored.birth_date) == (None, "GB", None)


def test_sources_are_namespaces(back_office: BackOffice) -> None:
    back_office.taken("customers", CUSTOMER)
    assert outcomes(back_office.taken("customers", CUSTOMER, source="till")) == ["inserted"]
    assert count(back_office, Customer) == 2


def test_a_record_that_does_not_fit_what_is_stored_is_refused_alone(back_office: BackOffice) -> None:
    everything(back_office)
    with back_office.crm.records() as session:
        line = session.scalars(select(OrderLine)).one()
        line.quantity, line.cancelled_quantity = 2, 2
    shrunk = {**ORDER, "total_minor": 900}
    receipt = back_office.records("orders", shrunk, {**ORDER, "external_id": "O2", "number": "2", "shipments": []})
    assert outcomes(receipt)[1] == "inserted"
    assert outcomes(receipt)[0] in {"rejected", "updated"}
    with back_office.crm.records() as session:
        kept = session.scalars(select(OrderLine).join(Order).where(Order.external_id == "O1")).one()
        assert kept.cancelled_quantity + kept.returned_quantity <= kept.quantity


def test_a_key_with_the_scope_is_needed(back_office: BackOffice) -> None:
    crm = back_office.crm
    with crm.records() as session:
        other = api_keys.create(session, "scanner", ["events:write"], now=crm.wall.now)
    body = {"records": [CUSTOMER]}
    for credential, status in ((other, 403), ("wrong", 401), (TOKEN, 401)):
        answer = crm.call.post(
            "/backoffice/records/customers", json=body, headers={"Authorization": f"Bearer {credential}"}
        )
        assert answer.status_code == status
    assert count(back_office, Customer) == 0
    assert count(back_office, RawRecord) == 0


@pytest.mark.parametrize(
    "body", [{}, {"records": []}, {"records": [{}] * 1001}, {"records": [1]}, {"records": [{}], "timezone": "Mars"}]
)
def test_a_body_of_another_shape_is_a_problem_document(back_office: BackOffice, body: Any) -> None:
    answer = back_office.post("/backoffice/records/customers", body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_repeated_call_under_a_key_gets_the_same_answer(back_office: BackOffice) -> None:
    body = {"records": [CUSTOMER]}
    first = back_office.post("/backoffice/records/customers", body, **{"Idempotency-Key": "k1"})
    again = back_office.post("/backoffice/records/customers", body, **{"Idempotency-Key": "k1"})
    assert first.content == again.content
    assert first.json()["inserted"] == 1
