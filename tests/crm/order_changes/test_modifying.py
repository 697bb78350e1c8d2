"""Items, payment and re-ordering of an order that is not sent yet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order
from crm_backend.payments.models import Payment, PaymentMethod
from crm_backend.shipments.models import Shipment
from crm_backend.stores.models import Stock
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.returns.conftest import answer_effects, effects, payments, refunds, running


def _not_sent(crm: Crm, state: str = "processing") -> Crm:
    with crm.records() as session:
        session.execute(update(Order).values(state=state))
        session.delete(session.scalars(select(Shipment)).one())
    return crm


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    """The order of the returns' tests, not sent yet."""
    return _not_sent(running(run_crm))


def _modify(crm: Crm, sku: str = "A-R", quantity: int | None = None, conversation: str = "c1", **more: Any) -> Any:
    line = {"line_number": 1, "sku": sku, "quantity": quantity}
    return crm.propose(conversation, "order.modify", order="SD-1", lines=[line], **more)


def _reserved(crm: Crm) -> int:
    with crm.database.read() as session:
        return session.scalars(select(Stock.reserved)).one()


def _balance(crm: Crm, method: str) -> int | None:
    with crm.database.read() as session:
        return session.scalars(select(PaymentMethod.balance_minor).where(PaymentMethod.external_id == method)).one()


def test_a_line_becomes_a_dearer_variant_and_the_difference_is_charged(shop: Crm) -> None:
    offer = _modify(shop, payment_method="card-1").json()
    assert (offer["direction"], offer["amount_minor"]) == ("charge", 900)
    assert {note["key"] for note in offer["notes"]} == {"cannot_be_changed_again"}
    assert shop.confirm("c1", offer["id"]).status_code == 200
    order = shop.order("c1", "SD-1").json()
    line = order["lines"][0]
    assert (line["sku"], line["quantity"], line["total_minor"]) == ("A-R", 2, 5000)
    assert (order["subtotal_minor"], order["discount_minor"], order["total_minor"]) == (9000, 900, 8600)
    assert effects(shop) == ["payment.charge", "order.modify"]
    assert _reserved(shop) == 2
    answer_effects(shop, "order.modify")
    assert _reserved(shop) == 0
    answer_effects(shop, "payment.charge")
    assert sum(amount for amount, _, state in payments(shop) if state == "captured") == order["total_minor"]


def test_each_piece_of_a_line_becomes_another_variant(shop: Crm) -> None:
    def wanted(*parts: tuple[str, int | None]) -> dict[str, Any]:
        return {"lines": [{"line_number": 1, "sku": sku, "quantity": pieces} for sku, pieces in parts]}

    twice = shop.propose("c1", "order.modify", order="SD-1", **wanted(("A-R", 1), ("A-R", 1)))
    assert twice.json()["errors"][0]["field"] == "body.details.lines.1.line_number"
    too_many = shop.propose("c1", "order.modify", order="SD-1", **wanted(("A-R", 1), ("A-S", 2)))
    assert (too_many.status_code, too_many.json()["rule"]) == (409, "more_than_is_left")
    offer = shop.propose(
        "c1", "order.modify", order="SD-1", payment_method="card-1", **wanted(("A-R", 1), ("A-S", None))
    )
    told = [(line["values"]["quantity"], line["values"]["new_sku"]) for line in offer.json()["lines"]]
    assert told == [(1, "A-R"), (1, "A-S")]
    before = shop.order("c1", "SD-1").json()["total_minor"]
    assert shop.confirm("c1", offer.json()["id"]).status_code == 200
    order = shop.order("c1", "SD-1").json()
    assert sorted((line["sku"], line["quantity"]) for line in order["lines"]) == [
        ("A-R", 1), ("A-S", 1), ("B", 1), ("P", 1),
    ]  # fmt: skip
    assert order["total_minor"] - before == offer.json()["values"]["difference_minor"]


