"""Personal data in the tables: sealed, bound to its place, found by keyed hashes, sealed anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, insert, select, text

from crm_backend.account.models import Address, Customer
from crm_backend.cases.models import Case
from crm_backend.changes.models import Proposal
from crm_backend.collect.models import RawRecord
from crm_backend.database.engine import Database
from crm_backend.documents.models import Invoice
from crm_backend.effects.models import Effect
from crm_backend.encryption import rows
from crm_backend.encryption.columns import sealed_columns
from crm_backend.encryption.keyring import EncryptionError, KeyRing, KeysOfSettings, current, new_key, use
from crm_backend.encryption.models import EncryptionKey, TableToSeal
from crm_backend.encryption.rows import TableStatus, prepare, rotate, status, waiting
from crm_backend.identity.machine_models import IdempotencyKey
from crm_backend.messages.models import OutgoingMessage
from crm_backend.migrations import migrate
from crm_backend.models import Model
from crm_backend.orders.models import Order
from tests.crm.records import PLACED, address, customer, order

SAID = (
    "Ada Byron", "ada.byron@example.org", "+442079460018", "12 Analytical Row", "Flat 3", "SW1Y 4JH", "Countess Ada",
    "Leave it with Charles", "ada-orders@example.org", "07700 900123", "1815-12-10", "Byron Engines Ltd", "GB999999973",
)  # fmt: skip


def ring(*keys: str, lookup: str = "lookup") -> KeyRing:
    return KeyRing(KeysOfSettings(",".join(keys)), lookup)


def fill(database: Database) -> None:
    with database.write() as session:
        ada = customer(
            session, external_id="ADA", name="Ada Byron", given_name="Ada", email="Ada.Byron@example.org",
            phone="+442079460018", birth_date=date(1815, 12, 10),
        )  # fmt: skip
        customer(session, external_id="BOB", name="Bob", email="bob@example.org")
        address(
            session, ada, external_id="HOME", recipient="Countess Ada", phone="07700 900123", line1="12 Analytical Row",
            line2="Flat 3", city="London", postcode="SW1Y 4JH",
        )  # fmt: skip
        sold = order(
            session, "A-1", ada, contact_name="Ada Byron", contact_email="ada-orders@example.org",
            contact_phone="07700 900123", recipient="Countess Ada", line1="12 Analytical Row", line2="Flat 3",
            postcode="SW1Y 4JH", delivery_note="Leave it with Charles",
        )  # fmt: skip
        session.add(
            Invoice(
                external_id="inv-1", order_id=sold.id, type="company", title="Byron Engines Ltd",
                tax_number="GB999999973", email="ada-orders@example.org", amount_minor=100, currency="GBP",
                requested_at=PLACED,
            )
        )  # fmt: skip
        session.add(
            RawRecord(
                source="web", kind="customers", external_id="ADA", revision=1, received_at=PLACED,
                body={"email": "ada.byron@example.org", "name": "Ada Byron"}, body_hash="",
            )
        )  # fmt: skip
        session.add(
            Proposal(
                public_id="prop_1", kind="order.address", details={"order": "A-1", "line1": "12 Analytical Row"},
                offer={"plan": {"postcode": "SW1Y 4JH"}}, outcome={"values": {"recipient": "Countess Ada"}},
                caller="staff", actor_kind="staff", actor_id="mia", created_at=PLACED, expires_at=PLACED,
            )
        )  # fmt: skip
        session.add(
            Effect(
                public_id="eff_1", kind="order.address", payload={"line1": "12 Analytical Row", "line2": "Flat 3"},
                last_error="nobody at 12 Analytical Row", created_at=PLACED,
            )
        )  # fmt: skip
        session.add(
            Case(
                public_id="case_1", kind="delivery", details={"phone": "07700 900123"}, note="call Ada Byron",
                outcome="Ada Byron was called", due_at=PLACED, created_at=PLACED,
            )
        )  # fmt: skip
        session.add(
            OutgoingMessage(
                public_id="msg_1", channel="email", kind="notice", recipient="ada.byron@example.org",
                recipient_key="ada.byron@example.org", subject="Dear Ada Byron", body="It goes to 12 Analytical Row",
                created_at=PLACED,
            )
        )  # fmt: skip
        session.add(
            IdempotencyKey(
                caller="staff:mia", key="k1", request_hash="", status=200, body='{"line1": "12 Analytical Row"}',
                media_type="application/json", created_at=PLACED,
            )
        )  # fmt: skip


def dump(engine: Engine) -> str:
    """Every value of every sealed table, as the database has it."""
    with engine.connect() as connection:
        found = [
            repr(tuple(row)).casefold()
            for table in rows.sealed_tables()
            for row in connection.execute(text(f"SELECT * FROM {table.name}"))
        ]
    assert found
    return "\n".join(found)


def read(database: Database) -> tuple[Any, ...]:
    with database.read() as session:
        called_so = Customer.email_key == "ada.byron@example.org", Customer.name_key == "ada byron"
        ada = session.scalars(select(Customer).where(*called_so)).one()
        home = session.scalars(select(Address).where(Address.postcode_key == "SW1Y4JH")).one()
        hers = Order.contact_email_key == "ada-orders@example.org", Order.name_key == "ada byron"
        sold = session.scalars(select(Order).where(*hers)).one()
        bill, raw = session.scalars(select(Invoice)).one(), session.scalars(select(RawRecord)).one()
        offer, work = session.scalars(select(Proposal)).one(), session.scalars(select(Effect)).one()
        case, kept = session.scalars(select(Case)).one(), session.scalars(select(IdempotencyKey)).one()
        to_ada = select(OutgoingMessage).where(OutgoingMessage.recipient_key == "ada.byron@example.org")
        mail = session.scalars(to_ada).one()
        return (
            ada.name, ada.email, ada.phone, ada.birth_date, home.recipient, home.line1, home.line2, home.postcode,
            sold.contact_name, sold.contact_email, sold.recipient, sold.delivery_note, bill.title, bill.tax_number,
            raw.body, offer.details, offer.offer, offer.outcome, work.payload, work.last_error, case.details, case.note,
            case.outcome, mail.recipient, mail.subject, mail.body, kept.body,
        )  # fmt: skip


TOLD = (
    "Ada Byron", "Ada.Byron@example.org", "+442079460018", date(1815, 12, 10), "Countess Ada", "12 Analytical Row",
    "Flat 3", "SW1Y 4JH", "Ada Byron", "ada-orders@example.org", "Countess Ada", "Leave it with Charles",
    "Byron Engines Ltd", "GB999999973", {"email": "ada.byron@example.org", "name": "Ada Byron"},
    {"order": "A-1", "line1": "12 Analytical Row"}, {"plan": {"postcode": "SW1Y 4JH"}},
    {"values": {"recipient": "Countess Ada"}}, {"line1": "12 Analytical Row", "line2": "Flat 3"},
    "nobody at 12 Analytical Row", {"phone": "07700 900123"}, "call Ada Byron", "Ada Byron was called",
    "ada.byron@example.org", "Dear Ada Byron", "It goes to 12 Analytical Row", '{"line1": "12 Analytical Row"}',
)  # fmt: skip


@pytest.fixture(autouse=True)
def own_keys() -> Iterator[None]:
    yield
    use(None)


def test_what_is_written_is_read_and_nowhere_in_plain_words(database: Database) -> None:
    fill(database)
    assert read(database) == TOLD
    stored = dump(database.engine)
    assert "london" in stored  # what is not sealed would be found
    assert [said for said in SAID if said.casefold() in stored] == []


def test_found_by_email_and_phone(database: Database) -> None:
    fill(database)
    with database.read() as session:
        by_phone = session.scalars(select(Customer).where(Customer.phone_key == "+442079460018")).all()
        assert [one.external_id for one in by_phone] == ["ADA"]
        by_mail = select(Customer).where(Customer.email_key.in_(["nobody@example.org", "bob@example.org"]))
        assert [one.external_id for one in session.scalars(by_mail)] == ["BOB"]


def test_a_changed_value_is_sealed_too(database: Database) -> None:
    fill(database)
    with database.write() as session:
        session.scalars(select(Order)).one().recipient = "Charles Babbage"
    with database.read() as session:
        assert session.scalars(select(Order)).one().recipient == "Charles Babbage"
    assert "charles babbage" not in dump(database.engine)


def test_a_value_without_its_row_is_refused(database: Database) -> None:
    with pytest.raises(EncryptionError, match="bound to its row") as refused, database.engine.begin() as connection:
        connection.execute(insert(Customer).values(source="web", external_id="X", name="Eve Online", bucket=0))
    assert "Eve" not in str(refused.value)


@pytest.mark.parametrize(
    "moved",
    [
        "UPDATE customers SET name = (SELECT name FROM customers WHERE external_id = 'ADA') WHERE external_id = 'BOB'",
        "UPDATE customers SET name = email WHERE external_id = 'BOB'",
        "UPDATE customers SET name = (SELECT contact_name FROM orders) WHERE external_id = 'BOB'",
        "UPDATE customers SET name = 'Mallory' WHERE external_id = 'BOB'",
        "UPDATE customers SET name = replace(name, 's1.{key}.', 's1.stranger.') WHERE external_id = 'BOB'",
    ],
    ids=["another row", "another column", "another table", "plain words", "unknown key"],
)
def test_what_was_moved_or_forged_is_refused(database: Database, moved: str) -> None:
    fill(database)
    name_of_bob = select(Customer.name).where(Customer.external_id == "BOB")
    with database.read() as session:
        assert session.execute(name_of_bob).scalar_one() == "Bob"
    with database.engine.begin() as connection:
        connection.execute(text(moved.replace("{key}", current().writing_key_id)))
    with pytest.raises(EncryptionError, match=r"customers\.name") as refused, database.read() as session:
        session.execute(name_of_bob).scalar_one()
    assert not any(said in str(refused.value) for said in ("Ada", "Bob", "Mallory"))


def test_rotation_that_is_stopped_goes_on_and_frees_the_old_key(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = new_key("old"), new_key("new")
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM encryption_keys"))
    use(ring(old))
    prepare(database.engine)
    fill(database)
    use(ring(new, old))
    monkeypatch.setattr(rows, "BATCH", 1)
    everything = waiting(database.engine)

    class Stopped(Exception):
        pass

    def stop(_count: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rotate(database.engine, stop)
    assert waiting(database.engine) == everything - 1
    assert read(database) == TOLD
    assert rotate(database.engine) == everything - 1
    assert waiting(database.engine) == 0
    assert {key for one in status(database.engine) for key in one.by_key} == {"new"}
    use(ring(new))
    prepare(database.engine)
    assert read(database) == TOLD


def test_missing_and_exchanged_keys_are_named(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM encryption_keys"))
    use(ring(new_key("unused")))
    prepare(database.engine)
    use(ring(new_key("first")))
    prepare(database.engine)  # nothing was sealed with the other one
    fill(database)
    use(ring(new_key("second")))
    with pytest.raises(EncryptionError, match="lacks the key first"):
        prepare(database.engine)
    use(ring(new_key("first")))
    with pytest.raises(EncryptionError, match="the key first in SHOPDESK_ENCRYPTION_KEYS is not the one"):
        prepare(database.engine)


def test_rows_of_before_are_sealed_by_the_migration(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database)
    _in_plain_words(database, rows.sealed_tables())
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM encryption_keys"))
    monkeypatch.setattr(rows, "BATCH", 1)
    assert "ada byron" in dump(database.engine)
    assert "plain" in _of(status(database.engine), "customers").by_key
    migrate(database.engine.url.render_as_string(hide_password=False))
    assert read(database) == TOLD
    assert [said for said in SAID if said.casefold() in dump(database.engine)] == []
    if (file := database.engine.url.database) and database.engine.dialect.name == "sqlite":
        left = b"".join(path.read_bytes() for path in Path(file).parent.glob(f"{Path(file).name}*")).lower()
        assert [said for said in SAID if said.casefold().encode() in left] == [], "free pages and the log keep none"
    with database.read() as session:
        assert [one.key_id for one in session.scalars(select(EncryptionKey))] == [current().writing_key_id]


def test_tables_that_a_migration_gave_over_to_sealing_are_sealed_by_the_next_start(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(database.engine)
    fill(database)
    later = ("proposals", "effects", "cases", "outgoing_messages", "idempotency_keys")
    _in_plain_words(database, [Model.metadata.tables[name] for name in later])
    with database.write() as session:
        session.add_all(TableToSeal(name=name) for name in later)
        session.execute(text("UPDATE customers SET name = 'Mallory' WHERE external_id = 'BOB'"))
    with pytest.raises(EncryptionError, match="not sealed"):
        read(database)
    monkeypatch.setattr(rows, "BATCH", 1)
    prepare(database.engine)
    assert read(database) == TOLD
    assert [said for said in SAID if said.casefold() in dump(database.engine)] == []
    assert [one.table for one in status(database.engine) if "plain" in one.by_key] == ["customers"], "a forgery stays"
    with database.read() as session:
        assert session.scalars(select(TableToSeal)).all() == []


def test_plain_words_are_not_taken_once_keys_are_noted(database: Database) -> None:
    migrate(database.engine.url.render_as_string(hide_password=False))
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM encryption_keys"))
    prepare(database.engine)
    fill(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE customers SET name = 'Mallory' WHERE external_id = 'BOB'"))
    prepare(database.engine)
    with database.engine.connect() as connection:
        stored = text("SELECT name FROM customers WHERE external_id = 'BOB'")
        assert connection.execute(stored).scalar_one() == "Mallory"


def _of(found: list[TableStatus], name: str) -> TableStatus:
    return next(one for one in found if one.table == name)


def _in_plain_words(database: Database, tables: list[Table]) -> None:
    """As an older version left these tables."""
    with database.engine.begin() as connection:
        for table in tables:
            raw, names = rows._raw(table), sealed_columns(table)
            key = [one.name for one in table.primary_key]
            opened = connection.execute(select(*(table.c[name] for name in (*key, *names)))).mappings().all()
            for row in opened:
                said = {name: _plain(row[name]) for name in names}
                connection.execute(raw.update().where(*(raw.c[name] == row[name] for name in key)).values(said))
        if {"customers", "orders"} <= {table.name for table in tables}:
            connection.execute(text("UPDATE customers SET email_key = lower(email), phone_key = phone"))
            connection.execute(text("UPDATE orders SET contact_email_key = NULL"))
        connection.execute(text("UPDATE outgoing_messages SET recipient_key = NULL"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, date) else value
