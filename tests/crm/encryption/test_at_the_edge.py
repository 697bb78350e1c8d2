"""What callers hear of personal data that cannot be opened: that something went wrong, and nothing of it."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from tests.crm.conftest import Crm
from tests.crm.records import customer, order


def test_a_forged_value_is_a_problem_document_without_details(crm: Crm, caplog: pytest.LogCaptureFixture) -> None:
    with crm.records() as session:
        ada = customer(session, external_id="ADA", name="Ada Byron", email="ada@example.org")
        order(session, "A-1", ada, recipient="Countess Ada", line1="12 Analytical Row")
        order(session, "A-2", ada, recipient="Charles Babbage")
    crm.start("c")
    assert crm.identify("c", crm.sign("ADA")).status_code == 200
    assert crm.order("c", "A-1").status_code == 200
    with crm.records() as session:
        forged = (
            "UPDATE orders SET recipient = (SELECT recipient FROM orders WHERE number = 'A-2') WHERE number = 'A-1'"
        )
        session.execute(text(forged))
    with caplog.at_level(logging.ERROR, logger="crm_backend"):
        answer = crm.order("c", "A-1")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() <= {"type", "title", "status", "request_id"}
    assert not any(said in answer.text for said in ("recipient", "Ada", "Babbage", "development", "s1."))
    about = [record.fields["about"] for record in caplog.records if record.name == "crm_backend"]  # type: ignore[attr-defined]
    assert len(about) == 1
    assert about[0].startswith("orders.recipient cannot be opened")
    assert crm.order("c", "A-2").status_code == 200, "other rows are read as before"
