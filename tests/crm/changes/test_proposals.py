"""Offers and confirmations: what is the same for every kind of change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.models import Refund
from tests.crm import records
from tests.crm.changes.conftest import fill_shop, sign_in
from tests.crm.conftest import Crm, CrmRunner, policies_with

FIFTY = 50


def _cancel(crm: Crm, conversation: str = "c1") -> str:
    offered = crm.propose(conversation, "order.cancel", order="SD-1")
    assert offered.status_code == 201, offered.text
    identifier: str = offered.json()["id"]
    return identifier


def _refunds(crm: Crm) -> list[int]:
    with crm.database.read() as session:
        return list(session.scalars(select(Refund.amount_minor)))


def test_an_offer_changes_nothing_and_its_confirmation_does_what_it_said(shop: Crm) -> None:
    offered = shop.propose("c1", "order.cancel", order="sd1", reason="changed_mind").json()
    assert offered["state"] == "open"
    assert offered["outcome"] is None
    assert (offered["direction"], offered["amount_minor"], offered["currency"]) == ("refund", 7500, "GBP")
    assert offered["moves"] == [
        {
            "direction": "refund", "amount_minor": 7500, "currency": "GBP", "target": "original", "payment": "pay-1",
            "method": "card", "brand": "Visa", "last4": "4242", "instalments": None,
        }
    ]  # fmt: skip
    assert shop.order("c1", "SD-1").json()["state"] == "approved"
    assert _refunds(shop) == []

    done = shop.confirm("c1", offered["id"]).json()
    assert done["state"] == "confirmed"
    assert [effect["kind"] for effect in done["outcome"]["effects"]] == ["order.cancel", "payment.refund"]
    order = shop.order("c1", "SD-1").json()
    assert order["state"] == "cancelled"
    assert [(refund["amount_minor"], refund["state"]) for refund in order["refunds"]] == [(7500, "requested")]
    assert shop.call.get(f"/shopper/c1/proposals/{offered['id']}").json() == done


def test_only_the_conversation_that_was_offered_it_sees_and_confirms_it(shop: Crm) -> None:
    offer = _cancel(shop)
    missing = shop.confirm("c1", "prop_" + "0" * 32)
    assert missing.status_code == 404
    for answer in (
        shop.confirm("c2", offer),
        shop.decline("c2", offer),
        shop.call.get(f"/shopper/c2/proposals/{offer}"),
        shop.propose("c2", "order.cancel", order="SD-1"),
    ):
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert shop.confirm("c1", offer).status_code == 200


def test_who_is_not_verified_hears_what_is_needed_whether_or_not_the_order_exists(shop: Crm) -> None:
    answers = [shop.propose("c3", "order.cancel", order=number) for number in ("SD-1", "SD-999")]
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == 403
    assert answers[0].json()["type"] == "/problems/verification-needed"
    assert answers[0].json()["level"] == "order"


def test_the_policy_says_which_level_a_change_needs(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(sections={"changes": {"order.cancel": {"level": "customer"}}}))
    fill_shop(crm)
    assert crm.verify("c4", "SD-1", postcode="SW1A 1AA").status_code == 200
    refused = crm.propose("c4", "order.cancel", order="SD-1")
    assert (refused.status_code, refused.json()["level"]) == (403, "customer")
    sign_in(crm)
    assert crm.propose("c1", "order.cancel", order="SD-1").status_code == 201


def test_somebody_else_in_the_same_conversation_cannot_confirm(shop: Crm) -> None:
    offer = _cancel(shop)
    assert shop.identify("c1", shop.sign("otto-1")).status_code == 200
    assert shop.confirm("c1", offer).status_code == 404
    assert shop.call.delete("/shopper/c1/verification").status_code == 204
    assert shop.confirm("c1", offer).status_code == 403
    assert shop.identify("c1", shop.sign("mina-1")).status_code == 200
    assert shop.confirm("c1", offer).status_code == 200


def test_fifty_identical_confirmations_give_one_refund(shop: Crm) -> None:
    offer = _cancel(shop)
    with ThreadPoolExecutor(FIFTY) as threads:
        answers = list(threads.map(lambda _: shop.confirm("c1", offer), range(FIFTY)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert _refunds(shop) == [7500]


def test_fifty_identical_requests_under_one_key_give_one_proposal(shop: Crm) -> None:
    def ask(_: int) -> str:
        return shop.propose("c1", "order.cancel", key="m1:1:cancel", order="SD-1").text

    with ThreadPoolExecutor(FIFTY) as threads:
        assert len(set(threads.map(ask, range(FIFTY)))) == 1


def test_of_many_offers_for_one_order_one_is_carried_out(shop: Crm) -> None:
    offers = [_cancel(shop) for _ in range(8)]
    with ThreadPoolExecutor(len(offers)) as threads:
        answers = list(threads.map(lambda offer: shop.confirm("c1", offer), offers))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/proposal-void"}
    assert _refunds(shop) == [7500]


def test_an_offer_is_void_when_the_order_moved_on(shop: Crm) -> None:
    first, second = _cancel(shop), shop.propose("c1", "order.cancel", order="SD-1", lines=[{"line_number": 2}])
    assert shop.confirm("c1", second.json()["id"]).status_code == 200
    void = shop.confirm("c1", first)
    assert (void.status_code, void.json()["type"]) == (409, "/problems/proposal-void")
    assert shop.call.get(f"/shopper/c1/proposals/{first}").json()["state"] == "void"
    assert shop.confirm("c1", first).content == void.content
    assert _refunds(shop) == [3000]


def test_an_offer_expires(shop: Crm) -> None:
    offer = _cancel(shop)
    shop.wall.advance(minutes=14)
    late = _cancel(shop)
    shop.wall.advance(minutes=1)
    assert shop.confirm("c1", offer).status_code == 409
    assert shop.call.get(f"/shopper/c1/proposals/{offer}").json()["state"] == "expired"
    assert shop.confirm("c1", late).status_code == 200


def test_a_declined_offer_cannot_be_confirmed_nor_a_confirmed_one_declined(shop: Crm) -> None:
    offer = _cancel(shop)
    assert shop.decline("c1", offer).json()["state"] == "declined"
    assert shop.decline("c1", offer).json()["state"] == "declined"
    assert shop.confirm("c1", offer).status_code == 409
    assert shop.order("c1", "SD-1").json()["state"] == "approved"
    other = _cancel(shop)
    assert shop.confirm("c1", other).status_code == 200
    assert shop.decline("c1", other).status_code == 409


def test_a_kind_without_confirmation_is_done_at_once(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(sections={"changes": {"order.cancel": {"no_confirmation": True}}}))
    fill_shop(crm)
    sign_in(crm)
    done = crm.propose("c1", "order.cancel", order="SD-1").json()
    assert done["state"] == "confirmed"
    assert crm.order("c1", "SD-1").json()["state"] == "cancelled"


def test_changes_without_confirmation_at_the_same_time_each_see_the_other(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(sections={"changes": {"order.cancel": {"no_confirmation": True}}}))
    fill_shop(crm)
    sign_in(crm)

    def one_mug(_: int) -> int:
        lines = [{"line_number": 1, "quantity": 1}]
        return crm.propose("c1", "order.cancel", order="SD-1", lines=lines).status_code

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(one_mug, range(8))) == [201, 201, *[409] * 6]
    assert sorted(_refunds(crm)) == [2000, 2000]


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(shop: Crm) -> None:
    first = shop.propose("c1", "order.cancel", key="k1", order="SD-1")
    again = shop.propose("c1", "order.cancel", key="k1", order="SD-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    other = shop.propose("c1", "order.cancel", key="k1", order="SD-2")
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "header.Idempotency-Key"
    # Another conversation's keys are its own.
    assert shop.propose("c2", "order.cancel", key="k1", order="SD-1").status_code == 404


def test_a_request_that_failed_can_be_tried_again_under_its_key(shop: Crm) -> None:
    assert shop.propose("c1", "order.cancel", key="k1", order="SD-2").status_code == 404
    with shop.records() as session:
        owner = session.scalars(select(Order.customer_id)).one()
        second = records.order(session, "SD-2", state="approved", total_minor=100)
        second.customer_id = owner
        records.line(session, second, 1, total_minor=100)
    assert shop.propose("c1", "order.cancel", key="k1", order="SD-2").status_code == 201


def test_a_confirmation_under_a_key_is_answered_alike(shop: Crm) -> None:
    offer = _cancel(shop)
    first = shop.confirm("c1", offer, key=offer)
    assert shop.confirm("c1", offer, key=offer).content == first.content
    assert _refunds(shop) == [7500]


def test_details_that_do_not_fit_are_named(shop: Crm) -> None:
    def fields(kind: str, **details: object) -> list[str]:
        answer = shop.propose("c1", kind, **details)
        assert answer.status_code == 422, answer.text
        return [error["field"] for error in answer.json()["errors"]]

    assert fields("order.cancel") == ["body.details.order"]
    assert fields("order.cancel", order="SD-1", customer="otto-1") == ["body.details.customer"]
    assert fields("order.cancel", order="SD-1", lines=[{"line_number": 1, "quantity": 0}]) == [
        "body.details.lines.0.quantity"
    ]
    twice = [{"line_number": 1}, {"line_number": 1}]
    assert fields("order.cancel", order="SD-1", lines=twice) == ["body.details.lines.1.line_number"]
    assert fields("order.explode") == ["body.kind"]
    assert fields("order.address", order="SD-1") == ["body.details"]


def test_what_a_failed_confirmation_wrote_is_gone(shop: Crm) -> None:
    offer = _cancel(shop)
    with shop.records() as session:
        # Behind the CRM's back: the line can no longer lose what the offer takes.
        session.scalars(select(OrderLine).where(OrderLine.line_number == 1)).one().returned_quantity = 1
    assert shop.confirm("c1", offer).status_code == 409
    with shop.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Effect)) == 0
    assert _refunds(shop) == []


def test_agents_make_the_same_change_by_the_same_rules(shop: Crm) -> None:
    body = {"kind": "order.cancel", "details": {"order": "SD-1"}}
    assert shop.call.post("/staff/proposals", json=body).status_code == 403
    assert shop.staff("POST", "/proposals", "ron;read_only", json=body).status_code == 403
    offer = shop.staff("POST", "/proposals", json=body)
    assert offer.status_code == 201, offer.text
    # Neither confirms what the other was offered.
    assert shop.confirm("c1", offer.json()["id"]).status_code == 404
    theirs = _cancel(shop)
    assert shop.staff("GET", f"/proposals/{theirs}").status_code == 200
    assert shop.staff("POST", f"/proposals/{theirs}/confirm").status_code == 404
    done = shop.staff("POST", f"/proposals/{offer.json()['id']}/confirm")
    assert done.json()["state"] == "confirmed"
    assert shop.staff("POST", "/proposals", json=body).json()["rule"] == "already_cancelled"


def test_a_role_can_be_asked_for(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(sections={"changes": {"order.cancel": {"staff_role": "lead"}}}))
    fill_shop(crm)
    body = {"kind": "order.cancel", "details": {"order": "SD-1"}}
    assert crm.staff("POST", "/proposals", "mia;agent", json=body).status_code == 403
    offer = crm.staff("POST", "/proposals", "lea;lead", json=body).json()["id"]
    assert crm.staff("POST", f"/proposals/{offer}/confirm", "mia;agent").status_code == 403
    assert crm.staff("POST", f"/proposals/{offer}/confirm", "ada;admin").status_code == 200
