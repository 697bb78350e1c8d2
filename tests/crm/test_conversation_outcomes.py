"""Whether what a conversation was about is solved, as the desk's figures ask."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from crm_backend.cases.models import Case
from crm_backend.orders.models import Order
from tests.crm import records
from tests.crm.conftest import Crm

STAFF = {"X-Shopdesk-Staff": "insight;read_only"}


def outcome(crm: Crm, conversation: str) -> dict[str, object]:
    answer = crm.call.get(f"/staff/conversations/{conversation}/outcome", headers=STAFF)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_an_open_case_is_not_solved_and_the_same_person_is_known_elsewhere(crm: Crm) -> None:
    with crm.database.write() as session:
        ada = records.customer(session, external_id="ada", email="ada@shop.test")
        records.order(session, "O-1", ada)
        records.order(session, "O-2", ada)
    for conversation, order in (("c1", "O-1"), ("c2", "O-2"), ("c3", None)):
        assert crm.call.put(f"/shopper/{conversation}", json={}).status_code == 204
        if order:
            proof = {"reference": order, "email": "ada@shop.test"}
            assert crm.call.post(f"/shopper/{conversation}/verification", json=proof).status_code == 200
    assert outcome(crm, "c1") == {
        "unsolved": None,
        "others": ["c2"],
        "segments": [],
        "head_starts": {},
        "delivery_trouble": False,
    }
    assert outcome(crm, "c3") == {
        "unsolved": None,
        "others": [],
        "segments": [],
        "head_starts": {},
        "delivery_trouble": False,
    }
    case = {"kind": "question", "note": "Asked twice.", "conversation": "c1"}
    opened = crm.call.post(
        "/staff/cases", json=case, headers={"X-Shopdesk-Staff": "mia;agent", "Idempotency-Key": "k1"}
    )
    assert opened.status_code in {200, 201}, opened.text
    assert outcome(crm, "c1")["unsolved"] == "case_open"
    assert outcome(crm, "c2")["unsolved"] is None
    with crm.database.write() as session:
        session.execute(select(Case)).scalar_one().state = "closed"
    assert outcome(crm, "c1")["unsolved"] is None
    with crm.database.write() as session:
        order = session.execute(select(Order).where(Order.number == "O-2")).scalar_one()
        records.shipment(session, order, state="exception")
        order.placed_at = datetime.now(UTC)
    # Of the same person, whichever of their orders the conversation was opened to.
    assert outcome(crm, "c1")["delivery_trouble"] is True
    assert outcome(crm, "c3")["delivery_trouble"] is False
    assert crm.call.get("/staff/conversations/none/outcome", headers=STAFF).status_code == 404
    assert crm.call.get("/staff/conversations/c1/outcome").status_code in {401, 403}
