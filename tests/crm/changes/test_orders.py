"""`order.cancel` and `order.address`: what the shop's rules allow, what comes back and where it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order
from tests.crm import records
from tests.crm.changes.conftest import fill_shop, sign_in
from tests.crm.changes.test_effects import System
from tests.crm.conftest import Crm, CrmRunner, policies_with

Rules = Callable[..., Crm]


@pytest.fixture
def shop_with(run_crm: CrmRunner) -> Rules:
    """The shop under other rules of cancellation, its order with other fields."""

    def start(order: dict[str, Any] | None = None, **rules: Any) -> Crm:
        crm = run_crm(policies=policies_with(sections={"cancellation": rules}))
        fill_shop(crm, **(order or {}))
        sign_in(crm)
        return crm

    return start


def _refusal(crm: Crm, kind: str = "order.cancel", **details: Any) -> tuple[str, list[str]]:
    answer = crm.propose("c1", kind, order="SD-1", **details)
    assert answer.status_code == 409, answer.text
    told = answer.json()
    assert told["type"] == "/problems/refused"
    return told["rule"], [alternative["key"] for alternative in told["alternatives"]]


def _send(crm: Crm, *packed: tuple[int, int], state: str = "in_transit", **fields: Any) -> None:
    """A parcel with so many of each line."""
    with crm.records() as session:
        order = session.scalars(select(Order).where(Order.number == "SD-1")).one()
        parcel = records.shipment(session, order, state=state, **fields)
        for line, quantity in packed:
            records.packed(session, parcel, line, quantity)
        order.version += 1


def test_some_of_a_line_is_cancelled_and_the_rest_stays(shop: Crm) -> None:
    done = shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 1, "quantity": 1}])
    assert done["amount_minor"] == 2000
    assert done["lines"] == [
        {
            "key": "line_cancelled",
            "values": {"line_number": 1, "sku": "A", "title": "Mug", "quantity": 1, "of": 2},
        }
    ]
    order = shop.order("c1", "SD-1").json()
    assert order["state"] == "approved"
    assert [line["cancelled_quantity"] for line in order["lines"]] == [1, 0]
    rule, alternatives = _refusal(shop, lines=[{"line_number": 1, "quantity": 2}])
    assert (rule, alternatives) == ("more_than_is_left", ["cancel_quantity"])


def test_the_last_line_takes_the_shipping_with_it(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 1}])
    last = shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 2}])
    assert last["amount_minor"] == 3500
    assert "shipping_refunded" in [note["key"] for note in last["notes"]]
    assert shop.order("c1", "SD-1").json()["state"] == "cancelled"
    assert _refusal(shop) == ("already_cancelled", [])


@pytest.mark.parametrize(("rule", "part", "whole"), [("never", 3000, 7000), ("always", 3214, 7500)])
def test_shipping_goes_back_as_the_shop_has_it(shop_with: Rules, rule: str, part: int, whole: int) -> None:
    crm = shop_with(refund_shipping=rule)
    assert crm.propose("c1", "order.cancel", order="SD-1", lines=[{"line_number": 2}]).json()["amount_minor"] == part
    assert crm.propose("c1", "order.cancel", order="SD-1").json()["amount_minor"] == whole


def test_a_discount_is_taken_back_in_proportion(shop_with: Rules) -> None:
    crm = shop_with({"total_minor": 6800, "discount_minor": 700})
    # A tenth off the goods: of the scarf at 30.00 the shopper paid 27.00.
    assert crm.propose("c1", "order.cancel", order="SD-1", lines=[{"line_number": 2}]).json()["amount_minor"] == 2700


def test_money_goes_back_the_ways_it_came_in_proportion(shop: Crm) -> None:
    with shop.records() as session:
        order = session.scalars(select(Order)).one()
        order.total_minor = 10_000
        records.payment(session, order, 2500, external_id="gift", method="gift_card", instalments=3)
    moves = shop.propose("c1", "order.cancel", order="SD-1").json()["moves"]
    assert [(move["payment"], move["amount_minor"], move["instalments"]) for move in moves] == [
        ("pay-1", 7500, None),
        ("gift", 2500, 3),
    ]


def test_the_shopper_may_choose_a_gift_card_where_the_shop_offers_it(shop: Crm, shop_with: Rules) -> None:
    offer = shop.propose("c1", "order.cancel", order="SD-1", refund_target="gift_card").json()
    assert [(move["target"], move["payment"]) for move in offer["moves"]] == [("gift_card", None)]


def test_a_target_that_the_shop_does_not_offer_is_refused(shop_with: Rules) -> None:
    crm = shop_with(refund_targets=["gift_card"])
    assert _refusal(crm, refund_target="original") == ("refund_target_not_offered", ["refund_to_gift_card"])
    assert crm.propose("c1", "order.cancel", order="SD-1").json()["moves"][0]["target"] == "gift_card"


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_what_was_not_paid_does_not_go_back(shop: Crm, state: str) -> None:
    with shop.records() as session:
        order = session.scalars(select(Order)).one()
        order.state, order.approved_at = "created", None
        session.execute(records.Payment.__table__.update().values(state=state))
    offer = shop.propose("c1", "order.cancel", order="SD-1").json()
    assert (offer["direction"], offer["moves"]) == ("none", [])
    assert "nothing_was_paid" in [note["key"] for note in offer["notes"]]
    assert [effect["kind"] for effect in shop.confirm("c1", offer["id"]).json()["outcome"]["effects"]] == [
        "order.cancel"
    ]


def test_money_that_is_only_held_is_let_go(shop: Crm) -> None:
    with shop.records() as session:
        session.execute(records.Payment.__table__.update().values(state="authorised"))
    part = shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 2}])
    assert part["direction"] == "none"
    shop.change("c1", "order.cancel", order="SD-1")
    with shop.database.read() as session:
        held = session.scalars(select(Effect).where(Effect.kind == "payment.authorisation").order_by(Effect.id))
        assert [effect.payload["amount_minor"] for effect in held] == [4500, 0]


def test_after_dispatch_the_shop_may_refuse(shop_with: Rules) -> None:
    crm = shop_with({"state": "shipped"})
    assert _refusal(crm) == ("already_dispatched", ["return_after_delivery"])
    _send(crm, (1, 2))
    rule, alternatives = _refusal(crm)
    assert (rule, alternatives) == ("already_dispatched", ["cancel_lines_not_sent", "return_after_delivery"])
    assert crm.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 2}])["amount_minor"] == 3000


def test_after_dispatch_the_shop_may_have_the_parcel_stopped(shop_with: Rules) -> None:
    crm = shop_with({"state": "shipped"}, after_dispatch="intercept")
    _send(crm, (1, 2), (2, 1))
    done = crm.change("c1", "order.cancel", order="SD-1")
    assert [effect["kind"] for effect in done["outcome"]["effects"]] == ["shipment.intercept"]
    assert "only_if_parcel_is_stopped" in [note["key"] for note in done["notes"]]
    order = crm.order("c1", "SD-1").json()
    assert (order["state"], order["refunds"]) == ("shipped", [])

    system = System(crm)
    assert system.answer(system.ids()["shipment.intercept"], "done").status_code == 200
    order = crm.order("c1", "SD-1").json()
    assert (order["state"], [refund["amount_minor"] for refund in order["refunds"]]) == ("cancelled", [7500])
    told = crm.call.get(f"/shopper/c1/proposals/{done['id']}").json()
    assert [effect["kind"] for effect in told["outcome"]["effects"]] == [
        "shipment.intercept", "order.cancel", "payment.refund",
    ]  # fmt: skip


def test_a_parcel_that_could_not_be_stopped_leaves_the_order_and_opens_a_case(shop_with: Rules) -> None:
    crm = shop_with({"state": "shipped"}, after_dispatch="intercept")
    _send(crm, (1, 2))
    _send(crm, (2, 1))
    crm.change("c1", "order.cancel", order="SD-1")
    system = System(crm)
    first, second = (effect["id"] for effect in system.list().json()["effects"])
    assert system.answer(first, "done").status_code == 200
    assert system.answer(second, "failed", error="already out for delivery").status_code == 200
    order = crm.order("c1", "SD-1").json()
    assert (order["state"], order["refunds"]) == ("shipped", [])
    assert [case["kind"] for case in crm.staff("GET", "/cases").json()["cases"]] == ["effect_failed"]


def test_what_is_at_the_door_is_not_stopped(shop_with: Rules) -> None:
    crm = shop_with({"state": "shipped"}, after_dispatch="intercept")
    _send(crm, (1, 2), (2, 1), state="out_for_delivery")
    assert _refusal(crm)[0] == "only_whole_parcels_can_be_stopped"


@pytest.mark.parametrize(
    ("order", "rules", "refused"),
    [
        ({"state": "delivered"}, {}, "already_delivered"),
        ({"state": "cancelled"}, {}, "already_cancelled"),
        ({"state": "processing"}, {"allowed_states": ["created", "approved"]}, "state_not_cancellable"),
        ({}, {"within_hours": 1}, "cancel_window_over"),
        ({"total_minor": None, "approved_at": records.PLACED}, {}, None),
    ],
)
def test_who_may_cancel_when(
    shop_with: Rules, order: dict[str, Any], rules: dict[str, Any], refused: str | None
) -> None:
    crm = shop_with(order, **rules)
    if refused is not None:
        assert _refusal(crm)[0] == refused
    else:
        assert crm.propose("c1", "order.cancel", order="SD-1").status_code == 201


def test_the_shop_may_want_the_whole_or_nothing_once_or_a_reason(shop_with: Rules) -> None:
    crm = shop_with(partial=False, reason_required=True)
    assert _refusal(crm)[0] == "reason_needed"
    assert _refusal(crm, reason="because")[0] == "reason_unknown"
    assert _refusal(crm, reason="too_slow", lines=[{"line_number": 1}])[0] == "cancel_whole_order_only"
    assert crm.propose("c1", "order.cancel", order="SD-1", reason="too_slow").status_code == 201


def test_an_order_may_be_changed_once_only(shop_with: Rules) -> None:
    crm = shop_with(once_only=True)
    first = crm.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 2}])
    assert "cannot_be_changed_again" in [note["key"] for note in first["notes"]]
    assert _refusal(crm)[0] == "already_changed_once"


def test_a_line_of_the_order_that_is_no_goods_cannot_be_cancelled(shop: Crm) -> None:
    with shop.records() as session:
        records.line(session, session.scalars(select(Order)).one(), 3, kind="shipping", total_minor=500)
    assert _refusal(shop, lines=[{"line_number": 3}])[0] == "no_such_line"


# --- Address ----------------------------------------------------------------------------------------------------


def _address(crm: Crm) -> dict[str, Any]:
    with crm.database.read() as session:
        order = session.scalars(select(Order)).one()
        names = ("recipient", "contact_phone", "line1", "city", "postcode", "country", "delivery_note")
        return {name: getattr(order, name) for name in names}


def test_a_new_address_reaches_the_order_and_the_warehouse(shop: Crm) -> None:
    before = _address(shop)
    done = shop.change(
        "c1", "order.address", order="SD-1", line1=" 2  New Street ", city="Leeds", postcode="LS1 4DY",
        recipient="Mina Lee", phone="+44 7700 900123", note="Ring twice",
    )  # fmt: skip
    assert {line["key"] for line in done["lines"]} >= {"line1_changed", "city_changed", "note_changed"}
    assert _address(shop) == {
        "recipient": "Mina Lee", "contact_phone": "+44 7700 900123", "line1": "2 New Street", "city": "Leeds",
        "postcode": "LS1 4DY", "country": "GB", "delivery_note": "Ring twice",
    }  # fmt: skip
    with shop.database.read() as session:
        assert session.scalars(select(Effect)).one().payload["line1"] == "2 New Street"
    # What stood there is told to nobody who has only shown a postcode.
    assert str(before["line1"]) not in str(done)


def test_another_door_in_the_same_street_keeps_the_rest(shop: Crm) -> None:
    shop.change("c1", "order.address", order="SD-1", line1="3 Old Street")
    assert {name: _address(shop)[name] for name in ("line1", "city", "postcode")} == {
        "line1": "3 Old Street", "city": "London", "postcode": "SW1A 1AA",
    }  # fmt: skip


def test_when_an_address_can_be_changed(shop_with: Rules) -> None:
    crm = shop_with()
    assert _refusal(crm, "order.address", country="FR")[0] == "address_in_other_country"
    assert _refusal(crm, "order.address", city="London")[0] == "nothing_would_change"
    _send(crm, (1, 1))
    assert _refusal(crm, "order.address", city="Leeds") == ("already_dispatched", ["ask_carrier"])
    assert crm.propose("c2", "order.address", order="SD-1", city="Leeds").status_code == 404
