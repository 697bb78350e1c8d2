"""An order placed in the chat: as the shop's policy allows it, priced, charged, told to the shop's systems."""

from __future__ import annotations

from typing import Any

import pytest

from crm_backend.payments.models import PaymentMethod
from crm_backend.stores.models import Stock
from tests.crm import records
from tests.crm.changes.test_effects import System
from tests.crm.conftest import Crm, CrmRunner, policies_with

SAVED = {"mode": "saved_method", "maximum_quantity": 5}


def _shop(run_crm: CrmRunner, ordering: dict[str, Any]) -> Crm:
    crm = run_crm(policies=policies_with(sections={"ordering": ordering, "fulfilment": {"stores": ["WH"]}}))
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1", name="Mina Park")
        records.customer(session, external_id="otto-1")
        records.address(session, mina, external_id="home", line1="1 Old Street", city="London", country="GB")
        session.add(
            PaymentMethod(
                customer_id=mina.id, external_id="card", kind="card", brand="Visa", last4="1111", is_default=True
            )
        )
        mug = records.product(session, "Mug")
        records.variant(session, mug, "A", price_minor=1500, currency="GBP", availability="in_stock")
        records.variant(session, mug, "OUT", price_minor=1500, currency="GBP", availability="out_of_stock")
        warehouse = records.store(session, "WH", external_id="WH")
        session.add(Stock(store_id=warehouse.id, sku="A", sku_key="A", quantity=4))
    for conversation, customer in (("c1", "mina-1"), ("c2", "otto-1")):
        assert crm.identify(conversation, crm.sign(customer)).status_code == 200
    return crm


def _two(sku: str = "A", quantity: int = 2, **more: Any) -> dict[str, Any]:
    return {"lines": [{"sku": sku, "quantity": quantity}], "payment_method": "card", **more}


def test_an_order_is_offered_priced_and_placed_once(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, SAVED)
    offered = crm.propose("c1", "order.place", **_two()).json()
    assert offered["lines"][0]["values"]["quantity"] == 2
    assert (offered["moves"][0]["amount_minor"], offered["moves"][0]["last4"]) == (
        offered["values"]["total_minor"], "1111"
    )  # fmt: skip
    done = crm.confirm("c1", offered["id"]).json()["outcome"]
    number = done["values"]["order"]
    assert crm.confirm("c1", offered["id"]).json()["outcome"] == done
    order = crm.order("c1", number).json()
    assert (order["state"], order["total_minor"]) == ("created", offered["values"]["total_minor"])
    assert order["delivery"]["line1"] == "1 Old Street"
    assert crm.order("c2", number).status_code == 404
    system = System(crm)
    assert {"payment.charge", "order.create"} <= {effect["kind"] for effect in done["effects"]}
    assert system.answer(system.ids()["payment.charge"], "done").status_code == 200
    assert crm.order("c1", number).json()["state"] == "approved"
    unpaid = crm.propose("c1", "order.place", lines=[{"sku": "A", "quantity": 1}]).json()
    assert unpaid["rule"] == "payment_method_needed"
    # It is an order like any other.
    cancelled = crm.change("c1", "order.cancel", order=number)
    assert cancelled["state"] == "confirmed"


def test_goods_that_are_spoken_for_are_not_sold_again(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, SAVED)
    crm.change("c1", "order.place", **_two(quantity=3))
    refused = crm.propose("c1", "order.place", **_two(quantity=2)).json()
    assert refused["rule"] == "variant_not_available"
    assert crm.propose("c1", "order.place", **_two(quantity=1)).status_code == 201


@pytest.mark.parametrize(
    ("ordering", "asked", "rule"),
    [
        ({"mode": "off"}, _two(), "ordering_not_offered"),
        (SAVED, _two("OUT"), "variant_not_available"),
        (SAVED, _two(quantity=6), "too_many_to_order"),
        ({"mode": "checkout_link", "checkout_url": "https://shop.example/buy?s={sku}&n={quantity}"}, _two(),
         "order_at_checkout"),
    ],
)  # fmt: skip
def test_what_the_shop_does_not_take_is_refused_with_its_rule(
    run_crm: CrmRunner, ordering: dict[str, Any], asked: dict[str, Any], rule: str
) -> None:
    crm = _shop(run_crm, ordering)
    refused = crm.propose("c1", "order.place", **asked).json()
    assert refused["rule"] == rule
    if rule == "order_at_checkout":
        assert refused["values"]["url"] == "https://shop.example/buy?s=A&n=2"


def test_a_place_written_out_is_used_once_and_not_kept(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, SAVED)
    place = {"line1": "12 Mill Lane", "city": "York", "postcode": "YO1 7AB"}
    offered = crm.propose("c1", "order.place", **_two(ship_to=place)).json()
    sent_to = next(each["values"] for each in offered["notes"] if each["key"] == "sent_to")
    assert (sent_to["line1"], sent_to["country"], sent_to["recipient"]) == ("12 Mill Lane", "GB", "Mina Park")
    number = crm.confirm("c1", offered["id"]).json()["outcome"]["values"]["order"]
    assert crm.order("c1", number).json()["delivery"]["postcode"] == "YO1 7AB"
    assert len(crm.call.get("/shopper/c1/addresses").json()["addresses"]) == 1
    assert crm.propose("c1", "order.place", **_two(ship_to=place, address="home")).status_code == 422
    assert crm.propose("c1", "order.place", **_two(ship_to={"line1": "12 Mill Lane"})).status_code == 422


def test_who_has_no_address_or_is_nobody_places_nothing(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, SAVED)
    assert crm.propose("c2", "order.place", **_two()).json()["rule"] == "address_needed"
    assert crm.propose("c2", "order.place", **_two(address="home")).status_code == 404
    assert crm.propose("c9", "order.place", **_two()).status_code in {403, 404}
    assert crm.propose("c1", "order.place", **_two("NONE")).status_code == 404


def test_a_guest_gets_the_link_where_the_shop_names_one_and_a_customer_places_the_order(run_crm: CrmRunner) -> None:
    crm = _shop(run_crm, {**SAVED, "checkout_url": "https://shop.example/buy?s={sku}&n={quantity}"})
    refused = crm.propose("c9", "order.place", **_two()).json()
    assert refused["rule"] == "order_at_checkout"
    assert refused["values"]["url"] == "https://shop.example/buy?s=A&n=2"
    assert crm.propose("c1", "order.place", **_two(quantity=1)).status_code == 201
