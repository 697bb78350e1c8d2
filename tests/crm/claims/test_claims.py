"""Claims about parcels, and asking the carrier."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from crm_backend.cases.models import Case
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order, OrderLine
from crm_backend.shipments.models import Shipment
from tests.crm.changes.conftest import sign_in
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.returns.conftest import effects, fill, refunds, running


def _with(run_crm: CrmRunner, **claims: Any) -> Crm:
    crm = run_crm(policies=policies_with(sections={"claims": claims}))
    fill(crm)
    sign_in(crm)
    return crm


def _on_its_way(crm: Crm, promised: str = "2026-03-03") -> Crm:
    with crm.records() as session:
        session.execute(update(Order).values(state="shipped", promised_on=date.fromisoformat(promised)))
        session.execute(update(Shipment).values(state="in_transit", delivered_at=None))
    return crm


def _claim(crm: Crm, kind: str, conversation: str = "c1", **details: Any) -> Any:
    return crm.propose(conversation, "shipment.claim", order="SD-1", problem=kind, **details)


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    """The delivered order of the returns' tests."""
    return running(run_crm)


def test_what_came_in_place_of_a_line_is_sent_again_when_a_person_says_so(shop: Crm) -> None:
    assert _claim(shop, "wrong_item").json()["rule"] == "which_line"
    offer = _claim(shop, "wrong_item", lines=[{"line_number": 2}], description="A hat").json()
    assert [line["key"] for line in offer["lines"]] == ["claim_wrong_item", "resolve_by_resend"]
    done = shop.confirm("c1", offer["id"]).json()["outcome"]
    assert done["values"]["state"] == "open"
    granted = shop.staff("POST", f"/claims/{done['values']['claim']}/grant", json={})
    assert granted.json()["state"] == "granted", granted.text


def test_a_missing_part_goes_to_a_person_whatever_the_goods_are_worth(run_crm: CrmRunner) -> None:
    rules = {"resolutions": ["resend", "refund"], "automatic_up_to_minor": {"GBP": 100000}}
    crm = _with(run_crm, missing_item=rules)
    offer = _claim(crm, "missing_item", lines=[{"line_number": 2, "quantity": 1}], part="two screws").json()
    assert [line["key"] for line in offer["lines"]] == ["claim_missing_part", "resolve_part_by_resend"]
    assert offer["lines"][0]["values"]["part"] == "two screws"
    done = crm.confirm("c1", offer["id"]).json()["outcome"]
    assert done["values"]["state"] == "open"
    assert crm.staff("GET", "/claims").json()["claims"][0]["evidence"]["part"] == "two screws"
    assert crm.staff("POST", f"/claims/{done['values']['claim']}/grant", json={}).json()["state"] == "granted"
    with crm.database.read() as session:
        (sent,) = session.scalars(select(Effect.payload).where(Effect.kind == "shipment.resend"))
    assert (sent["part"], sent["lines"]) == ("two screws", [])
    assert [(one["line_number"], one["quantity"]) for one in sent["part_of"]] == [(2, 1)]
    with crm.database.read() as session:
        (told,) = session.scalars(select(Case.details).where(Case.kind == "claim_missing_item"))
    assert told["part"] == "two screws"
    assert "worth_minor" not in told


def test_no_money_comes_back_for_a_missing_part_and_nothing_is_cancelled(run_crm: CrmRunner) -> None:
    crm = _with(run_crm, missing_item={"resolutions": ["refund", "resend"]})
    lines = [{"line_number": 2, "quantity": 1}]
    refused = _claim(crm, "missing_item", lines=lines, part="a screw", resolution="refund").json()
    assert refused["rule"] == "resolution_not_offered"
    assert [one["key"] for one in refused["alternatives"]] == ["resolve_part_by_resend", "ask_a_person"]
    offer = _claim(crm, "missing_item", lines=lines, part="a screw").json()
    assert offer["lines"][1]["key"] == "resolve_part_by_resend"
    assert offer["moves"] == []
    claim = crm.confirm("c1", offer["id"]).json()["outcome"]["values"]["claim"]
    assert crm.staff("POST", f"/claims/{claim}/grant", json={"resolution": "refund"}).status_code == 409
    with crm.database.read() as session:
        assert not any(session.scalars(select(OrderLine.cancelled_quantity)))
    assert refunds(crm) == []
    assert crm.staff("POST", f"/claims/{claim}/grant", json={}).json()["state"] == "granted"


