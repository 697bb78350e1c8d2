"""What is known of a person, told and forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from crm_backend.account.models import Customer
from crm_backend.audit.service import verify
from crm_backend.collect.months import make_room
from crm_backend.database.engine import Database
from crm_backend.encryption.columns import bind_row
from crm_backend.identity.keys import LookupKeys
from crm_backend.models import Model
from crm_backend.orders.models import Order
from crm_backend.pipeline.errors import PipelineError
from crm_backend.pipeline.exporting import export_folder
from crm_backend.pipeline.importing import ImportOptions, import_folder
from crm_backend.privacy.inventory import BY_TABLE, HELD, NOT_PERSONAL
from tests.crm import records
from tests.crm.conftest import Crm
from tests.support.rows import every_row

KEYS = LookupKeys(SecretStr("lookup-key-of-the-tests"))
LEAD = "lena;lead"

MINE, OTHER = "№1", "№2"

STAYS: Mapping[str, frozenset[str]] = {
    "orders": frozenset({"external_id", "number", "number_key", "source", "source_state", "sales_channel"})
    | {"content_hash"},
    "order_lines": frozenset({"sku", "title", "options", "seller"}),
    "payments": frozenset({"external_id", "method", "state"}),
    "refunds": frozenset({"external_id", "payment_external_id", "state"}),
    "shipments": frozenset({"external_id", "carrier", "service", "state"}),
    "returns": frozenset({"public_id", "number", "reason", "law", "condition", "carrier"}),
    "return_lines": frozenset({"reason", "found_condition", "new_sku", "new_options"}),
    "shipment_claims": frozenset({"public_id", "shipment_external_id", "quantities"}),
    "shipment_chases": frozenset({"shipment_external_id"}),
    "goodwill": frozenset({"public_id", "reason", "told_state", "asked_by", "decided_by"}),
    "invoices": frozenset({"external_id", "state", "type", "number", "credit_number", "corrects"}),
    "proposals": frozenset({"public_id", "kind", "caller", "actor_kind", "actor_id"}),
    "effects": frozenset({"public_id", "kind", "reference"}),
    "cases": frozenset({"public_id", "kind", "owner"}),
}
"""Texts of a person's records that an erasure leaves: none may say who it was. A column that is not here, and is not
cleared, fails the test below."""


def rows_of(n: int) -> dict[str, dict[str, Any]]:
    """A row in every table, of one person."""
    mark = f"№{n}"
    conversation = f"conversations.conversation_id {mark}"
    customer, order = f"customers.external_id {mark}", f"orders.external_id {mark}"
    return every_row(
        Model.metadata,
        n,
        {
            "customers": {"source": "web"},
            "orders": {"source": "web", "state": "delivered"},
            "effects": {"state": "done"},
            "returns": {"state": "refunded"},
            "reservations": {"state": "collected"},
            "cases": {"state": "closed"},
            "proposals": {"caller": f"shopper:{conversation}"},
            "case_links": {"kind": "conversation", "reference": f"case-{conversation}"},
            "one_time_codes": {"conversation_id": conversation},
            "verification_attempts": {"scope_key": conversation},
            "outgoing_messages": {
                "recipient": f"customers.email {mark}", "recipient_key": f"customers.email {mark}",
            },
            "idempotency_keys": {"caller": "staff:mia", "body": f'{{"order": "orders.number {mark}"}}'},
            "events": {"source": "web", "customer_external_id": customer, "order_external_id": None},
            "raw_records": {"source": "web", "kind": "payments", "customer_external_id": None,
                            "external_id": f"{order}\nP1"},
        },
    )  # fmt: skip


@pytest.fixture
def two_people(crm: Crm) -> Crm:
    """Rows in every table of two people, №1 and №2, who have a doubtful match in common."""
    people = [rows_of(1), rows_of(2)]
    people[1].pop("match_pairs")
    with crm.records() as session:
        make_room(session, [row["events"]["at"] for row in people])
        for table in Model.metadata.sorted_tables:
            for row in people:
                if table.name in row and table.name not in ("audit_log", "erasures", "tombstones"):
                    session.execute(table.insert().values(bind_row(table, row[table.name])))
    return crm


def stored(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.read() as session:
        return {
            table.name: [dict(row) for row in session.execute(table.select().order_by(*table.primary_key)).mappings()]
            for table in Model.metadata.sorted_tables
        }


def erase(crm: Crm, external_id: str = f"customers.external_id {MINE}", **body: Any) -> Any:
    return crm.staff("POST", f"/people/{external_id}/erasure", LEAD, json={"source": "web", "dry_run": False, **body})


# --- The inventory ----------------------------------------------------------------------------------------------


def test_every_table_is_thought_about() -> None:
    tables = set(Model.metadata.tables)
    assert set(BY_TABLE) | set(NOT_PERSONAL) == tables
    assert not set(BY_TABLE) & set(NOT_PERSONAL)


def test_the_inventory_names_what_there_is() -> None:
    for held in HELD:
        columns = Model.metadata.tables[held.table].c
        assert {column for column, _set in held.links} <= set(columns.keys()), held.table
        assert set(held.cleared) <= set(columns.keys()), held.table
        assert bool(held.cleared) == (held.erasure == "clear"), held.table


# --- Erasing ----------------------------------------------------------------------------------------------------


def test_nothing_of_the_person_is_left_and_everything_of_others(two_people: Crm) -> None:
    before = stored(two_people.database)
    answer = erase(two_people)
    assert answer.status_code == 200, answer.text
    after = stored(two_people.database)
    for table, rows in after.items():
        for row in rows:
            for column, value in row.items():
                said = repr(value)
                if MINE in said and table in BY_TABLE:
                    assert column in STAYS[table], f"{table}.{column} still says {value!r}"
    for table in BY_TABLE:
        if table != "match_pairs":
            others = [
                row for row in before[table] if OTHER in repr(row) or 2 in (row.get("id"), row.get("customer_id"))
            ]
            assert others, table
            assert all(row in after[table] for row in others), f"{table} of somebody else was touched"
    for table in set(NOT_PERSONAL) - {"audit_log", "erasures", "tombstones", "profiles"}:
        assert after[table] == before[table]
    assert answer.json()["conversations"] == sorted(
        [
            f"conversations.conversation_id {MINE}",
            f"conversation_people.conversation_id {MINE}",
            f"case-conversations.conversation_id {MINE}",
        ]
    )


def test_what_the_law_wants_stays(two_people: Crm) -> None:
    def amounts(rows: Mapping[str, list[dict[str, Any]]]) -> Any:
        return {
            table: [
                {
                    name: value
                    for name, value in row.items()
                    if name.endswith("_minor") or name in ("currency", "quantity", "placed_at")
                }
                for row in rows[table]
            ]
            for table in ("orders", "order_lines", "payments", "refunds", "returns", "return_lines")
        }

    before = amounts(stored(two_people.database))
    erase(two_people)
    assert amounts(stored(two_people.database)) == before


def test_erasing_again_changes_nothing(two_people: Crm) -> None:
    first = erase(two_people).json()
    before = stored(two_people.database)
    assert erase(two_people).json() == first
    assert stored(two_people.database) == before


def test_a_dry_run_says_the_same_and_does_nothing(two_people: Crm) -> None:
    before = stored(two_people.database)
    planned = erase(two_people, dry_run=True).json()
    assert stored(two_people.database) == before
    assert planned["id"] is None
    assert planned["counts"] == erase(two_people).json()["counts"]


def test_the_receipt_is_in_the_audit_log_and_names_nobody(two_people: Crm) -> None:
    receipt = erase(two_people).json()
    assert MINE not in str({**receipt, "conversations": []})
    assert two_people.staff("GET", f"/people/erasures/{receipt['id']}", LEAD).json() == receipt
    entry = next(row for row in stored(two_people.database)["audit_log"] if row["action"] == "person.erased")
    assert entry["subject_id"] == receipt["id"]
    assert entry["details"]["counts"] == receipt["counts"]["crm"]
    assert entry["actor_id"] == "lena"
    assert MINE not in repr(entry)
    with two_people.database.read() as session:
        assert verify(session).broken_at is None


@pytest.mark.parametrize(
    ("agent", "status"), [("mia;agent", 403), ("rob;read_only", 403), ("lena;lead", 200), ("al;admin", 200)]
)
def test_only_leads_and_admins(two_people: Crm, agent: str, status: int) -> None:
    path = f"/people/customers.external_id {MINE}"
    assert two_people.staff("GET", f"{path}/export?source=web", agent).status_code == status
    assert two_people.staff("POST", f"{path}/erasure", agent, json={}).status_code == status


def test_nobody_is_not_found(two_people: Crm) -> None:
    assert erase(two_people, "nobody").status_code == 404
    assert two_people.staff("GET", "/people/nobody/export", LEAD).status_code == 404


def test_two_customers_of_one_id_are_told_apart(crm: Crm) -> None:
    with crm.records() as session:
        records.customer(session, external_id="C1", source="web")
        records.customer(session, external_id="C1", source="market")
    answer = crm.staff("POST", "/people/C1/erasure", LEAD, json={"dry_run": False})
    assert answer.status_code == 422
    assert "market, web" in answer.text
    assert erase(crm, "C1").status_code == 200
    # Asked again without the system, it does not take the other one.
    assert crm.staff("POST", "/people/C1/erasure", LEAD, json={"dry_run": False}).status_code == 422


@pytest.mark.parametrize(
    ("what", "despite"),
    [("orders", True), ("cases", True), ("effects", False), ("returns", False), ("reservations", False)],
)
def test_what_is_not_finished_is_in_the_way(two_people: Crm, what: str, despite: bool) -> None:
    begun = {
        "orders": "approved",
        "cases": "open",
        "effects": "accepted",
        "returns": "received",
        "reservations": "ready",
    }
    table = Model.metadata.tables[what]
    with two_people.records() as session:
        session.execute(table.update().where(table.c.id == 1).values(state=begun[what]))
    before = stored(two_people.database)
    answer = erase(two_people)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/open-matters")
    assert f"1 {what}" in answer.json()["detail"]
    assert stored(two_people.database) == before
    assert erase(two_people, despite_open=True).status_code == (200 if despite else 409)


def test_an_order_that_was_never_finished_does_not_stand_in_the_way_for_ever(two_people: Crm) -> None:
    orders = Model.metadata.tables["orders"]
    with two_people.records() as session:
        placed = two_people.wall.now - timedelta(days=61)
        session.execute(orders.update().where(orders.c.id == 1).values(state="invoiced", placed_at=placed))
    assert erase(two_people).status_code == 200


# --- Exporting --------------------------------------------------------------------------------------------------


def test_an_export_tells_everything_and_nothing_of_others(two_people: Crm) -> None:
    answer = two_people.staff("GET", f"/people/customers.external_id {MINE}/export?source=web", LEAD)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert set(told["tables"]) == {held.table for held in HELD if held.told}
    assert OTHER not in answer.text
    assert told["tables"]["customers"][0]["email"] == f"customers.email {MINE}"
    assert told["tables"]["orders"][0]["line1"] == f"orders.line1 {MINE}"


def test_an_export_is_noted_without_a_name(two_people: Crm) -> None:
    two_people.staff("GET", f"/people/customers.external_id {MINE}/export?source=web", LEAD)
    entry = next(row for row in stored(two_people.database)["audit_log"] if row["action"] == "person.exported")
    assert MINE not in repr(entry)


def test_a_profile_is_one_person_when_asked_for(crm: Crm) -> None:
    with crm.records() as session:
        web = records.customer(session, external_id="C1", source="web", name="Mina Web")
        market = records.customer(session, external_id="M9", source="market", name="Mina Market")
        session.execute(
            sa.text("INSERT INTO profiles (id, public_id, created_at) VALUES (1, 'p', '2026-01-01 00:00:00')")
        )
        for one in (web, market):
            session.execute(
                sa.text("INSERT INTO profile_members (customer_id, profile_id) VALUES (:id, 1)"), {"id": one.id}
            )
    alone = crm.staff("GET", "/people/C1/export", LEAD).json()
    assert (len(alone["tables"]["customers"]), alone["same_profile"]) == (1, 1)
    both = crm.staff("GET", "/people/C1/export?whole_profile=true", LEAD).json()
    assert {one["name"] for one in both["tables"]["customers"]} == {"Mina Web", "Mina Market"}
    assert erase(crm, "C1", whole_profile=True).status_code == 200
    rows = stored(crm.database)
    assert (rows["customers"], rows["profiles"], rows["profile_members"]) == ([], [], [])


def test_a_guests_orders_go_with_the_address(crm: Crm) -> None:
    with crm.records() as session:
        mina = records.customer(session, external_id="C1", email="Mina@example.org")
        records.order(session, "1", mina, state="delivered", contact_email="mina@example.org")
        records.order(session, "2", None, state="delivered", contact_email=" MINA@example.org ", contact_name="Mina")
        records.order(session, "3", None, state="delivered", contact_email="other@example.org", contact_name="Otto")
    assert erase(crm, "C1").status_code == 200
    assert [row["contact_name"] for row in stored(crm.database)["orders"]] == [None, None, "Otto"]


def test_a_guests_orders_stay_where_two_customers_have_the_address(crm: Crm) -> None:
    with crm.records() as session:
        records.customer(session, external_id="C1", email="home@example.org")
        records.customer(session, external_id="C2", email="home@example.org")
        records.order(session, "2", None, state="delivered", contact_email="home@example.org", contact_name="Mina")
    assert erase(crm, "C1").status_code == 200
    assert [row["contact_name"] for row in stored(crm.database)["orders"]] == ["Mina"]


def test_a_conversation_is_found_long_after_it_was_signed_out_and_left_out_where_another_used_it(crm: Crm) -> None:
    with crm.records() as session:
        mina = records.customer(session, external_id="C1", email="mina@example.org")
        records.customer(session, external_id="C2")
        records.order(session, "SD-1", mina, state="delivered", contact_email="mina@example.org")
    for conversation in ("signed-in", "both"):
        assert crm.identify(conversation, crm.sign("C1")).status_code == 200
    assert crm.verify("proved", "SD-1", email="mina@example.org").status_code == 200
    for conversation in ("signed-in", "proved"):
        assert crm.call.delete(f"/shopper/{conversation}/verification").status_code == 204
    assert crm.identify("both", crm.sign("C2")).status_code == 200
    assert crm.identify("other", crm.sign("C2")).status_code == 200
    told = crm.staff("GET", "/people/C1/export", LEAD).json()
    assert told["conversations"] == ["proved", "signed-in"]
    assert told["shared_conversations"] == ["both"]
    receipt = erase(crm, "C1", source=None).json()
    assert sorted(receipt["conversations"]) == ["both", "proved", "signed-in"]
    assert {row["conversation_id"] for row in stored(crm.database)["conversation_people"]} == {"other"}


# --- Coming back ------------------------------------------------------------------------------------------------


@pytest.fixture
def shop_files(crm: Crm, tmp_path: Path) -> Path:
    """The files of a shop with Mina, Otto and a guest, which is loaded; our own export wrote them, with all columns."""
    with crm.records() as session:
        mina = records.customer(
            session, external_id="mina", name="Mina", email="mina@example.org", phone="07700 900123"
        )
        otto = records.customer(session, external_id="otto", name="Otto", email="otto@example.org")
        records.address(session, mina, line1="1 Mina Street")
        for number, owner in (("SD-1", mina), ("SD-2", otto), ("SD-3", None)):
            placed = records.order(
                session, number, owner, external_id=f"O-{number}", state="delivered", total_minor=500,
                contact_name=f"name {number}", contact_email=f"{number}@example.org", line1=f"street {number}",
            )  # fmt: skip
            records.line(session, placed, 1, sku="A", total_minor=500)
            records.payment(session, placed, 500, last4="4242")
            parcel = records.shipment(session, placed, f"TN{number}")
            records.scan(session, parcel, 1, "delivered", records.PLACED)
    folder = tmp_path / "files"
    export_folder(crm.database.engine, folder, "csv")
    return folder


def options(keys: LookupKeys | None = KEYS) -> ImportOptions:
    return ImportOptions(keys=keys)


def personal(crm: Crm) -> str:
    return repr({table: rows for table, rows in stored(crm.database).items() if table in BY_TABLE})


def test_an_import_does_not_bring_the_erased_back(crm: Crm, shop_files: Path) -> None:
    assert erase(crm, "mina").status_code == 200
    before = stored(crm.database)
    report = import_folder(crm.database.engine, shop_files, options())
    after = stored(crm.database)
    before.pop("deliveries"), after.pop("deliveries")
    assert after == before
    assert "Mina" not in personal(crm)
    assert "SD-1@example.org" not in personal(crm)
    assert report.cleaned["erased_customer"] == 1
    assert report.cleaned["erased_order"] == 1
    # Though the file says something new of them.
    orders = shop_files / "orders.csv"
    orders.write_text(orders.read_text().replace("street SD-1", "another street").replace(",500,", ",600,"))
    import_folder(crm.database.engine, shop_files, options())
    with crm.database.read() as session:
        kept = session.scalars(sa.select(Order).where(Order.number == "SD-1")).one()
        assert (kept.line1, kept.customer_id, kept.total_minor) == (None, None, 600)
        assert session.scalars(sa.select(Customer.external_id)).all() == ["otto"]


def test_an_empty_store_with_the_tombstones_is_filled_without_them(crm: Crm, shop_files: Path) -> None:
    erase(crm, "mina")
    with crm.records() as session:
        for name in ("orders", "customers"):
            session.execute(Model.metadata.tables[name].delete())
    import_folder(crm.database.engine, shop_files, options())
    assert "Mina" not in personal(crm)
    assert "Otto" in personal(crm)
    with crm.database.read() as session:
        assert session.scalars(sa.select(Order.number).order_by(Order.number)).all() == ["SD-1", "SD-2", "SD-3"]


def test_a_new_order_under_an_erased_id_says_nobody(crm: Crm, shop_files: Path) -> None:
    erase(crm, "mina")
    orders = shop_files / "orders.csv"
    orders.write_text(orders.read_text().replace("O-SD-1", "O-SD-9").replace("SD-1", "SD-9"))
    for file in shop_files.glob("*.csv"):
        if file.name not in ("orders.csv", "customers.csv"):
            file.unlink()
    import_folder(crm.database.engine, shop_files, options())
    with crm.database.read() as session:
        new = session.scalars(sa.select(Order).where(Order.number == "SD-9")).one()
        assert (new.contact_name, new.line1, new.customer_id) == (None, None, None)


@pytest.mark.parametrize("keys", [None, LookupKeys(SecretStr("another key, made when the first was lost"))])
def test_without_the_key_nothing_is_imported(crm: Crm, shop_files: Path, keys: LookupKeys | None) -> None:
    erase(crm, "mina")
    before = stored(crm.database)
    with pytest.raises(PipelineError, match="SHOPDESK_LOOKUP_KEY"):
        import_folder(crm.database.engine, shop_files, options(keys))
    assert stored(crm.database) == before