def test_afterwards_the_order_is_left_alone(shop: Crm) -> None:
    shop.change("c1", "order.modify", order="SD-1", lines=[{"line_number": 1, "sku": "A-S"}])
    assert refunds(shop) == [(900, "original", "requested")]
    for kind, details in (
        ("order.modify", {"lines": [{"line_number": 1, "sku": "A"}]}),
        ("order.cancel", {}),
        ("order.payment", {"payment_method": "card-1"}),
    ):
        refused = shop.propose("c1", kind, order="SD-1", **details)
        assert (refused.status_code, refused.json().get("rule")) == (409, "already_changed_once"), kind
    shop.change("c1", "order.address", order="SD-1", line1="2 New Street")


def test_a_shop_may_lock_the_address_with_the_items(run_crm: CrmRunner) -> None:
    from tests.crm.changes.conftest import sign_in
    from tests.crm.conftest import policies_with
    from tests.crm.returns.conftest import fill

    sections = {"modification": {"address_after_items": False}, "fulfilment": {"stores": ["WH"]}}
    crm = run_crm(policies=policies_with(sections=sections))
    fill(crm)
    sign_in(crm)
    _not_sent(crm)
    crm.change("c1", "order.modify", order="SD-1", lines=[{"line_number": 1, "sku": "A-S"}])
    refused = crm.propose("c1", "order.address", order="SD-1", line1="2 New Street")
    assert (refused.status_code, refused.json().get("rule")) == (409, "already_changed_once")


def test_a_shop_may_allow_more_changes_and_then_all_of_it_can_be_cancelled(run_crm: CrmRunner) -> None:
    from tests.crm.changes.conftest import sign_in
    from tests.crm.conftest import policies_with
    from tests.crm.returns.conftest import fill

    sections = {"modification": {"items_once_only": False}, "fulfilment": {"stores": ["WH"]}}
    crm = run_crm(policies=policies_with(sections=sections))
    fill(crm)
    sign_in(crm)
    _not_sent(crm)
    crm.change("c1", "order.modify", order="SD-1", lines=[{"line_number": 1, "sku": "A-S", "quantity": 1}])
    order = crm.order("c1", "SD-1").json()
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("A", 1), ("B", 1), ("P", 1), ("A-S", 1)]
    assert order["total_minor"] == 7700 - 450
    whole = crm.change("c1", "order.cancel", order="SD-1")
    assert whole["amount_minor"] == 7700 - 450
    assert sum(amount for amount, _, _ in refunds(crm)) == 7700


@pytest.mark.parametrize(
    ("state", "rule"), [("delivered", "already_delivered"), ("cancelled", "already_cancelled"),
                        ("shipped", "already_dispatched"), ("unavailable", "state_not_changeable")],
)  # fmt: skip
def test_an_order_past_that_point_is_refused(run_crm: CrmRunner, state: str, rule: str) -> None:
    crm = _not_sent(running(run_crm), state)
    refused = _modify(crm, "A-S")
    assert (refused.status_code, refused.json()["rule"]) == (409, rule)


def test_others_cannot_change_it_and_a_missing_line_is_named(shop: Crm) -> None:
    assert _modify(shop, conversation="c2").status_code == 404
    wrong = shop.propose("c1", "order.modify", order="SD-1", lines=[{"line_number": 9, "sku": "A-S"}])
    assert wrong.json()["errors"][0]["field"] == "body.details.lines.0.line_number"
    assert _modify(shop, "A-G").json()["rule"] == "variant_not_available"
    assert _modify(shop, "A-R", payment_method="gift-1").json()["rule"] == "gift_card_balance_too_low"
    assert _modify(shop, "A-S").status_code == 201


def test_fifty_identical_confirmations_change_it_once(shop: Crm) -> None:
    offer = _modify(shop, payment_method="gift-2").json()["id"]
    with ThreadPoolExecutor(10) as pool:
        codes = list(pool.map(lambda _: shop.confirm("c1", offer).status_code, range(50)))
    assert set(codes) == {200}
    assert effects(shop).count("payment.charge") == 1
    assert _balance(shop, "gift-2") == 9000 - 900


