"""Prices that fell after the purchase: what is made good, for how long, and what a return refunds afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from crm_backend.orders.models import OrderLine
from crm_backend.products.models import PriceRecord, Variant
from tests.crm import records
from tests.crm.changes.conftest import sign_in
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.returns.conftest import RULES, fill, refunds

KIND = "payment.price_protection"


def _with(run_crm: CrmRunner, **rules: Any) -> Crm:
    """The delivered order of the returns' tests: two mugs for 36.00, listed at 20.00 each."""
    protection = {"enabled": True, "window_days": 30, **rules}
    sections = {"payments": {"price_protection": protection}, "returns": RULES}
    crm = run_crm(policies=policies_with(sections=sections))
    fill(crm)
    sign_in(crm)
    return crm


def _costs(crm: Crm, price_minor: int, sku: str = "A") -> None:
    with crm.records() as session:
        session.execute(update(Variant).where(Variant.sku == sku).values(price_minor=price_minor))


def _rule(crm: Crm, **details: Any) -> str:
    answer = crm.propose("c1", KIND, order="SD-1", **details)
    assert answer.status_code == 409, answer.text
    rule: str = answer.json()["rule"]
    return rule


def test_what_goods_cost_less_now_goes_back_once(run_crm: CrmRunner) -> None:
    crm = _with(run_crm)
    _costs(crm, 1500)
    offer = crm.propose("c1", KIND, order="SD-1", lines=[1]).json()
    # Paid 36.00 for two, which are 30.00 now.
    assert (offer["direction"], offer["amount_minor"]) == ("refund", 600)
    assert offer["lines"][0]["values"]["paid_minor"] == 3600
    assert crm.confirm("c1", offer["id"]).status_code == 200
    assert refunds(crm) == [(600, "original", "requested")]
    assert _rule(crm, lines=[1]) == "price_not_lower"
    # It falls further: only the rest.
    _costs(crm, 1400)
    assert crm.change("c1", KIND, order="SD-1")["amount_minor"] == 200


def test_a_return_refunds_what_the_goods_cost_in_the_end(run_crm: CrmRunner) -> None:
    crm = _with(run_crm)
    _costs(crm, 1500)
    crm.change("c1", KIND, order="SD-1")
    offer = crm.propose("c1", "return.create", order="SD-1", lines=[{"line_number": 1}], reason="faulty").json()
    assert offer["amount_minor"] == 3000
    # All of it, with the postage: no more than was paid goes back in all.
    everything = crm.propose("c1", "return.create", order="SD-1", reason="faulty").json()
    assert everything["amount_minor"] == 7700 - 600


def test_the_lower_price_may_be_discounted_as_the_order_was(run_crm: CrmRunner) -> None:
    crm = _with(run_crm, keeps_discount=True)
    _costs(crm, 1500)
    assert crm.change("c1", KIND, order="SD-1", lines=[1])["amount_minor"] == 3600 - 2700


def test_the_lowest_price_since_the_purchase_counts_where_the_shop_says_so(run_crm: CrmRunner) -> None:
    crm = _with(run_crm, price="lowest")
    with crm.records() as session:
        mug = session.scalars(select(Variant).where(Variant.sku == "A")).one()
        for ended_at, price in ((records.PLACED - timedelta(days=1), 500), (records.PLACED + timedelta(days=2), 1600)):
            session.add(
                PriceRecord(product_id=mug.product_id, sku="A", ended_at=ended_at, price_minor=price, currency="GBP")
            )
    # The 5.00 were over before it was bought.
    assert crm.change("c1", KIND, order="SD-1")["amount_minor"] == 3600 - 3200


@pytest.mark.parametrize(
    ("rules", "price", "rule"),
    [
        ({}, 2500, "price_not_lower"),
        ({"enabled": False}, 1500, "price_protection_not_offered"),
        ({"window_days": 0}, 1500, "price_window_over"),
        ({"excluded_categories": ["kitchen"]}, 1500, "category_not_protected"),
        ({"minimum_minor": {"GBP": 601}}, 1500, "difference_too_small"),
    ],
)
def test_a_refusal_names_the_rule(run_crm: CrmRunner, rules: dict[str, Any], price: int, rule: str) -> None:
    crm = _with(run_crm, **rules)
    _costs(crm, price)
    assert _rule(crm, lines=[1]) == rule


def test_nobody_else_can_ask_for_it_and_what_is_gone_does_not_count(run_crm: CrmRunner) -> None:
    crm = _with(run_crm)
    _costs(crm, 1500)
    assert crm.propose("c2", KIND, order="SD-1").status_code == 404
    assert crm.propose("c1", KIND, order="SD-1", lines=[9]).status_code == 422
    crm.change("c1", "return.create", order="SD-1", lines=[{"line_number": 1, "quantity": 1}], reason="faulty")
    offer = crm.propose("c1", KIND, order="SD-1", lines=[1]).json()
    assert offer["amount_minor"] == 300
    with crm.records() as session:
        session.execute(update(OrderLine).where(OrderLine.line_number == 1).values(returned_quantity=1))
    assert _rule(crm, lines=[1]) == "line_already_gone"
