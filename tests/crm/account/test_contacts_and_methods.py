"""What else a customer changes of their account: contacts, saved ways to pay, what they like, what is known of them."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from crm_backend.account.models import Customer
from crm_backend.payments.models import PaymentMethod
from tests.crm import records
from tests.crm.account.conftest import fill
from tests.crm.account.test_account import read
from tests.crm.account.test_codes import ask, give, mailbox
from tests.crm.conftest import Crm, CrmRunner, policies_with


@pytest.fixture
def methods(shop: Crm) -> Crm:
    """Mina has a card, an emptied gift card and one with money on it."""
    with shop.records() as session:
        mina = session.query(Customer).filter_by(external_id="mina").one()
        for external_id, balance in (("empty", 0), ("full", 2500)):
            session.add(
                PaymentMethod(
                    customer_id=mina.id, external_id=external_id, kind="gift_card", balance_minor=balance,
                    currency="GBP",
                )
            )  # fmt: skip
    return shop


def code_in(message: dict[str, Any]) -> str:
    found = re.search(r"\d{6}", message["body"])
    return found[0] if found is not None else "none"


def prove(shop: Crm, code: str, conversation: str = "c1") -> httpx.Response:
    return shop.call.post(f"/shopper/{conversation}/contacts/confirm", json={"code": code})


def test_a_new_address_is_proven_by_a_code_and_the_old_one_is_told(shop: Crm) -> None:
    offered = shop.propose("c1", "account.contact", email="mina@new.example").json()
    assert offered["lines"][0]["key"] == "email_changed"
    assert [note["key"] for note in offered["notes"]] == ["code_goes_to_new_contact", "old_contact_is_told"]
    assert mailbox(shop) == []
    confirmed = shop.confirm("c1", offered["id"]).json()
    assert confirmed["outcome"]["values"]["promise"] == "code"
    (sent,) = mailbox(shop)
    assert sent["to"] == "mina@new.example"
    assert prove(shop, "000000" if code_in(sent) != "000000" else "111111").status_code == 404
    assert prove(shop, code_in(sent), "c2").status_code == 404
    # Nor does it open a record.
    assert give(shop, code_in(sent)).status_code == 404
    assert read(shop, "profile")["email"] == "mina@example.org"
    assert prove(shop, code_in(sent)).json() == {"fields": ["email"]}
    assert read(shop, "profile")["email"] == "mina@new.example"
    assert prove(shop, code_in(sent)).status_code == 404, "it works once"
    told = mailbox(shop)[0]
    assert told["to"] == "mina@example.org"
    assert "mina@new.example" not in told["body"]
    # Codes go to the new address from now on, and to the old one no more.
    ask(shop, "c7", to="mina@example.org")
    assert len(mailbox(shop)) == 2
    ask(shop, "c8", to="MINA@new.example")
    assert mailbox(shop)[0]["to"] == "mina@new.example"


def test_a_code_that_opens_a_record_proves_no_new_contact(shop: Crm) -> None:
    shop.confirm("c1", shop.propose("c1", "account.contact", email="mina@new.example").json()["id"])
    ask(shop, "c1", to="mina@example.org")
    assert mailbox(shop)[0]["to"] == "mina@example.org"
    assert prove(shop, code_in(mailbox(shop)[0])).status_code == 404


def test_who_signed_out_proves_nothing(shop: Crm) -> None:
    shop.confirm("c1", shop.propose("c1", "account.contact", email="mina@new.example").json()["id"])
    code = code_in(mailbox(shop)[0])
    shop.call.delete("/shopper/c1/verification")
    assert prove(shop, code).status_code == 404


def test_an_address_of_somebody_else_looks_like_any_other(shop: Crm) -> None:
    with shop.records() as session:
        records.customer(session, external_id="emma", email="emma@example.org")
    answers = []
    for address in ("emma@example.org", "nobody@example.org"):
        offered = shop.propose("c1", "account.contact", email=address).json()
        confirmed = shop.confirm("c1", offered["id"]).json()
        assert mailbox(shop)[0]["to"] == address
        code = code_in(mailbox(shop)[0])
        wrong = prove(shop, "000000" if code != "000000" else "111111")
        told = {"offer": offered, "answer": confirmed}
        for each in told.values():
            for name in ("id", "expires_at"):
                each.pop(name)
        answers.append((str(told).replace(address, "ADDRESS"), wrong.content))
    assert answers[0] == answers[1]
    theirs = mailbox(shop)[1]
    assert (theirs["to"], code_in(theirs)) == ("emma@example.org", "none"), "its owner is told, without a code"
    assert read(shop, "profile")["email"] == "mina@example.org"
    assert shop.propose("c1", "account.contact", email="mina@example.org").json()["rule"] == "nothing_would_change"
    wrong = shop.propose("c1", "account.contact", email="no address")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "body.details.email")


def test_who_tries_address_after_address_is_held_up(shop: Crm) -> None:
    statuses = []
    for number in range(8):
        offered = shop.propose("c1", "account.contact", email=f"n{number}@new.example").json()
        statuses.append(shop.confirm("c1", offered["id"]).status_code)
    assert 429 in statuses
    assert statuses == sorted(statuses)


def test_a_phone_takes_effect_at_once_where_no_code_can_go_there(shop: Crm) -> None:
    shop.change("c1", "account.contact", phone="+44 20 7946 0002")
    assert read(shop, "profile")["phone"] == "+442079460002"


def test_a_saved_method_comes_first_or_is_forgotten(methods: Crm) -> None:
    methods.change("c1", "account.payment_method.default", payment_method="full")
    first = read(methods, "payment-methods")["payment_methods"]
    assert {one["id"]: one["is_default"] for one in first} == {"pm-1": False, "empty": False, "full": True}
    again = methods.propose("c1", "account.payment_method.default", payment_method="full")
    assert again.json()["rule"] == "nothing_would_change"
    methods.change("c1", "account.payment_method.remove", payment_method="pm-1")
    methods.change("c1", "account.payment_method.remove", payment_method="empty")
    assert [one["id"] for one in read(methods, "payment-methods")["payment_methods"]] == ["full"]
    kept = methods.propose("c1", "account.payment_method.remove", payment_method="full").json()
    assert (kept["rule"], kept["values"]["balance_minor"]) == ("gift_card_has_balance", 2500)


def test_when_the_first_method_is_forgotten_the_next_comes_first(methods: Crm) -> None:
    with methods.records() as session:
        mina = session.query(Customer).filter_by(external_id="mina").one()
        session.query(PaymentMethod).filter_by(external_id="pm-1").one().is_default = True
        session.add(PaymentMethod(customer_id=mina.id, external_id="pm-9", kind="card", brand="Visa", last4="9999"))
    offered = methods.propose("c1", "account.payment_method.remove", payment_method="pm-1").json()
    assert offered["notes"] == [
        {"key": "method_follows_as_default", "values": {"method": "card", "brand": "Visa", "last4": "9999"}}
    ]
    # Whoever says yes to an offer that rests on something else gets a new one.
    methods.change("c1", "account.payment_method.remove", payment_method="pm-9")
    assert methods.confirm("c1", offered["id"]).status_code == 409
    methods.change("c1", "account.payment_method.remove", payment_method="pm-1")
    left = read(methods, "payment-methods")["payment_methods"]
    assert {one["id"]: one["is_default"] for one in left} == {"empty": True, "full": False}
    other = methods.propose("c1", "account.payment_method.default", payment_method="full").json()
    methods.confirm("c1", other["id"])
    calm = methods.propose("c1", "account.payment_method.remove", payment_method="empty").json()
    assert calm["notes"] == []


@pytest.mark.parametrize("kind", ["account.payment_method.default", "account.payment_method.remove"])
def test_a_foreign_method_is_no_method(methods: Crm, kind: str) -> None:
    foreign = methods.propose("c2", kind, payment_method="empty")
    missing = methods.propose("c2", kind, payment_method="none")
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert methods.propose("c1", kind, payment_method="empty").status_code == 201


def test_what_was_said_of_tastes_is_kept_once(shop: Crm) -> None:
    for words in ("shoes 38", "no nuts", "Shoes 38"):
        assert shop.propose("c1", "account.preference", words=words).json()["state"] == "confirmed"
    assert sorted(one["words"] for one in read(shop, "preferences")["preferences"]) == [
        "no nuts", "pottery", "shoes 38"
    ]  # fmt: skip
    assert read(shop, "preferences", "c2")["preferences"] == []


def test_a_copy_and_an_erasure_are_asked_for_with_a_receipt(shop: Crm) -> None:
    copy = shop.propose("c1", "account.export").json()
    assert (copy["state"], copy["values"]["days"]) == ("confirmed", 30)
    assert shop.propose("c1", "account.export").json()["outcome"]["values"] == copy["outcome"]["values"]
    erasure = shop.propose("c1", "account.erasure").json()
    assert erasure["state"] == "open"
    receipt = shop.confirm("c1", erasure["id"]).json()["outcome"]["values"]["receipt"]
    assert receipt != copy["outcome"]["values"]["receipt"]
    assert read(shop, "profile")["name"] == "Mina Park", "a lead carries it out, not a conversation"
    assert shop.propose("c9", "account.erasure").status_code == 403


def test_a_complaint_needs_no_proof_and_opens_one_case(shop: Crm) -> None:
    first = shop.propose("c9", "service.report", matter="complaint", about="staff").json()
    again = shop.propose("c9", "service.report", matter="complaint").json()
    assert first["outcome"]["values"] == again["outcome"]["values"]
    other = shop.propose("c9", "service.report", matter="emergency").json()
    assert other["outcome"]["values"]["case"] != first["outcome"]["values"]["case"]


def test_a_review_is_for_who_bought_it(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with())
    fill(crm)
    with crm.records() as session:
        mina = session.query(Customer).filter_by(external_id="mina").one()
        mug = records.variant(session, records.product(session, "Mug"), "M1")
        records.variant(session, records.product(session, "Pan"), "P1")
        order = records.order(session, "SD-2", mina, state="delivered")
        records.line(session, order, 1, sku="M1", variant_id=mug.id)
    crm.propose("c1", "product.review", sku="M1", rating=2, words="Leaks")
    crm.propose("c1", "product.review", sku="m1", rating=4)
    own = read(crm, "reviews")["reviews"]
    assert [(one["title"], one["rating"], one["words"], one["state"]) for one in own] == [
        ("Mug", 4, "Leaks", "pending")
    ]
    assert crm.propose("c1", "product.review", sku="P1", rating=5).json()["rule"] == "review_needs_purchase"
    assert crm.propose("c2", "product.review", sku="M1", rating=5).json()["rule"] == "review_needs_purchase"
    assert crm.propose("c1", "product.review", sku="none", rating=5).status_code == 404
    six = crm.propose("c1", "product.review", sku="M1", rating=6)
    assert (six.status_code, six.json()["errors"][0]["field"]) == (422, "body.details.rating")