def test_a_missing_part_is_a_persons_where_nothing_is_sent_again(run_crm: CrmRunner) -> None:
    crm = _with(run_crm, missing_item={"resolutions": ["refund"]})
    refused = _claim(crm, "missing_item", lines=[{"line_number": 2, "quantity": 1}], part="a screw").json()
    assert [one["key"] for one in refused["alternatives"]] == ["ask_a_person"]


def test_a_damaged_item_goes_to_a_person_who_refunds_it(shop: Crm) -> None:
    offer = _claim(shop, "damaged", lines=[{"line_number": 2}], description="Torn", photos=["img-1"]).json()
    assert offer["direction"] == "none"
    assert "person_decides" in {note["key"] for note in offer["notes"]}
    done = shop.confirm("c1", offer["id"]).json()["outcome"]
    assert done["values"]["state"] == "open"
    assert done["case"] is not None
    assert refunds(shop) == []
    seen = shop.staff("GET", "/claims").json()["claims"]
    assert (seen[0]["evidence"], seen[0]["case"]) == ({"description": "Torn", "photos": ["img-1"]}, done["case"])
    told = shop.call.get("/shopper/c1/claims").json()["claims"]
    assert "evidence" not in told[0]
    assert _claim(shop, "damaged", lines=[{"line_number": 2}]).json()["rule"] == "already_claimed"
    granted = shop.staff("POST", f"/claims/{done['values']['claim']}/grant", json={})
    assert granted.json()["state"] == "granted", granted.text
    assert refunds(shop) == [(2700, "original", "requested")]
    assert shop.staff("POST", f"/claims/{done['values']['claim']}/grant", json={}).status_code == 409
    # What was paid back is not the shopper's to return.
    gone = shop.propose("c1", "return.create", order="SD-1", lines=[{"line_number": 2}], reason="faulty").json()
    assert gone["rule"] == "already_cancelled"


def test_what_is_worth_little_is_refunded_at_once_and_credited(run_crm: CrmRunner) -> None:
    crm = _with(
        run_crm,
        missing_item={
            "resolutions": ["refund", "resend"],
            "automatic_up_to_minor": {"GBP": 1000},
            "compensation_minor": {"GBP": 200},
        },
    )
    offer = _claim(crm, "missing_item", lines=[{"line_number": 3}]).json()
    assert (offer["direction"], offer["amount_minor"]) == ("refund", 900)
    crm.confirm("c1", offer["id"])
    assert refunds(crm) == [(900, "original", "requested")]
    assert effects(crm) == ["payment.refund", "credit.issue"]
    dearer = _claim(crm, "missing_item", lines=[{"line_number": 2}], resolution="resend").json()
    assert dearer["values"]["automatic"] is False


def test_a_parcel_that_is_late_can_be_traced_but_not_before_its_day(run_crm: CrmRunner) -> None:
    crm = _on_its_way(running(run_crm), "2026-03-05")
    early = _claim(crm, "late").json()
    assert (early["rule"], early["values"]) == ("not_late_yet", {"since": "2026-03-05", "until": "2026-03-06"})
    run_crm.wall.advance(days=1)
    crm.identify("c1", crm.sign("mina-1"))
    done = crm.change("c1", "shipment.claim", order="SD-1", problem="late")
    assert [effect["kind"] for effect in done["outcome"]["effects"]] == ["carrier.trace"]
    claim = done["outcome"]["values"]["claim"]
    assert crm.staff("POST", f"/claims/{claim}/grant", json={}).status_code == 409
    assert crm.staff("POST", f"/claims/{claim}/grant", json={"resolution": "resend"}).json()["state"] == "granted"
    assert effects(crm)[-1] == "shipment.resend"


@pytest.mark.parametrize(
    ("kind", "details", "rule"),
    [
        ("late", {}, "already_delivered"),
        ("lost", {}, "already_delivered"),
        ("missing_item", {}, "which_line"),
        ("damaged", {"lines": [{"line_number": 1, "quantity": 3}]}, "more_than_was_sent"),
        ("damaged", {"resolution": "trace"}, "resolution_not_offered"),
    ],
)
def test_a_claim_that_does_not_fit_is_refused(shop: Crm, kind: str, details: dict[str, Any], rule: str) -> None:
    answer = _claim(shop, kind, **details)
    assert (answer.status_code, answer.json()["rule"]) == (409, rule)


