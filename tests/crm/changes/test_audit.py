"""The audit log: everything that was done is there, and tampering shows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from crm_backend.audit.models import AuditEntry
from crm_backend.audit.service import append, verify
from tests.crm.conftest import Crm


def _verdict(crm: Crm, head: str | None = None) -> tuple[int | None, int, str]:
    with crm.database.read() as session:
        verdict = verify(session, known_head=head)
        return verdict.broken_at, verdict.entries, verdict.head


def _actions(crm: Crm) -> list[tuple[str, str, str | None]]:
    with crm.database.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.actor_id, entry.message_id) for entry in entries]


def _tamper(crm: Crm, how: Callable[[Connection], object]) -> None:
    """As somebody would who owns the database: the triggers off, the change, the triggers on."""
    with crm.database.engine.begin() as connection:
        if crm.database.is_sqlite:
            connection.execute(text("DROP TRIGGER audit_log_no_update"))
            connection.execute(text("DROP TRIGGER audit_log_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only"))
        how(connection)
        if not crm.database.is_sqlite:
            connection.execute(text("ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only"))


def test_a_change_is_in_the_log_with_the_message_it_came_by(shop: Crm) -> None:
    offer = shop.call.post(
        "/shopper/c1/proposals",
        json={"kind": "order.cancel", "details": {"order": "SD-1"}},
        headers={"X-Shopdesk-Message": "m-17"},
    ).json()
    shop.confirm("c1", offer["id"])
    assert _actions(shop) == [
        ("change.proposed", "c1", "m-17"),
        ("effect.requested", "c1", None),
        ("effect.requested", "c1", None),
        ("order.cancelled", "c1", None),
        ("change.confirmed", "c1", None),
    ]
    assert _verdict(shop)[:2] == (None, 5)


def test_what_was_not_done_is_not_in_the_log(shop: Crm) -> None:
    assert shop.propose("c1", "order.cancel", order="SD-9").status_code == 404
    assert _actions(shop) == []
    assert _verdict(shop) == (None, 0, "0" * 64)


def test_the_database_refuses_to_change_or_remove_entries(shop: Crm) -> None:
    shop.propose("c1", "order.cancel", order="SD-1")
    for statement in ("UPDATE audit_log SET actor_id = 'x'", "DELETE FROM audit_log"):
        with pytest.raises(DBAPIError, match="append-only"), shop.database.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_log SET actor_id = 'c2' WHERE id = 3", 3),
        ('UPDATE audit_log SET details = \'{"kind": "payment.refund "}\' WHERE id = 2', 2),
        ("UPDATE audit_log SET message_id = 'm' WHERE id = 1", 1),
        ("DELETE FROM audit_log WHERE id = 1", 2),
        ("DELETE FROM audit_log WHERE id = 3", 4),
        ("UPDATE audit_log SET id = 99 WHERE id = 2", 3),
    ],
)
def test_tampering_shows(shop: Crm, statement: str, broken_at: int) -> None:
    shop.change("c1", "order.cancel", order="SD-1")
    assert _verdict(shop)[0] is None
    _tamper(shop, lambda connection: connection.execute(text(statement)))
    assert _verdict(shop)[0] == broken_at


def test_a_cut_off_end_shows_to_who_kept_the_head(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1")
    _, entries, head = _verdict(shop)
    _tamper(shop, lambda connection: connection.execute(text(f"DELETE FROM audit_log WHERE id = {entries}")))
    assert _verdict(shop)[0] is None
    assert _verdict(shop, head)[0] is not None


def test_an_older_head_is_still_in_a_longer_chain(shop: Crm) -> None:
    shop.propose("c1", "order.cancel", order="SD-1")
    head = _verdict(shop)[2]
    shop.propose("c1", "order.cancel", order="SD-1")
    assert _verdict(shop, head)[:2] == (None, 2)


def test_entries_written_at_the_same_time_make_one_chain(shop: Crm) -> None:
    def write(number: int) -> None:
        with shop.records() as session:
            append(
                session, at=shop.wall.now, actor_kind="system", actor_id="tests", conversation_id=None,
                message_id=None, action="tried", subject_type="test", subject_id=str(number),
                details={"amount_minor": number, "词": ["é", None, True]},
            )  # fmt: skip

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    assert _verdict(shop)[:2] == (None, 40)