def test_another_method_pays_and_the_old_one_is_refunded_once_it_came(shop: Crm) -> None:
    offer = shop.propose("c1", "order.payment", order="SD-1", payment_method="gift-2").json()
    assert (offer["direction"], offer["amount_minor"]) == ("charge", 7700)
    assert [line["key"] for line in offer["lines"]] == ["payment_changed", "payment_given_back"]
    shop.confirm("c1", offer["id"])
    assert refunds(shop) == []
    assert _balance(shop, "gift-2") == 1300
    again = shop.propose("c1", "order.payment", order="SD-1", payment_method="card-1").json()
    assert again["rule"] == "payment_in_progress"
    answer_effects(shop, "payment.charge")
    assert refunds(shop) == [(7700, "original", "requested")]
    assert payments(shop)[-1] == (7700, "gift_card", "captured")
    same = shop.propose("c1", "order.cancel", order="SD-1").json()
    assert same["amount_minor"] == 7700


def test_a_new_payment_that_fails_leaves_the_old_one(shop: Crm) -> None:
    shop.change("c1", "order.payment", order="SD-1", payment_method="gift-2")
    answer_effects(shop, "payment.charge", "failed")
    assert refunds(shop) == []
    assert _balance(shop, "gift-2") == 9000
    assert shop.propose("c1", "order.payment", order="SD-1", payment_method="card-1").status_code == 201


def test_a_gift_card_with_too_little_cannot_pay_and_a_held_amount_is_released(shop: Crm) -> None:
    refused = shop.propose("c1", "order.payment", order="SD-1", payment_method="gift-1").json()
    assert refused["rule"] == "gift_card_balance_too_low"
    assert refused["values"] == {"balance_minor": 400, "currency": "GBP", "amount_minor": 7700}
    with shop.records() as session:
        session.execute(update(Payment).values(state="authorised", payment_method_external_id="card-1"))
    assert shop.propose("c1", "order.payment", order="SD-1", payment_method="card-1").json()["rule"] == (
        "same_payment_method"
    )
    shop.change("c1", "order.payment", order="SD-1", payment_method="gift-2")
    answer_effects(shop, "payment.charge")
    assert payments(shop)[0] == (7700, "card", "cancelled")
    assert effects(shop) == ["payment.charge", "payment.authorisation"]


def test_the_same_goods_can_be_ordered_again_at_today_s_prices(shop: Crm) -> None:
    offer = shop.propose("c1", "order.reorder", order="SD-1", payment_method="card-1").json()
    # Two mugs and pyjamas; the scarf is in no catalogue.
    assert (offer["direction"], offer["amount_minor"]) == ("charge", 5000)
    assert [line["values"]["quantity"] for line in offer["lines"]] == [2, 1]
    done = shop.confirm("c1", offer["id"]).json()
    assert [effect["kind"] for effect in done["outcome"]["effects"]] == ["order.place"]
    missing = shop.propose("c1", "order.reorder", order="SD-1", lines=[{"line_number": 2}], payment_method="card-1")
    assert missing.status_code == 422
    assert shop.propose("c2", "order.reorder", order="SD-1", payment_method="card-1").status_code == 404


@pytest.mark.parametrize(
    ("rate", "amount", "note"),
    [
        ({"charge_minor": {"GBP": 395}, "free_from_minor": {"GBP": 5001}}, 5395, "shipping_included"),
        ({"charge_minor": {"GBP": 395}, "free_from_minor": {"GBP": 5000}}, 5000, "shipping_free"),
        ({"charge_minor": {"EUR": 395}}, 5000, "shipping_added_by_shop"),
    ],
)
def test_ordering_again_costs_the_postage_that_the_policy_says(
    run_crm: CrmRunner, rate: dict[str, Any], amount: int, note: str
) -> None:
    _not_sent(running(run_crm))
    crm = run_crm(policies=policies_with(sections={"fulfilment": {"stores": ["WH"]}, "shipping": {"rates": [rate]}}))
    offer = crm.propose("c1", "order.reorder", order="SD-1", payment_method="card-1").json()
    assert offer["amount_minor"] == amount
    assert note in [one["key"] for one in offer["notes"]]
    crm.confirm("c1", offer["id"])
    with crm.database.read() as session:
        placed = session.scalars(select(Effect).where(Effect.kind == "order.place")).one()
    assert placed.payload["payment"]["amount_minor"] == amount
    assert placed.payload["shipping_minor"] == {"shipping_included": 395, "shipping_free": 0}.get(note)
