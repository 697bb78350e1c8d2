"""One's own account: read by its owner alone, changed by offers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from crm_backend.account.models import Address, Customer
from crm_backend.account.service import months_before, tiers
from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import Unit
from crm_backend.identity.access import EVERYTHING
from crm_backend.policies.loyalty import LoyaltyRules
from crm_backend.products.models import Variant
from crm_backend.products.notices import request_due
from tests.crm import records
from tests.crm.account.conftest import fill
from tests.crm.conftest import Crm, CrmRunner, policies_with

READS = ("profile", "addresses", "payment-methods", "consents", "loyalty", "vouchers", "preferences")

TIERS = [
    {"key": "bronze", "name": {"en": "Bronze"}, "from_points": 0},
    {"key": "silver", "name": {"en": "Silver"}, "from_points": 200},
    {"key": "gold", "name": {"en": "Gold"}, "from_points": 600},
]


def read(crm: Crm, what: str, conversation: str = "c1") -> dict[str, Any]:
    answer = crm.call.get(f"/shopper/{conversation}/{what}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("what", READS)
def test_an_account_is_its_owners(shop: Crm, what: str) -> None:
    own = read(shop, what)
    others = read(shop, what, "c2")
    assert own != others
    shop.verify("c3", "SD-1", email="mina@example.org")
    assert shop.verification("c3")["level"] == "order"
    nobody = shop.call.get(f"/shopper/c4/{what}")
    one_order = shop.call.get(f"/shopper/c3/{what}")
    assert nobody.status_code == one_order.status_code == 404
    assert nobody.content == one_order.content


def test_what_an_account_holds(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(sections={"loyalty": {"tiers": TIERS}}))
    fill(crm)
    assert read(crm, "profile")["name"] == "Mina Park"
    assert read(crm, "payment-methods")["payment_methods"][0]["last4"] == "4242"
    consents = read(crm, "consents")
    assert [(one["purpose"], one["granted"]) for one in consents["present"]] == [("marketing", False)]
    assert len(consents["history"]) == 2
    points = read(crm, "loyalty")
    assert (points["balance"], points["counted"], points["tier"]["key"]) == (550, 250, "silver")
    assert (points["next_tier"]["key"], points["points_to_next"]) == ("gold", 350)
    vouchers = {one["code"]: (one["usable"], one["reason"]) for one in read(crm, "vouchers")["vouchers"]}
    assert vouchers == {"TEN": (True, None), "OLD": (False, "expired"), "USED": (False, "used")}


def test_the_address_book_is_changed_by_offers(shop: Crm) -> None:
    offered = shop.propose("c1", "account.address.add", line1="2 New Road", city="Leeds", postcode="ls1 1aa").json()
    assert offered["lines"][0]["values"]["country"] == "GB"
    assert len(read(shop, "addresses")["addresses"]) == 1
    done = shop.confirm("c1", offered["id"]).json()
    added = done["outcome"]["values"]["address"]
    assert done["outcome"]["effects"][0]["kind"] == "customer.changed"
    shop.change("c1", "account.address.change", address=added, recipient="Mr. Park", is_default=True)
    book = read(shop, "addresses")["addresses"]
    assert [(one["city"], one["recipient"], one["is_default"]) for one in book] == [
        ("Leeds", "Mr. Park", True), ("London", None, False)
    ]  # fmt: skip
    shop.change("c1", "account.address.remove", address=added)
    assert [(one["id"], one["is_default"]) for one in read(shop, "addresses")["addresses"]] == [("home", True)]


def test_what_would_change_nothing_is_refused(shop: Crm) -> None:
    same = {"line1": "1 Old Street", "city": "London", "postcode": "EC1V 9AA"}
    assert shop.propose("c1", "account.address.add", **same).json()["rule"] == "address_is_there_already"
    unchanged = shop.propose("c1", "account.address.change", address="home", city="London")
    assert unchanged.json()["rule"] == "nothing_would_change"
    assert shop.propose("c1", "account.profile", given_name="Mina").json()["rule"] == "nothing_would_change"


def test_another_customers_address_is_no_address(shop: Crm) -> None:
    foreign = shop.propose("c2", "account.address.remove", address="home")
    missing = shop.propose("c2", "account.address.remove", address="none")
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert shop.propose("c9", "account.address.remove", address="home").status_code == 403


def test_an_offer_is_void_when_the_address_changed_meanwhile(shop: Crm) -> None:
    offered = shop.propose("c1", "account.address.change", address="home", city="Leeds").json()
    with shop.records() as session:
        session.execute(update(Address).where(Address.external_id == "home").values(city="York"))
    assert shop.confirm("c1", offered["id"]).json()["type"] == "/problems/proposal-void"


def test_the_profile_is_changed(shop: Crm) -> None:
    shop.change("c1", "account.profile", name="Mina Berg", language="zh")
    assert (read(shop, "profile")["name"], read(shop, "profile")["language"]) == ("Mina Berg", "zh")
    empty = shop.propose("c1", "account.profile")
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "body.details")


def test_consent_needs_no_confirmation_and_is_history(shop: Crm) -> None:
    done = shop.propose("c1", "consent.set", purpose="marketing", channel="email", granted=True).json()
    assert done["state"] == "confirmed"
    consents = read(shop, "consents")
    assert [(one["granted"], one["origin"]) for one in consents["present"]] == [(True, "chat")]
    assert len(consents["history"]) == 3


def test_a_notice_is_set_once_and_asked_for_when_goods_are_back(shop: Crm) -> None:
    with shop.records() as session:
        mug = records.product(session, "Mug")
        for sku, availability in (("M1", "out_of_stock"), ("M2", "in_stock"), ("M3", "discontinued")):
            records.variant(session, mug, sku, availability=availability)
    first = shop.propose("c1", "product.notify", sku="m1").json()
    again = shop.propose("c1", "product.notify", sku="M1").json()
    assert first["state"] == "confirmed"
    assert first["outcome"]["values"] == again["outcome"]["values"]
    assert [one["purpose"] for one in read(shop, "consents")["present"]] == ["marketing", "stock_notice"]
    assert shop.propose("c1", "product.notify", sku="M2").json()["rule"] == "can_be_bought_now"
    assert shop.propose("c1", "product.notify", sku="M3").json()["rule"] == "will_not_come_back"
    assert shop.propose("c1", "product.notify", sku="M9").status_code == 404
    unreachable = shop.propose("c2", "product.notify", sku="M1")
    assert unreachable.json()["errors"][0]["field"] == "body.details.channel"
    held = shop.app.state.resources
    asked = []
    for availability in ("out_of_stock", "in_stock", "in_stock"):
        with shop.records() as session:
            session.execute(update(Variant).where(Variant.sku == "M1").values(availability=availability))
            unit = Unit(session, held.policies, held.clock, Actor("system", "jobs"), EVERYTHING)
            asked.append((request_due(unit), [effect.kind for effect in unit.effects]))
    assert asked == [(0, []), (1, ["customer.notify_back_in_stock"]), (0, [])]


def test_an_agent_changes_the_account_of_a_buyer(shop: Crm) -> None:
    body = {"kind": "consent.set", "details": {"purpose": "marketing", "granted": True, "order": "SD-1"}}
    assert shop.staff("POST", "/proposals", json=body).json()["state"] == "confirmed"
    assert len(read(shop, "consents")["history"]) == 3
    with shop.database.read() as session:
        assert session.scalars(select(Customer).where(Customer.external_id == "otto")).one().name is None


@given(st.integers(0, 2000))
def test_tiers_rise_with_points(points: int) -> None:
    rules = LoyaltyRules.model_validate({"tiers": TIERS})
    tier, following = tiers(rules, points)
    assert tier is not None
    assert tier.from_points <= points
    assert following is None or following.from_points > points


def test_months_are_counted_by_the_calendar() -> None:
    assert months_before(datetime(2026, 3, 31, tzinfo=UTC), 1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_before(datetime(2026, 1, 5, tzinfo=UTC), 12) == datetime(2025, 1, 5, tzinfo=UTC)
