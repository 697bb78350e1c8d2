"""Returns through the public doors: what may come back, what it brings, where it stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from crm_backend.cases.models import Case
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.ledger import LineMoney, OrderMoney, Paid
from crm_backend.payments.models import Payment, Refund
from crm_backend.payments.repository import set_off_notes
from crm_backend.returns.models import Return
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner
from tests.crm.returns.conftest import RULES, answer_effects, effects, payments, refunds, running, start_return


def _inspect(crm: Crm, number: str, **body: Any) -> dict[str, Any]:
    answer = crm.staff("POST", f"/returns/{number}/inspect", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _returnable(crm: Crm, conversation: str = "c1") -> dict[int, dict[str, Any]]:
    answer = crm.call.get(f"/shopper/{conversation}/orders/SD-1/returnable")
    assert answer.status_code == 200, answer.text
    return {line["line_number"]: line for line in answer.json()["lines"]}


def test_a_line_is_offered_back_with_its_share_of_the_discount_and_the_postage_taken_off(shop: Crm) -> None:
    offer = shop.propose("c1", "return.create", order="SD-1", lines=[{"line_number": 2}], reason="changed_mind").json()
    # 30.00 of 80.00 of goods, for which 72.00 were paid: 27.00; the label is 3.00.
    assert (offer["direction"], offer["amount_minor"]) == ("refund", 2400)
    assert offer["lines"][0]["key"] == "line_returned"
    assert offer["lines"][0]["values"]["worth_minor"] == 2700
    keys = {note["key"]: note["values"] for note in offer["notes"]}
    assert keys["freight_taken_off"] == {"freight_minor": 300, "currency": "GBP"}
    assert {"send_by_label", "condition_as_new", "refund_when_inspected"} <= set(keys)
    assert keys["refund_takes_days"] == {"days": 3}
    assert shop.call.get("/shopper/c1/returns").json() == {"returns": []}


def test_a_return_goes_its_way_from_the_label_to_the_money(shop: Crm) -> None:
    number = start_return(shop, lines=[{"line_number": 2}], reason="faulty", method="own")
    view = shop.call.get("/shopper/c1/returns").json()["returns"][0]
    assert (view["number"], view["state"], view["refund_minor"], view["refunds"]) == (number, "approved", 2700, [])
    done = shop.propose("c1", "return.add_tracking", number=number.lower(), tracking_number="BACK 1", carrier="Evri")
    assert done.json()["state"] == "confirmed"
    assert shop.call.get(f"/shopper/c1/returns/{number}").json()["state"] == "in_transit"
    assert shop.staff("POST", f"/returns/{number}/receive").json()["state"] == "received"
    assert refunds(shop) == []
    assert _inspect(shop, number)["state"] == "refunded"
    assert refunds(shop) == [(2700, "original", "requested")]
    told = shop.call.get(f"/shopper/c1/returns/{number}").json()["refunds"]
    assert (told[0]["state"], told[0]["last4"], told[0]["expected_on"]) == ("requested", "4242", "2026-03-10")
    assert answer_effects(shop, "payment.refund") == 1
    assert shop.call.get(f"/shopper/c1/returns/{number}").json()["refunds"][0]["state"] == "paid"
    assert _returnable(shop)[2]["rule"] == "already_returned"


def test_what_may_come_back_is_told_per_line_and_reason(shop: Crm) -> None:
    lines = _returnable(shop)
    assert lines[1]["quantity"] == 2
    assert lines[1]["allowed"] is True
    verdicts = {one["reason"]: one for one in lines[3]["reasons"]}
    assert verdicts["changed_mind"]["rule"] == "category_not_returnable"
    assert verdicts["faulty"]["allowed"] is True
    assert verdicts["faulty"]["freight"] == "shop"
    # Delivered on 3 March; the fourteenth day after it ends at midnight in London.
    assert {one["until"] for one in lines[1]["reasons"] if one["reason"] == "changed_mind"} == {"2026-03-18T00:00:00Z"}


def test_others_find_neither_the_return_nor_the_order(shop: Crm) -> None:
    number = start_return(shop, lines=[{"line_number": 2}], reason="faulty")
    missing = shop.call.get("/shopper/c1/returns/RT00000000")
    for answer in (
        shop.call.get(f"/shopper/c2/returns/{number}"),
        shop.call.get(f"/shopper/c3/returns/{number}"),
        shop.call.get("/shopper/c2/orders/SD-1/returnable"),
        shop.propose("c2", "return.create", order="SD-1", reason="faulty"),
        shop.propose("c2", "return.cancel", number=number),
        shop.propose("c2", "return.add_tracking", number=number, tracking_number="X12345"),
    ):
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert shop.call.get("/shopper/c2/returns").json() == {"returns": []}
    assert shop.call.get(f"/shopper/c1/returns/{number}").status_code == 200


@pytest.mark.parametrize(
    ("details", "rule", "alternative"),
    [
        ({"lines": [{"line_number": 3}], "reason": "changed_mind"}, "category_not_returnable", "ask_a_person"),
        ({"lines": [{"line_number": 1, "quantity": 3}], "reason": "faulty"}, "more_than_can_come_back",
         "return_quantity"),
        ({"lines": [{"line_number": 2}, {"line_number": 3}], "reason": "changed_mind"}, "category_not_returnable",
         "return_other_lines"),
        ({"lines": [{"line_number": 2}], "reason": "changed_mind", "wish": "repair"}, "not_a_fault", "ask_a_person"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_rule_and_what_is_possible(
    shop: Crm, details: dict[str, Any], rule: str, alternative: str
) -> None:
    answer = shop.propose("c1", "return.create", order="SD-1", **details)
    assert answer.status_code == 409, answer.text
    told = answer.json()
    assert (told["type"], told["rule"]) == ("/problems/refused", rule)
    assert alternative in {one["key"] for one in told["alternatives"]}


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"reason": "because"}, "body.details.reason"),
        ({"reason": "faulty", "lines": [{"line_number": 9}]}, "body.details.lines.0.line_number"),
        ({"reason": "faulty", "lines": [{"line_number": 1}, {"line_number": 1}]}, "body.details.lines.1.line_number"),
        ({"reason": "faulty", "lines": [{"line_number": 1, "reason": "x"}]}, "body.details.lines.0.reason"),
        ({"reason": "faulty", "goodwill": True}, "body.details.goodwill"),
        ({"reason": "faulty", "lines": []}, "body.details.lines"),
    ],
)
def test_what_can_never_be_names_the_field(shop: Crm, details: dict[str, Any], field: str) -> None:
    answer = shop.propose("c1", "return.create", order="SD-1", **details)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_the_window_ends_with_its_last_day_and_a_fault_may_still_be_repaired(run_crm: CrmRunner) -> None:
    run_crm.wall.advance(days=12, hours=11, minutes=59)
    crm = running(run_crm)
    assert crm.propose("c1", "return.create", order="SD-1", reason="changed_mind").status_code == 201
    run_crm.wall.advance(minutes=1)
    late = crm.propose("c1", "return.create", order="SD-1", reason="changed_mind").json()
    assert late["rule"] == "window_over"
    assert late["values"]["days"] == 14
    assert crm.propose("c1", "return.create", order="SD-1", reason="faulty").status_code == 201
    run_crm.wall.advance(days=60)
    crm.identify("c1", crm.sign("mina-1"))
    broken = crm.propose("c1", "return.create", order="SD-1", lines=[{"line_number": 1}], reason="faulty").json()
    assert [one["key"] for one in broken["alternatives"]] == ["repair_under_warranty"]
    repair = crm.change("c1", "return.create", order="SD-1", lines=[{"line_number": 1}], reason="faulty", wish="repair")
    number = repair["outcome"]["values"]["return"]
    assert _inspect(crm, number)["state"] == "inspected"
    assert answer_effects(crm, "return.repair") == 1
    assert crm.call.get(f"/shopper/c1/returns/{number}").json()["state"] == "repaired"
    assert refunds(crm) == []


def test_an_agent_may_leave_the_window_aside(run_crm: CrmRunner) -> None:
    crm = running(run_crm)
    run_crm.wall.advance(days=30)
    wanted = {"kind": "return.create", "details": {"order": "SD-1", "reason": "changed_mind", "goodwill": True}}
    answer = crm.staff("POST", "/proposals", json=wanted)
    assert answer.status_code == 201, answer.text
    # All goods come back: shipping too. 77.00 less the label.
    assert answer.json()["amount_minor"] == 7400


def test_everything_together_brings_everything_back(shop: Crm) -> None:
    first = start_return(shop, lines=[{"line_number": 1, "quantity": 1}], reason="faulty")
    second = start_return(shop, lines=[{"line_number": 1}, {"line_number": 3}], reason="faulty")
    third = start_return(shop, reason="faulty", refund_target="gift_card")
    for number in (first, second, third):
        _inspect(shop, number)
    assert sum(amount for amount, _, _ in refunds(shop)) == 7700
    assert refunds(shop)[-1][1] == "gift_card"
    again = shop.propose("c1", "return.create", order="SD-1", reason="faulty").json()
    assert again["rule"] == "already_returned"


def test_what_did_not_come_back_as_it_should_is_not_paid_for(shop: Crm) -> None:
    number = start_return(shop, lines=[{"line_number": 1}, {"line_number": 2}], reason="faulty")
    body = {"lines": [{"line_number": 1, "accepted_quantity": 1, "condition": "used"}]}
    view = _inspect(shop, number, **body)
    # One mug (18.00) and the scarf (27.00).
    assert refunds(shop) == [(4500, "original", "requested")]
    assert view["lines"][0]["accepted_quantity"] == 1
    none = start_return(shop, lines=[{"line_number": 1}], reason="faulty")
    body = {"lines": [{"line_number": 1, "accepted_quantity": 0, "condition": "damaged"}]}
    assert _inspect(shop, none, **body)["state"] == "rejected"
    assert len(refunds(shop)) == 1
    assert _returnable(shop)[1]["quantity"] == 1
    wrong = shop.staff(
        "POST", f"/returns/{none}/inspect",
        json={"lines": [{"line_number": 1, "accepted_quantity": 1, "condition": "as_new"}]},
    )  # fmt: skip
    assert wrong.status_code == 409


def test_a_cancelled_return_frees_its_goods_and_one_that_was_sent_cannot_be_cancelled(shop: Crm) -> None:
    number = start_return(shop, lines=[{"line_number": 1}], reason="faulty")
    assert _returnable(shop)[1]["rule"] == "already_coming_back"
    assert shop.change("c1", "return.cancel", number=number)["outcome"]["values"]["state"] == "cancelled"
    assert _returnable(shop)[1]["quantity"] == 2
    assert shop.propose("c1", "return.cancel", number=number).json()["rule"] == "return_already_cancelled"
    second = start_return(shop, lines=[{"line_number": 1}], reason="faulty")
    shop.change("c1", "return.add_tracking", number=second, tracking_number="BACK1")
    assert shop.propose("c1", "return.cancel", number=second).json()["rule"] == "return_already_sent"


def test_an_offer_is_void_once_another_return_of_the_order_was_opened(shop: Crm) -> None:
    offers = [
        shop.propose("c1", "return.create", order="SD-1", lines=[{"line_number": 2}], reason="faulty").json()["id"]
        for _ in range(2)
    ]
    assert shop.confirm("c1", offers[0]).status_code == 200
    void = shop.confirm("c1", offers[1])
    assert (void.status_code, void.json()["type"]) == (409, "/problems/proposal-void")


def test_fifty_identical_confirmations_make_one_return(shop: Crm) -> None:
    offer = shop.propose("c1", "return.create", order="SD-1", reason="faulty").json()["id"]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: shop.confirm("c1", offer), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert effects(shop).count("return.expect") == 1
    number = answers[0].json()["outcome"]["values"]["return"]
    with ThreadPoolExecutor(8) as pool:
        inspected = list(
            pool.map(lambda _: shop.staff("POST", f"/returns/{number}/inspect", json={}).status_code, range(8))
        )
    assert sorted(inspected) == [200] + [409] * 7
    assert refunds(shop) == [(7700, "original", "requested")]
    with shop.database.read() as session:
        assert all(line.returned_quantity == line.quantity for line in session.scalars(select(OrderLine)))


def test_a_doubtful_return_waits_for_a_person_and_the_shopper_is_not_told_why(run_crm: CrmRunner) -> None:
    crm = running(run_crm, review={"value_minor": {"GBP": 1000}, "signals": 1})
    number = start_return(crm, lines=[{"line_number": 2}], reason="faulty")
    told = crm.call.get(f"/shopper/c1/returns/{number}")
    assert told.json()["state"] == "requested"
    assert "signal" not in told.text
    assert "high_value" not in told.text
    assert crm.propose("c1", "return.add_tracking", number=number, tracking_number="BACK1").json()["rule"] == (
        "return_not_approved_yet"
    )
    seen = crm.staff("GET", "/returns", params={"state": "requested"}).json()["returns"]
    assert seen[0]["signals"] == {"high_value": 2700}
    with crm.database.read() as session:
        assert session.scalars(select(Case.kind)).all() == ["return_review"]
    assert crm.call.get("/staff/returns").status_code == 403
    assert crm.staff("POST", f"/returns/{number}/approve", agent="ro;read_only").status_code == 403
    assert crm.staff("POST", f"/returns/{number}/approve").json()["state"] == "approved"
    other = start_return(crm, lines=[{"line_number": 1}], reason="faulty")
    assert crm.staff("POST", f"/returns/{other}/reject").json()["state"] == "rejected"
    assert refunds(crm) == []


def test_an_insurance_of_the_freight_pays_for_the_way_back(run_crm: CrmRunner) -> None:
    terms = {**RULES["terms"], "methods": ["own", "label"], "freight_insured_minor": {"GBP": 200}}
    crm = running(run_crm, terms=terms, refund_when="received")

    def offered(method: str) -> dict[str, Any]:
        told = crm.propose(
            "c1", "return.create", order="SD-1", lines=[{"line_number": 2}], reason="changed_mind", method=method
        ).json()
        return {**told, "keys": {note["key"]: note["values"] for note in told["notes"]}}

    label, own = offered("label"), offered("own")
    # Of 3.00 for a label the insurance pays 2.00; a shopper who sends it themselves has up to 2.00 back from it.
    assert label["keys"]["freight_taken_off"]["freight_minor"] == 100
    assert label["keys"]["freight_insured"]["insured_minor"] == 200
    assert own["amount_minor"] == label["amount_minor"] + 100
    number = crm.confirm("c1", own["id"]).json()["outcome"]["values"]["return"]
    assert "return.insurance" not in effects(crm)
    crm.staff("POST", f"/returns/{number}/receive")
    assert effects(crm)[-1] == "return.insurance"


def test_goods_can_be_brought_to_a_store_where_the_shop_takes_them(run_crm: CrmRunner) -> None:
    crm = running(run_crm, terms={**RULES["terms"], "methods": ["label", "store"]}, refund_when="received")
    asked = {"order": "SD-1", "lines": [{"line_number": 2}], "reason": "changed_mind"}
    sent = crm.propose("c1", "return.create", **asked).json()
    offer = crm.propose("c1", "return.create", method="store", **asked).json()
    # Nothing travels: the postage of the label is not taken off.
    assert offer["amount_minor"] == sent["amount_minor"] + 300
    assert "send_by_store" in {note["key"] for note in offer["notes"]}
    number = crm.confirm("c1", offer["id"]).json()["outcome"]["values"]["return"]
    assert crm.call.get(f"/shopper/c1/returns/{number}").json()["method"] == "store"
    assert crm.staff("POST", f"/returns/{number}/receive").status_code == 200
    assert refunds(crm) == [(offer["amount_minor"], "original", "requested")]


def test_a_shop_that_takes_nothing_in_its_stores_says_what_it_takes(run_crm: CrmRunner) -> None:
    refused = running(run_crm).propose(
        "c1", "return.create", order="SD-1", lines=[{"line_number": 2}], reason="changed_mind", method="store"
    )
    assert refused.json()["rule"] == "return_method_not_offered"
    assert "send_by_label" in {one["key"] for one in refused.json()["alternatives"]}


def test_instalments_of_a_refund_are_told_part_by_part(run_crm: CrmRunner) -> None:
    crm = running(run_crm, refund_in_instalments=True, refund_when="received")
    with crm.records() as session:
        from crm_backend.payments.models import Payment

        session.scalars(select(Payment)).one().instalments = 3
    number = start_return(crm, lines=[{"line_number": 2}, {"line_number": 3}], reason="faulty")
    crm.staff("POST", f"/returns/{number}/receive")
    told = crm.call.get(f"/shopper/c1/returns/{number}").json()
    assert told["state"] == "received"
    assert [part["amount_minor"] for part in told["refunds"][0]["instalments"]] == [1200, 1200, 1200]
    assert _inspect(crm, number)["state"] == "refunded"
    assert len(refunds(crm)) == 1


def test_an_order_without_scan_times_has_no_window_to_count(run_crm: CrmRunner) -> None:
    crm = running(run_crm)
    with crm.records() as session:
        from crm_backend.shipments.models import Shipment

        session.scalars(select(Shipment)).one().delivered_at = None
    refused = crm.propose("c1", "return.create", order="SD-1", reason="changed_mind").json()
    assert refused["rule"] == "delivery_date_unknown"
    with crm.records() as session:
        session.scalars(select(Shipment)).one().state = "in_transit"
    assert crm.propose("c1", "return.create", order="SD-1", reason="faulty").json()["rule"] == "not_delivered_yet"
    with crm.database.read() as session:
        assert session.scalars(select(Return)).all() == []


def test_the_rules_are_told_as_data_without_those_that_guard_against_abuse(run_crm: CrmRunner) -> None:
    crm = running(run_crm, review={"value_minor": {"GBP": 99999}})
    answer = crm.call.get("/policies/explain")
    told = answer.json()
    assert told["returns"]["terms"]["window_days"] == 14
    assert told["returns"]["rules"][2]["terms"]["law"] == "seven_days_no_reason"
    assert told["returns"]["rules"][2]["terms"]["freight"] is None
    assert told["modification"]["items_once_only"] is True
    assert told["claims"]["damaged"]["within_days"] == 14
    assert told["changes"]["shipment.chase"]["no_confirmation"] is True
    assert "99999" not in answer.text
    assert "automatic_up_to_minor" not in answer.text


def test_the_postage_goes_back_with_the_last_of_several_returns_to_be_settled(run_crm: CrmRunner) -> None:
    shop = running(run_crm, refund_when="received")
    first = start_return(shop, lines=[{"line_number": 1, "quantity": 1}], reason="faulty")
    second = start_return(shop, lines=[{"line_number": 1, "quantity": 1}], reason="faulty")
    offer = shop.propose("c1", "return.create", order="SD-1", reason="faulty").json()
    assert offer["amount_minor"] == 3600  # 40.00 less its share of the discount, no postage yet
    assert ("shipping_refunded_last", 500) in [
        (one["key"], one["values"].get("shipping_minor")) for one in offer["notes"]
    ]
    last = shop.confirm("c1", offer["id"]).json()["outcome"]["values"]["return"]
    for number, amounts in ((last, 3600), (first, 1800), (second, 2300)):
        assert shop.staff("POST", f"/returns/{number}/receive").status_code == 200
        with shop.database.read() as session:
            assert (
                sum(
                    refund.amount_minor
                    for refund in session.scalars(select(Refund).join(Return, Return.id == Refund.return_id))
                    if session.get_one(Return, refund.return_id).number == number
                )
                == amounts
            )
    assert sum(amount for amount, _, _ in refunds(shop)) == 7700


def test_the_postage_stays_when_one_of_the_returns_is_withdrawn(run_crm: CrmRunner) -> None:
    shop = running(run_crm, refund_when="received")
    mug = start_return(shop, lines=[{"line_number": 1, "quantity": 2}], reason="faulty")
    rest = start_return(shop, reason="faulty")
    assert shop.staff("POST", f"/returns/{rest}/receive").status_code == 200
    shop.change("c1", "return.cancel", number=mug)
    assert sum(amount for amount, _, _ in refunds(shop)) == 3600
    # Given back later after all, they are the last.
    again = start_return(shop, lines=[{"line_number": 1, "quantity": 2}], reason="faulty")
    assert shop.staff("POST", f"/returns/{again}/receive").status_code == 200
    assert sum(amount for amount, _, _ in refunds(shop)) == 7700


_DEARER: dict[str, Any] = {
    "order": "SD-1",
    "reason": "faulty",
    "lines": [{"line_number": 1, "quantity": 1, "sku": "A-R"}],
    "payment_method": "card-1",
}
_CHANGED_MIND: dict[str, Any] = {"order": "SD-1", "lines": [{"line_number": 2}], "reason": "changed_mind"}


def test_a_surcharge_that_is_asked_for_is_not_taken_off_a_later_refund_too(shop: Crm) -> None:
    shop.change("c1", "return.exchange", **_DEARER)
    offer = shop.propose("c1", "return.create", **_CHANGED_MIND).json()
    assert (offer["lines"][0]["values"]["worth_minor"], offer["amount_minor"]) == (2700, 2400)
    assert not {"awaited_set_off", "unpaid_set_off"} & {note["key"] for note in offer["notes"]}
    number = shop.confirm("c1", offer["id"]).json()["outcome"]["values"]["return"]
    answer_effects(shop, "payment.charge")
    assert refunds(shop) == []
    assert shop.staff("POST", f"/returns/{number}/receive").status_code == 200
    _inspect(shop, number)
    # To both payments, as they have something left.
    assert sum(amount for amount, _, _ in refunds(shop)) == 2400


def test_a_surcharge_that_has_not_come_is_kept_back_when_goods_are_settled_and_paid_out_when_it_comes(
    shop: Crm,
) -> None:
    shop.change("c1", "return.exchange", **_DEARER)
    number = start_return(shop, **{key: value for key, value in _CHANGED_MIND.items() if key != "order"})
    charged = sum(amount for amount, _, state in payments(shop) if state == "authorised")
    assert charged > 0
    answer_effects(shop, "payment.charge", "failed")
    assert shop.staff("POST", f"/returns/{number}/receive").status_code == 200
    _inspect(shop, number)
    assert refunds(shop) == [(2400 - charged, "original", "requested")]
    with shop.database.read() as session:
        (failed,) = session.scalars(select(Effect.public_id).where(Effect.kind == "payment.charge")).all()
    assert shop.staff("POST", f"/effects/{failed}/retry").status_code < 300
    answer_effects(shop, "payment.charge")
    assert [amount for amount, _, _ in refunds(shop)] == [2400 - charged, charged]


def test_where_the_refund_is_sent_at_once_what_waits_for_a_surcharge_is_said(run_crm: CrmRunner) -> None:
    shop = running(run_crm, refund_when="approved")
    shop.change("c1", "return.exchange", **_DEARER)
    offer = shop.propose("c1", "return.create", **_CHANGED_MIND).json()
    (waits,) = [note["values"]["unpaid_minor"] for note in offer["notes"] if note["key"] == "awaited_set_off"]
    assert (offer["lines"][0]["values"]["worth_minor"], offer["amount_minor"]) == (2700, 2400 - waits)
    assert shop.confirm("c1", offer["id"]).status_code == 200
    answer_effects(shop, "payment.charge")
    assert [amount for amount, _, _ in refunds(shop)] == [2400 - waits, waits]


def test_what_was_never_asked_for_does_not_follow_when_a_surcharge_comes(run_crm: CrmRunner) -> None:
    shop = running(run_crm, refund_when="approved")
    shop.change("c1", "return.exchange", **_DEARER)
    with shop.records() as session:
        session.execute(update(Payment).where(Payment.external_id == "pay-1").values(amount_minor=7600))
    offer = shop.propose("c1", "return.create", **_CHANGED_MIND).json()
    assert {"awaited_set_off", "unpaid_set_off"} & {note["key"] for note in offer["notes"]} == {"unpaid_set_off"}


@pytest.mark.parametrize(("paid", "key"), [(10000, "unpaid_set_off"), (13000, "awaited_set_off")])
def test_a_small_set_off_follows_only_where_all_that_is_unpaid_was_asked_for(shop: Crm, paid: int, key: str) -> None:
    """Worth 180.00, 50.00 of it asked for: of the rest nothing is on its way."""
    with shop.records() as session:
        order = session.scalars(select(Order)).one()
        session.execute(update(Payment).values(amount_minor=paid))
        mine = Effect(
            public_id="charge-1", kind="payment.charge", order_id=order.id, payload={}, created_at=records.PLACED
        )
        session.add(mine)
        session.flush()
        records.payment(session, order, 5000, external_id="own", state="authorised", effect_id=mine.id)
    with shop.database.read() as session:
        order = session.scalars(select(Order)).one()
        money = OrderMoney(
            total_minor=18000,
            shipping_minor=0,
            lines=[LineMoney(1, 1, 0, 3000), LineMoney(2, 1, 0, 15000)],
            paid=(Paid("pay-1", paid, 0),),
            refunded_minor=0,
        )
        (note,) = set_off_notes(session, order, money, {1: 1})
    assert (note.key, note.values["unpaid_minor"]) == (key, 3000)
