"""One person, all that is known, in as many queries for a thousand orders as for none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from crm_backend.account.models import Consent, LoyaltyEntry
from crm_backend.cases.models import Case
from crm_backend.collect.models import Event
from crm_backend.collect.repository import add_events
from crm_backend.database.engine import WriteSession
from crm_backend.identity.models import Conversation
from crm_backend.payments.models import Payment, PaymentMethod
from crm_backend.unify import service
from tests.crm import records
from tests.crm.conftest import Crm, policies_with
from tests.crm.pipeline.conftest import STAFF

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def show(crm: Crm, external_id: str, **query: str) -> Any:
    return crm.call.get(f"/staff/customers/{external_id}", params=query, headers=STAFF)


def somebody(session: WriteSession, orders: int = 1) -> None:
    web = records.customer(
        session, source="web", external_id="7/A", name="Ada Byron", email="ada@x.org", phone="07700 900123"
    )
    till = records.customer(
        session,
        source="till",
        external_id="T7",
        name="A. Byron",
        phone="+447700900123",
        gender="female",
        birth_date=date(1990, 1, 2),
    )
    records.customer(session, source="till", external_id="T8", name="Bob Ray", email="bob@x.org")
    records.address(session, web, line1="1 High Street", postcode="LS1 4DY", is_default=True)
    records.address(session, till, line1="2 Low Street", city="Leeds")
    for number, (granted, days) in enumerate([(True, 0), (False, 1)]):
        session.add(
            Consent(
                customer_id=web.id,
                external_id=str(number),
                purpose="marketing",
                channel="email",
                granted=granted,
                at=AT + timedelta(days=days),
            )
        )
    session.add(LoyaltyEntry(customer_id=web.id, external_id="1", kind="earned", points=70, at=AT))
    session.add(LoyaltyEntry(customer_id=till.id, external_id="1", kind="redeemed", points=-20, at=AT))
    session.add(PaymentMethod(customer_id=web.id, external_id="pm", kind="card", last4="4242"))
    session.add(Conversation(conversation_id="c1", level="customer", customer_id=web.id, created_at=AT))
    session.add(
        Case(
            public_id="case_1",
            kind="claim_lost",
            state="open",
            customer_id=till.id,
            details={},
            due_at=AT,
            created_at=AT,
        )
    )
    for number in range(orders):
        bought = records.order(
            session, f"W{number}", web if number % 2 == 0 else till, placed_at=AT + timedelta(hours=number)
        )
        records.shipment(session, bought, f"JD{number}")
        records.refund(session, bought, 100)
        session.add(
            Payment(
                order_id=bought.id, external_id="p", method="card", amount_minor=500, currency="GBP", state="captured"
            )
        )
    add_events(
        session,
        [
            {
                "source": source,
                "external_id": f"V{source}",
                "at": at,
                "kind": "page_visit",
                "customer_external_id": whose,
                "order_external_id": None,
                "shipment_external_id": None,
                "store_external_id": None,
                "details": {"path": "/scarf"},
            }
            for source, whose, at in (("web", "7/A", AT), ("till", "T7", AT + timedelta(days=1)), ("web", None, AT))
            if (source, whose) != ("web", None)
        ],
    )


@contextmanager
def counted(crm: Crm) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "pg_catalog" not in statement:
            statements.append(statement)

    engine = crm.app.state.resources.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_everything_of_one_person_over_all_channels(crm: Crm) -> None:
    with crm.records() as session:
        somebody(session)
    alone = show(crm, "7/A").json()
    assert (alone["profile_id"], len(alone["members"]), alone["gender"]) == (None, 1, None)

    service.run(crm.database, policies_with(), crm.wall.now)
    answer = show(crm, "7/A")
    assert answer.status_code == 200, answer.text
    one = answer.json()
    assert [(member["source"], member["external_id"]) for member in one["members"]] == [("web", "7/A"), ("till", "T7")]
    assert (one["name"], one["gender"], one["birth_date"]) == ("Ada Byron", "female", "1990-01-02")
    assert one["emails"] == [{"value": "ada@x.org", "sources": ["web"]}]
    assert one["phones"] == [{"value": "07700 900123", "sources": ["web", "till"]}]
    assert {address["source"] for address in one["addresses"]} == {"web", "till"}
    assert [(consent["granted"], consent["purpose"]) for consent in one["consents"]] == [(False, "marketing")]
    assert one["loyalty_points"] == 50
    assert [order["number"] for order in one["orders"]] == ["W0"]
    assert one["shipments"][0]["tracking_number"] == "JD0"
    assert (one["payments"][0]["amount_minor"], one["refunds"][0]["amount_minor"]) == (500, 100)
    assert [visit["source"] for visit in one["visits"]] == ["till", "web"]
    assert one["conversations"][0]["conversation_id"] == "c1"
    assert one["cases"][0]["id"] == "case_1"
    assert one["payment_methods"][0]["last4"] == "4242"
    assert "bob@x.org" not in answer.text
    other = show(crm, "T7").json()
    assert (other["profile_id"], other["name"]) == (one["profile_id"], "A. Byron")


def test_the_number_of_queries_is_fixed(crm: Crm) -> None:
    with crm.records() as session:
        somebody(session, orders=0)
    with counted(crm) as few:
        assert show(crm, "7/A").status_code == 200
    with crm.records() as session:
        for number in range(210):
            records.order(session, f"X{number}", session.get_one(records.Customer, 1))
    service.run(crm.database, policies_with(), crm.wall.now)
    with counted(crm) as many:
        one = show(crm, "7/A").json()
    assert (len(one["orders"]), one["more_orders"]) == (200, True)
    assert len(few) == len(many) <= 17


def test_who_is_not_there_cannot_be_told_from_who_is_elsewhere(crm: Crm) -> None:
    with crm.records() as session:
        somebody(session)
    missing, elsewhere = show(crm, "404"), show(crm, "7/A", source="till")
    assert missing.status_code == elsewhere.status_code == 404
    assert missing.content == elsewhere.content


def test_an_id_of_two_systems_wants_a_source(crm: Crm) -> None:
    with crm.records() as session:
        records.customer(session, source="web", external_id="1", name="One")
        records.customer(session, source="till", external_id="1", name="Two")
    assert show(crm, "1").status_code == 409
    assert show(crm, "1", source="till").json()["name"] == "Two"


@pytest.mark.parametrize("header", [{}, {"X-Shopdesk-Staff": "mia;boss"}, {"X-Shopdesk-Staff": "mia"}])
def test_agents_only(sqlite_crm: Crm, header: dict[str, str]) -> None:
    with sqlite_crm.records() as session:
        somebody(session)
    assert sqlite_crm.call.get("/staff/customers/T8", headers=header).status_code in {403, 422}
    assert sqlite_crm.call.get("/staff/customers/T8", headers=STAFF).status_code == 200
    assert Event.__tablename__ == "events"
