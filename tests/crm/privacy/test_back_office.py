"""The shop's systems go on sending what they have; of those who were erased nothing is taken."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from crm_backend.collect.models import Event, RawRecord
from crm_backend.collect.rebuild import rebuild
from crm_backend.models import Model
from crm_backend.orders.models import Order
from crm_backend.privacy.inventory import BY_TABLE
from tests.crm.conftest import Crm
from tests.crm.pipeline.conftest import LOOKUP_KEYS, BackOffice

MINA = {"external_id": "mina", "name": "Mina Secret", "email": "mina@example.org"}
ORDER = {
    "external_id": "O1", "number": "SD-1", "customer_external_id": "mina", "state": "delivered", "currency": "GBP",
    "placed_at": "2026-01-02T10:00:00Z", "total_minor": 500, "line1": "1 Secret Street", "contact_name": "Mina Secret",
    "order_lines": [{"line_number": 1, "sku": "A", "quantity": 1, "total_minor": 500}],
}  # fmt: skip
VISIT = {"external_id": "V1", "kind": "page_visit", "at": "2026-01-02T09:00:00Z", "customer_external_id": "mina"}
PLACED = {"external_id": "E1", "kind": "order_placed", "at": "2026-01-02T10:00:00Z", "order_external_id": "O1"}


@pytest.fixture
def erased(crm: Crm) -> BackOffice:
    """A back office whose customer Mina was erased."""
    back_office = BackOffice(crm)
    back_office.taken("customers", MINA)
    back_office.taken("orders", ORDER)
    back_office.events(VISIT, PLACED)
    answer = crm.staff("POST", "/people/mina/erasure", "lena;lead", json={"dry_run": False})
    assert answer.status_code == 200, answer.text
    return back_office


def known(crm: Crm) -> str:
    with crm.database.read() as session:
        tables = [Model.metadata.tables[name] for name in BY_TABLE]
        return repr([[tuple(row) for row in session.execute(table.select())] for table in tables])


def test_all_that_was_received_is_gone_too(erased: BackOffice) -> None:
    assert "Secret" not in known(erased.crm)
    with erased.crm.database.read() as session:
        assert session.scalars(sa.select(RawRecord.id)).all() == []
        assert session.scalars(sa.select(Event.external_id)).all() == []


@pytest.mark.parametrize(
    ("kind", "record"),
    [("customers", MINA), ("orders", ORDER), ("orders", {**ORDER, "external_id": "O9", "number": "SD-9"})],
)
def test_records_of_the_erased_are_not_taken(erased: BackOffice, kind: str, record: dict[str, Any]) -> None:
    before = known(erased.crm)
    receipt = erased.records(kind, record)
    assert receipt["rejected"] == 1
    assert known(erased.crm) == before


def test_an_order_that_names_nobody_is_brought_up_to_date_without_its_address(erased: BackOffice) -> None:
    receipt = erased.records("orders", {**ORDER, "customer_external_id": None, "total_minor": 600})
    assert receipt["updated"] == 1
    assert "Secret" not in known(erased.crm)
    with erased.crm.database.read() as session:
        assert session.scalars(sa.select(Order.total_minor)).one() == 600


def test_events_of_the_erased_are_not_taken(erased: BackOffice) -> None:
    before = known(erased.crm)
    assert erased.events(VISIT, PLACED)["rejected"] == 2
    assert known(erased.crm) == before


def test_making_everything_again_brings_nobody_back(erased: BackOffice) -> None:
    before = known(erased.crm)
    rebuild(erased.crm.database, "GB", LOOKUP_KEYS)
    assert known(erased.crm) == before