def test_others_cannot_claim_and_windows_end(run_crm: CrmRunner) -> None:
    crm = running(run_crm)
    assert _claim(crm, "damaged", conversation="c2").status_code == 404
    assert crm.propose("c2", "shipment.chase", order="SD-1").status_code == 404
    assert _claim(crm, "damaged", tracking_number="OTHER1").status_code == 404
    assert crm.call.get("/shopper/c2/claims").json() == {"claims": []}
    assert crm.staff("GET", "/claims", agent="x;nobody").status_code == 422
    run_crm.wall.advance(days=13)
    crm.identify("c1", crm.sign("mina-1"))
    assert _claim(crm, "damaged").json()["rule"] == "claim_window_over"


def test_the_carrier_is_asked_once_a_day_without_asking_back(run_crm: CrmRunner) -> None:
    crm = running(run_crm)
    assert crm.propose("c1", "shipment.chase", order="SD-1").json()["rule"] == "already_delivered"
    _on_its_way(crm)
    first = crm.propose("c1", "shipment.chase", order="SD-1").json()
    assert (first["state"], effects(crm)) == ("confirmed", ["carrier.chase"])
    again = crm.propose("c1", "shipment.chase", order="SD-1").json()
    assert again["rule"] == "already_chased"
    run_crm.wall.advance(hours=25)
    crm.identify("c1", crm.sign("mina-1"))
    assert crm.propose("c1", "shipment.chase", order="SD-1").status_code == 201


def test_the_warehouse_is_asked_for_what_was_not_sent_and_a_person_sees_to_what_is_overdue(run_crm: CrmRunner) -> None:
    crm = running(run_crm)
    with crm.records() as session:
        session.execute(update(Order).values(state="processing"))
        for shipment in session.scalars(select(Shipment)):
            session.delete(shipment)
        session.execute(update(OrderLine).values(ship_by=run_crm.wall.now + timedelta(hours=5)))
    first = crm.propose("c1", "shipment.chase", order="SD-1").json()
    assert (first["state"], effects(crm)) == ("confirmed", ["warehouse.chase"])
    assert (first["outcome"]["values"]["promise"], first["outcome"]["case"]) == ("promised", None)
    assert crm.propose("c1", "shipment.chase", order="SD-1").json()["rule"] == "already_chased"
    run_crm.wall.advance(hours=25)
    crm.identify("c1", crm.sign("mina-1"))
    overdue = crm.propose("c1", "shipment.chase", order="SD-1").json()["outcome"]
    assert overdue["values"]["promise"] == "overdue"
    assert overdue["case"] is not None


def test_a_wish_about_the_delivery_goes_to_the_carrier_and_to_a_person(run_crm: CrmRunner) -> None:
    crm = running(run_crm)
    wish = {"order": "SD-1", "wish": "day", "on": "2026-12-24", "description": "Please bring it on the 24th"}
    assert crm.propose("c1", "shipment.instruct", **wish).json()["rule"] == "already_delivered"
    _on_its_way(crm)
    assert crm.propose("c1", "shipment.instruct", **{**wish, "on": "2020-01-01"}).json()["rule"] == "day_is_over"
    done = crm.propose("c1", "shipment.instruct", **wish).json()
    assert (done["state"], effects(crm)) == ("confirmed", ["carrier.instruct"])
    assert done["outcome"]["case"] is not None
    assert {note["key"] for note in done["notes"]} == {"person_answers"}


def test_many_who_confirm_one_claim_at_once_are_refunded_once(run_crm: CrmRunner) -> None:
    crm = _with(run_crm, damaged={"resolutions": ["refund"], "by_person": False})
    offers = [_claim(crm, "damaged").json()["id"] for _ in range(5)]
    with ThreadPoolExecutor(10) as pool:
        codes = [answer.status_code for answer in pool.map(lambda offer: crm.confirm("c1", offer), offers * 10)]
    assert (codes.count(200), codes.count(409)) == (10, 40)
    # The postage too: nothing of the order arrived as it should.
    assert refunds(crm) == [(7700, "original", "requested")]
    with crm.database.read() as session:
        assert session.scalars(select(Order.state)).one() == "delivered"
