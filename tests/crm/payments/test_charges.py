"""Charges that shoppers cannot explain: told from the order's records, given back where they came twice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from crm_backend.cases.models import Case
from crm_backend.orders.models import Order
from crm_backend.payments.models import Payment
from tests.crm import records
from tests.crm.changes.conftest import sign_in
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.returns.conftest import fill, refunds


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    """The delivered order of the returns' tests: 77.00 by card, 5.00 of it postage, 12.00 tax."""
    crm = run_crm()
    fill(crm, tax_minor=1200)
    sign_in(crm)
    return crm


def _query(crm: Crm, **details: Any) -> dict[str, Any]:
    answer = crm.propose("c1", "payment.query", order="SD-1", **details)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _twice(crm: Crm, state: str = "captured") -> None:
    with crm.records() as session:
        order = session.scalars(select(Order)).one()
        records.payment(session, order, 7700, external_id="pay-2", brand="Visa", last4="4242", state=state)


@pytest.mark.parametrize(
    ("amount", "explanation"),
    [(7700, "order_total"), (1200, "tax"), (500, "shipping"), (6500, "without_tax"), (7200, "without_shipping")],
)
def test_an_amount_is_explained_from_the_order(shop: Crm, amount: int, explanation: str) -> None:
    offer = _query(shop, amount_minor=amount)
    assert offer["values"]["explanation"] == explanation
    assert {"charged_goods", "charged_shipping", "charged_tax", "charged_total"} <= {
        one["key"] for one in offer["lines"]
    }
    done = shop.confirm("c1", offer["id"]).json()["outcome"]
    assert (done["case"], refunds(shop)) == (None, [])


def test_an_instalment_is_explained(shop: Crm) -> None:
    with shop.records() as session:
        session.execute(update(Payment).values(instalments=3))
    assert _query(shop, amount_minor=2567)["values"]["explanation"] == "instalment"


@pytest.mark.parametrize("details", [{"amount_minor": 1234}, {"amount_minor": 7700, "currency": "USD"}, {}])
def test_what_nothing_explains_goes_to_a_person(shop: Crm, details: dict[str, Any]) -> None:
    offer = _query(shop, description="What is this?", **details)
    assert not offer["values"]["explained"]
    assert shop.confirm("c1", offer["id"]).json()["outcome"]["case"] is not None
    with shop.database.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.kind, case.details["description"]) == ("charge_query", "What is this?")


def test_what_was_captured_twice_goes_back_once(shop: Crm) -> None:
    _twice(shop)
    offer = _query(shop, problem="charged_twice")
    assert (offer["amount_minor"], offer["moves"][0]["payment"]) == (7700, "pay-2")
    assert shop.confirm("c1", offer["id"]).status_code == 200
    assert refunds(shop) == [(7700, "original", "requested")]
    assert _query(shop, problem="charged_twice")["moves"] == []


def test_an_attempt_that_failed_or_is_only_held_is_no_second_charge(shop: Crm) -> None:
    _twice(shop, "failed")
    offer = _query(shop, problem="charged_twice")
    assert (offer["moves"], offer["values"]["explained"]) == ([], True)
    assert "payment_failed" in {one["key"] for one in offer["lines"]}


def test_a_person_gives_back_a_double_charge_where_the_shop_wants_that(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(sections={"payments": {"charges": {"double_charge": "person"}}}))
    fill(crm)
    sign_in(crm)
    _twice(crm)
    offer = _query(crm, problem="charged_twice")
    assert offer["moves"] == []
    assert crm.confirm("c1", offer["id"]).json()["outcome"]["case"] is not None


def test_nobody_is_told_of_anothers_charges(shop: Crm) -> None:
    assert shop.propose("c2", "payment.query", order="SD-1").status_code == 404
    assert shop.propose("c1", "payment.query", order="SD-1", currency="GBP").status_code == 422
