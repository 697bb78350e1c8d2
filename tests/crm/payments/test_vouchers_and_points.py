"""Vouchers and points that were not applied, or not given back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from crm_backend.account.models import Customer, LoyaltyEntry, Voucher
from tests.crm import records
from tests.crm.changes.conftest import fill_shop, sign_in
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.returns.conftest import effects, refunds


def _shop(run_crm: CrmRunner, voucher: dict[str, Any] | None = None, points: int = 0, **rules: Any) -> Crm:
    """Two mugs and a scarf, 70.00 and 5.00 postage, not sent yet; its owner has a voucher SAVE10 over 10.00."""
    vouchers = {"apply_within_days": 365, **rules}
    crm = run_crm(policies=policies_with(sections={"payments": {"vouchers": vouchers}}))
    fill_shop(crm)
    with crm.records() as session:
        mina = session.scalars(select(Customer).where(Customer.external_id == "mina-1")).one()
        fields = {
            "external_id": "v-1", "code": "SAVE10", "kind": "amount", "amount_minor": 1000, "currency": "GBP",
            "state": "active", **(voucher or {}),
        }  # fmt: skip
        session.add(Voucher(customer_id=mina.id, **fields))
        if points:
            session.add(
                LoyaltyEntry(
                    customer_id=mina.id, external_id="p-1", kind="redeemed", points=-points, at=records.PLACED,
                    order_number="SD-1",
                )
            )  # fmt: skip
    sign_in(crm)
    return crm


USED = {"state": "used", "order_number": "SD-1", "used_at": records.PLACED}


def _ask(crm: Crm, problem: str, **details: Any) -> Any:
    return crm.propose("c1", "payment.voucher", order="SD-1", code="save10", problem=problem, **details)


def test_a_voucher_is_good_again_once_nothing_is_left_of_its_order(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, {**USED, "valid_until": records.PLACED + timedelta(days=1)}, extend_days=14)
    assert _ask(crm, "not_given_back").json()["rule"] == "voucher_given_back_with_whole_order"
    crm.change("c1", "order.cancel", order="SD-1")
    offer = _ask(crm, "not_given_back").json()
    assert [note["key"] for note in offer["notes"]] == ["voucher_extended"]
    assert crm.confirm("c1", offer["id"]).status_code == 200
    assert effects(crm)[-1] == "voucher.give_back"
    assert _ask(crm, "not_given_back").json()["rule"] == "voucher_is_good"


def test_a_voucher_that_was_forgotten_is_taken_off_afterwards(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, apply_afterwards="refund")
    offer = _ask(crm, "not_applied").json()
    assert (offer["direction"], offer["amount_minor"]) == ("refund", 1000)
    assert crm.confirm("c1", offer["id"]).status_code == 200
    assert refunds(crm) == [(1000, "original", "requested")]
    assert _ask(crm, "not_applied").json()["rule"] == "voucher_applied"
    # What is cancelled then brings what it cost in the end: no more than was paid goes back in all.
    assert crm.change("c1", "order.cancel", order="SD-1")["amount_minor"] == 6500


def test_a_person_looks_at_it_where_the_shop_wants_that(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm)
    offer = _ask(crm, "not_applied").json()
    assert offer["direction"] == "none"
    assert crm.confirm("c1", offer["id"]).json()["outcome"]["case"] is not None


def test_a_voucher_that_would_not_have_counted_is_refused_with_the_rule(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, {"minimum_order_minor": 7001}, apply_afterwards="refund")
    assert _ask(crm, "not_applied").json()["rule"] == "voucher_minimum_not_met"
    strange = crm.propose("c2", "payment.voucher", order="SD-1", code="SAVE10", problem="not_applied")
    assert strange.status_code == 404


def test_points_come_back_with_the_share_of_the_goods_that_went(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, points=700)
    assert crm.propose("c1", "payment.points", order="SD-1").json()["rule"] == "no_points_due"
    crm.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 2}])
    done = crm.change("c1", "payment.points", order="SD-1")
    assert done["outcome"]["values"]["points"] == 300
    assert crm.propose("c1", "payment.points", order="SD-1").json()["rule"] == "no_points_due"
    crm.change("c1", "order.cancel", order="SD-1")
    assert crm.change("c1", "payment.points", order="SD-1")["outcome"]["values"]["points"] == 400
