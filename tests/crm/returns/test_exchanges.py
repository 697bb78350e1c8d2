"""Exchanges: another variant of the same product, the difference, and the stock that is put aside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from crm_backend.orders.models import OrderLine
from crm_backend.payments.models import PaymentMethod
from crm_backend.stores.models import Stock
from tests.crm.conftest import Crm, CrmRunner
from tests.crm.returns.conftest import answer_effects, effects, payments, refunds, running


def _exchange(crm: Crm, sku: str, quantity: int | None = 1, conversation: str = "c1", **more: Any) -> Any:
    return crm.propose(
        conversation,
        "return.exchange",
        order="SD-1",
        lines=[{"line_number": 1, "quantity": quantity, "sku": sku}],
        **{"reason": "wrong_item", **more},
    )


def _stock(crm: Crm) -> tuple[int, int]:
    with crm.database.read() as session:
        stock = session.scalars(select(Stock).where(Stock.sku == "A-R")).one()
        return stock.quantity, stock.reserved


def _balance(crm: Crm, method: str) -> int | None:
    with crm.database.read() as session:
        return session.scalars(select(PaymentMethod.balance_minor).where(PaymentMethod.external_id == method)).one()


def _confirm(crm: Crm, offer: Any) -> str:
    assert offer.status_code == 201, offer.text
    done = crm.confirm("c1", offer.json()["id"])
    assert done.status_code == 200, done.text
    number: str = done.json()["outcome"]["values"]["return"]
    return number


def test_a_dearer_variant_is_charged_to_the_chosen_method_with_the_order_s_discount(shop: Crm) -> None:
    offer = _exchange(shop, "a-r", payment_method="card-1")
    # A mug at 20.00 was paid with 18.00; the red one at 25.00 costs 22.50.
    told = offer.json()
    assert (told["direction"], told["amount_minor"]) == ("charge", 450)
    assert (told["moves"][0]["target"], told["moves"][0]["last4"]) == ("card-1", "1111")
    assert told["lines"][0]["values"]["new_sku"] == "A-R"
    assert _stock(shop) == (2, 0)
    number = _confirm(shop, offer)
    assert _stock(shop) == (2, 1)
    assert payments(shop)[-1] == (450, "card", "authorised")
    assert effects(shop) == ["payment.charge", "return.expect"]
    answer_effects(shop, "payment.charge")
    assert payments(shop)[-1] == (450, "card", "captured")
    view = shop.call.get(f"/shopper/c1/returns/{number}").json()
    assert (view["kind"], view["charge_minor"], view["lines"][0]["new_sku"]) == ("exchange", 450, "A-R")
    shop.staff("POST", f"/returns/{number}/receive")
    assert effects(shop)[-1] == "exchange.send"
    assert shop.staff("POST", f"/returns/{number}/inspect", json={}).json()["state"] == "exchanged"
    answer_effects(shop, "exchange.send")
    assert _stock(shop) == (2, 0)
    assert refunds(shop) == []
    order = shop.order("c1", "SD-1").json()
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("A", 2), ("B", 1), ("P", 1), ("A-R", 1)]
    assert order["total_minor"] == 7700 + 2250


def test_a_cheaper_variant_brings_the_difference_back_once_the_old_one_is_there(shop: Crm) -> None:
    offer = _exchange(shop, "A-S", 2)
    assert (offer.json()["direction"], offer.json()["amount_minor"]) == ("refund", 900)
    number = _confirm(shop, offer)
    assert refunds(shop) == []
    shop.staff("POST", f"/returns/{number}/inspect", json={})
    assert refunds(shop) == [(900, "original", "requested")]


def test_a_cheaper_variant_may_be_refunded_to_a_saved_gift_card(shop: Crm) -> None:
    offer = _exchange(shop, "A-S", 1, payment_method="gift-1")
    assert offer.json()["moves"][0]["target"] == "gift-1"
    number = _confirm(shop, offer)
    shop.staff("POST", f"/returns/{number}/inspect", json={})
    assert _balance(shop, "gift-1") == 400
    answer_effects(shop, "payment.refund")
    assert _balance(shop, "gift-1") == 850


@pytest.mark.parametrize(
    ("sku", "more", "rule", "alternatives"),
    [
        ("A-R", {}, "payment_method_needed", {"card-1", "gift-2"}),
        ("A-R", {"payment_method": "gift-1"}, "gift_card_balance_too_low", {"card-1", "gift-2"}),
        ("A-R", {"payment_method": "card-9"}, "payment_method_unknown", {"card-1", "gift-2"}),
        ("A-G", {}, "variant_not_available", {"A-R", "A-S"}),
        ("A", {}, "same_variant", {"A-R", "A-S"}),
        ("P", {}, "other_product", {"A-R", "A-S"}),
    ],
)
def test_a_refused_exchange_names_what_would_do(
    shop: Crm, sku: str, more: dict[str, Any], rule: str, alternatives: set[str]
) -> None:
    answer = _exchange(shop, sku, **more)
    assert answer.status_code == 409, answer.text
    told = answer.json()
    assert told["rule"] == rule
    named = {one["values"].get("method") or one["values"].get("sku") for one in told["alternatives"]}
    assert named == alternatives
    assert _stock(shop) == (2, 0)


def test_a_gift_card_pays_when_it_has_enough_and_gets_it_back_when_the_exchange_is_cancelled(shop: Crm) -> None:
    number = _confirm(shop, _exchange(shop, "A-R", payment_method="gift-2"))
    assert _balance(shop, "gift-2") == 9000 - 450
    answer_effects(shop, "payment.charge")
    offer = shop.propose("c1", "return.cancel", number=number).json()
    assert (offer["direction"], offer["amount_minor"], offer["moves"][0]["target"]) == ("refund", 450, "gift-2")
    shop.confirm("c1", offer["id"])
    answer_effects(shop, "payment.refund")
    assert _balance(shop, "gift-2") == 9000
    assert _stock(shop) == (2, 0)
    rest = shop.change("c1", "return.create", order="SD-1", reason="wrong_item")
    # All of the order comes back, and nothing is left of the exchange.
    assert rest["amount_minor"] == 7700


def test_a_charge_that_fails_gives_the_gift_card_its_balance_back_and_opens_a_case(shop: Crm) -> None:
    _confirm(shop, _exchange(shop, "A-R", payment_method="gift-2"))
    answer_effects(shop, "payment.charge", "failed")
    assert _balance(shop, "gift-2") == 9000
    assert payments(shop)[-1] == (450, "gift_card", "failed")
    cases = shop.staff("GET", "/cases").json()["cases"]
    assert [case["kind"] for case in cases] == ["effect_failed"]


def test_saved_methods_are_the_customer_s_not_of_whoever_proved_one_order(shop: Crm) -> None:
    assert shop.verify("c5", "SD-1", postcode="SW1A 1AA").status_code == 200
    same_price = _exchange(shop, "A-S", conversation="c5")
    assert same_price.status_code == 201
    dearer = _exchange(shop, "A-R", conversation="c5", payment_method="card-1")
    assert (dearer.status_code, dearer.json()["level"]) == (403, "customer")


def test_the_last_ones_go_to_one_of_two_who_confirm_at_once(shop: Crm) -> None:
    with shop.records() as session:
        session.scalars(select(Stock)).one().quantity = 1
        session.scalars(select(OrderLine).where(OrderLine.line_number == 1)).one()
    offers = [_exchange(shop, "A-R", payment_method="card-1").json()["id"] for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(lambda offer: shop.confirm("c1", offer).status_code, offers))
    assert codes == [200, 409, 409, 409, 409, 409]
    assert _stock(shop) == (1, 1)
    assert _exchange(shop, "A-R", payment_method="card-1").json()["rule"] == "variant_not_available"


def test_a_rejected_exchange_leaves_everything_as_it_was(shop: Crm) -> None:
    number = _confirm(shop, _exchange(shop, "A-R", payment_method="card-1"))
    answer_effects(shop, "payment.charge")
    body = {"lines": [{"line_number": 1, "accepted_quantity": 0, "condition": "used"}]}
    assert shop.staff("POST", f"/returns/{number}/inspect", json=body).json()["state"] == "rejected"
    assert _stock(shop) == (2, 0)
    assert refunds(shop) == [(450, "card-1", "requested")]


def test_a_shop_may_allow_one_exchange_only(run_crm: CrmRunner) -> None:
    crm = running(run_crm, exchange={"once_only": True, "ship": "at_once"})
    _confirm(crm, _exchange(crm, "A-S"))
    assert effects(crm)[-1] == "exchange.send"
    again = _exchange(crm, "A-S")
    assert again.json()["rule"] == "already_exchanged_once"
    assert [one["key"] for one in again.json()["alternatives"]] == ["return_instead"]
