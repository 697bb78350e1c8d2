"""News of parcels and refunds: for who agreed, on an account that is theirs, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crm_backend.notices.service import make_due
from crm_backend.orders.models import Order
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.conftest import Crm, policies_with
from tests.crm.test_chat_accounts import on


def agree(crm: Crm, conversation: str, *, granted: bool = True) -> int:
    """What the gateway asks when the shopper says so; the status."""
    details = {"purpose": "order_notices", "granted": granted}
    answer = crm.call.post(f"/shopper/{conversation}/proposals", json={"kind": "consent.set", "details": details})
    return answer.status_code


def news(crm: Crm) -> list[dict[str, Any]]:
    """What waits after the job has looked."""
    with crm.records() as session:
        make_due(session, policies_with(), Clock(None, wall=lambda: crm.wall.now))
    waiting: list[dict[str, Any]] = crm.call.get("/chat-notices").json()["notices"]
    return waiting


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """Mina has a parcel that is late from tomorrow on, and writes on WhatsApp."""
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1")
        late = records.order(session, "A1", mina)
        records.shipment(session, late, promised_on=crm.wall.now.date())
        other = records.order(session, "B1", records.customer(session, external_id="other-1"))
        records.shipment(session, other, promised_on=crm.wall.now.date())
    on(crm, "c1")
    crm.identify("c1", crm.sign("mina-1"))
    return crm


def test_a_delay_is_told_once_to_who_agreed(shop: Crm) -> None:
    assert agree(shop, "c1") in {200, 201}
    assert news(shop) == []
    shop.wall.advance(days=1)
    (told,) = news(shop)
    assert (told["conversation_id"], told["kind"], told["details"]["order"]) == ("c1", "parcel_delayed", "A1")
    assert news(shop) == [told], "until the gateway has it"
    assert shop.call.post(f"/chat-notices/{told['id']}/told").status_code == 204
    assert shop.call.post(f"/chat-notices/{told['id']}/told").status_code == 204
    assert news(shop) == []
    on(shop, "c2")
    assert news(shop) == [], "not again in the next conversation"


def test_without_a_yes_or_after_a_no_nothing_is_told(shop: Crm) -> None:
    shop.wall.advance(days=1)
    assert news(shop) == []
    agree(shop, "c1")
    shop.wall.advance(minutes=1)
    agree(shop, "c1", granted=False)
    assert news(shop) == []


def test_nobody_agrees_for_somebody_else(shop: Crm) -> None:
    assert agree(shop, "stranger") == 403


def test_what_was_before_the_yes_and_what_is_old_is_no_news(shop: Crm) -> None:
    with shop.records() as session:
        order = records.order(session, "A2", records.customer(session, external_id="late-1"))
        records.refund(session, order, 500, paid_at=shop.wall.now - timedelta(hours=1))
        records.refund(session, order, 700, paid_at=shop.wall.now + timedelta(hours=1))
    on(shop, "c9", account="9")
    shop.identify("c9", shop.sign("late-1"))
    agree(shop, "c9")
    shop.wall.advance(hours=2)
    assert [each["details"]["amount_minor"] for each in news(shop)] == [700]


def test_a_forgotten_account_is_told_nothing(shop: Crm) -> None:
    agree(shop, "c1")
    shop.call.delete("/shopper/c1/verification")
    shop.wall.advance(days=1)
    assert news(shop) == []


def test_only_programs_with_the_service_token_read_news(shop: Crm) -> None:
    assert shop.call.get("/chat-notices", headers={"Authorization": ""}).status_code == 401


def test_an_account_that_was_forgotten_is_told_nothing_of_what_was_noted_before(shop: Crm) -> None:
    agree(shop, "c1")
    shop.wall.advance(days=1)
    assert len(news(shop)) == 1
    assert shop.call.delete("/shopper/c1/verification").status_code == 204
    assert news(shop) == []


def test_a_link_that_opens_no_record_any_more_is_told_nothing(shop: Crm) -> None:
    agree(shop, "c1")
    shop.wall.advance(days=policies_with().verification.chat_account_days)
    with shop.records() as session:
        order = session.query(Order).filter_by(number="A1").one()
        records.refund(session, order, 500, paid_at=shop.wall.now - timedelta(hours=1))
    assert news(shop) == []
