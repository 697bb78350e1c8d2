"""Verifying by a full name without a number: with a postcode of one's own address book, or with an e-mail address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select, text

from crm_backend.account.models import Address, Customer
from crm_backend.encryption.rows import prepare
from crm_backend.orders.models import Order
from crm_backend.pipeline.exporting import export_folder
from crm_backend.pipeline.importing import ImportOptions, import_folder
from crm_backend.unify.models import Profile, ProfileMember
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with

CLEO = {"name": "Cleo Park", "postcode": "02134"}
CLEO_BY_MAIL = {"name": "Cleo Park", "email": "cleo@example.org"}


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    crm = run_crm(policies=policies_with(name_and_postcode=True, countries_without_postcode=["CN"]))
    with crm.records() as session:
        cleo = records.customer(
            session, external_id="CLEO", name="Cleo Park", given_name="Cleo", email="cleo@example.org", country="US"
        )
        records.address(session, cleo, external_id="HOME", recipient="Cleo Park", postcode="02134")
        records.address(session, cleo, recipient="Mum Park", postcode="K1 1AA", country="CA")
        for number, day, kind, recipient in (
            ("C-1", "2026-01-05", "sale", "Cleo Park"),
            ("C-2", "2026-02-05", "sale", "Tom Present"),
            ("C-3", "2026-02-07", "credit_note", "Cleo Park"),
        ):
            records.order(
                session, number, cleo, recipient=recipient, kind=kind, postcode="94105", country="US",
                placed_at=records.instant(f"{day}T09:00Z"),
            )  # fmt: skip
        for one, (name, postcode, country) in enumerate(
            (
                ("Sam Smith", "E1 6AN", "GB"),
                ("Sam Smith", "E1 6AN", "GB"),
                ("Mei Lin", "N7 8LU", "GB"),
                ("Mei Lin", "N7 8LU", "GB"),
                ("王小明", "200040", "CN"),
                ("Gil Guest", "N1 9GU", "GB"),
            )
        ):
            customer = records.customer(session, name=name, email=f"c{one}@example.org", country=country)
            records.address(session, customer, postcode=postcode, country=country)
            records.order(session, f"N-{one}", customer, placed_at=records.instant(f"2026-01-1{one}T09:00Z"))
        nora = records.customer(session, name="Nora None", email="nora@example.org")
        records.address(session, nora, postcode="W1 1AA")
        records.order(
            session, "G-1", contact_name="Gil Guest", contact_email="gil@example.org", postcode="N1 9GU", country="GB"
        )
        records.order(session, "G-2", recipient="Rae Only", contact_email="rae@example.org")
        records.order(session, "W-1", cleo, contact_name="Office Hand", contact_email="office@example.org")
    return crm


def ask(crm: Crm, conversation: str, **proof: str) -> Any:
    return crm.call.post(f"/shopper/{conversation}/verification", json=proof)


OPENED = {
    "at home": (CLEO, "W-1"),
    "zero dropped": ({"name": "park CLEO", "postcode": "2134"}, "W-1"),
    "four more digits": ({"name": "Cleo Park", "postcode": "02134-1234"}, "W-1"),
    "another address of the book": ({"name": "Cleo Park", "postcode": "k11aa"}, "W-1"),
    "customer's e-mail": ({"name": "Cleo Park", "email": " CLEO@example.org"}, "W-1"),
    "order's e-mail, contact's name": ({"name": "Office Hand", "email": "office@example.org"}, "W-1"),
    "order's e-mail, customer's name": ({"name": "Cleo Park", "email": "office@example.org"}, "W-1"),
    "guest's e-mail": ({"name": "Gil Guest", "email": "gil@example.org"}, "G-1"),
    "guest who is only a recipient": ({"name": "Rae Only", "email": "rae@example.org"}, "G-2"),
    "one of two by e-mail": ({"name": "Sam Smith", "email": "c1@example.org"}, "N-1"),
    "no postcode needed": ({"name": "王小明", "email": "c4@example.org"}, "N-4"),
}

REFUSED = {
    "wrong postcode": {"name": "Cleo Park", "postcode": "02135"},
    "wrong name": {"name": "Cleo Bark", "postcode": "02134"},
    "half a name": {"name": "Cleo", "postcode": "02134"},
    "nobody": {"name": "Nobody Here", "postcode": "02139"},
    "who a present goes to": {"name": "Mum Park", "postcode": "K1 1AA"},
    "an order's present with a book's postcode": {"name": "Tom Present", "postcode": "02134"},
    "two people": {"name": "Sam Smith", "postcode": "E1 6AN"},
    "a customer and a guest": {"name": "Gil Guest", "postcode": "N1 9GU"},
    "no postcode serves there": {"name": "王小明", "postcode": "200040"},
    "no order": {"name": "Nora None", "postcode": "W1 1AA"},
    "nothing in the postcode": {"name": "Cleo Park", "postcode": "-"},
    "wrong e-mail": {"name": "Cleo Park", "email": "c1@example.org"},
    "wrong name, e-mail": {"name": "Mina Park", "email": "cleo@example.org"},
    "recipient with the buyer's e-mail": {"name": "Tom Present", "email": "cleo@example.org"},
    "half a name, e-mail": {"name": "Cleo", "email": "cleo@example.org"},
    "nobody's e-mail": {"name": "Cleo Park", "email": "nobody@example.org"},
    "nothing in the e-mail": {"name": "Cleo Park", "email": " "},
    "no order, e-mail": {"name": "Nora None", "email": "nora@example.org"},
}


def test_a_name_with_a_postcode_at_home_or_an_email_opens_the_newest_order(shop: Crm) -> None:
    for place, (why, (proof, number)) in enumerate(OPENED.items()):
        answer = ask(shop, f"c{place}", **proof)
        assert answer.status_code == 200, why
        told = answer.json()
        assert (told["level"], told["method"], told["order_number"], told["display_name"]) == (
            "order", "name_postcode", number, None,
        ), why  # fmt: skip


def test_every_refusal_is_the_same_bytes_after_as_many_statements(shop: Crm) -> None:
    answers: set[bytes] = set()
    work: dict[bool, set[int]] = {}
    seen: list[str] = []
    engine = shop.app.state.resources.database.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for number, (why, proof) in enumerate(REFUSED.items()):
        shop.start(f"c{number}")
        shop.wall.advance(minutes=6)
        seen.clear()
        answer = ask(shop, f"c{number}", **proof)
        assert answer.status_code == 404, why
        answers.add(answer.content)
        work.setdefault("email" in proof, set()).add(len(seen))
        assert shop.orders(f"c{number}") == []
    event.remove(engine, "before_cursor_execute", note)
    assert answers == {shop.verify("d", "none", postcode="SW1A 1AA").content}
    assert {by_email: len(counts) for by_email, counts in work.items()} == {True: 1, False: 1}, work
    assert ask(shop, "e", **CLEO).status_code == 200
    assert ask(shop, "f", **CLEO_BY_MAIL).status_code == 200


@pytest.mark.parametrize("proof", [CLEO, CLEO_BY_MAIL], ids=["postcode", "email"])
def test_the_level_is_the_policys(shop: Crm, run_crm: CrmRunner, proof: dict[str, str]) -> None:
    levels = {"name_postcode": "customer", "email": "customer"}
    whole = run_crm(policies=policies_with(name_and_postcode=True, levels=levels))
    told = ask(whole, "c", **proof).json()
    assert (told["level"], told["display_name"]) == ("customer", "Cleo")
    assert {one["number"] for one in whole.orders("c")} >= {"C-1", "C-2", "W-1"}
    other = ask(whole, "d", name="Office Hand", email="office@example.org").json()
    assert (other["level"], other["order_number"], other["display_name"]) == ("order", "W-1", None)
    assert [one["number"] for one in whole.orders("d")] == ["W-1"]
    strict = ask(run_crm(), "e", **proof)
    assert strict.status_code == 422
    assert [one["field"] for one in strict.json()["errors"]] == ["body.name"]


@pytest.mark.parametrize(
    ("levels", "by_postcode", "by_email"),
    [
        ({"name_postcode": "customer"}, "customer", "order"),
        ({"email": "customer"}, "order", "order"),
        ({"name_postcode": "customer", "email": "customer", "postcode": "order"}, "customer", "customer"),
    ],
)
def test_an_email_opens_no_more_beside_a_name_than_beside_a_number(
    shop: Crm, run_crm: CrmRunner, levels: dict[str, str], by_postcode: str, by_email: str
) -> None:
    crm = run_crm(policies=policies_with(name_and_postcode=True, levels=levels))
    assert ask(crm, "c", **CLEO).json()["level"] == by_postcode
    assert ask(crm, "d", **CLEO_BY_MAIL).json()["level"] == by_email
    assert (len(crm.orders("d")) > 1) == (by_email == "customer")


def test_an_email_serves_beside_a_name_only_where_it_is_a_proof(shop: Crm, run_crm: CrmRunner) -> None:
    """A shop that never took addresses for a proof does not begin to because it takes names."""
    strict = run_crm(policies=policies_with(name_and_postcode=True, proofs=["postcode"]))
    answer = ask(strict, "c", **CLEO_BY_MAIL)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["body.email"]
    assert ask(strict, "c", **CLEO).status_code == 200
    assert ask(shop, "d", **CLEO_BY_MAIL).status_code == 200


def test_guessing_names_for_an_address_is_limited_across_conversations(shop: Crm) -> None:
    names = ("Ann Park", "Bea Park", "Cal Park", "Dan Park")
    guesses = [ask(shop, f"g{number}", name=name, email="Cleo@example.org ") for number, name in enumerate(names)]
    assert [guess.status_code for guess in guesses] == [404] * 4
    assert ask(shop, "late", **CLEO_BY_MAIL).status_code == 429
    assert ask(shop, "other", name="Gil Guest", email="gil@example.org").status_code == 200
    assert ask(shop, "way", **CLEO).status_code == 200
    shop.wall.advance(minutes=6)
    assert ask(shop, "late", **CLEO_BY_MAIL).status_code == 200


def test_what_is_no_name_uses_up_nobody_elses_tries(shop: Crm) -> None:
    for number in range(4):
        assert ask(shop, f"g{number}", name="Test Test", postcode="02134").status_code == 404
    assert ask(shop, "g9", name="Guest", postcode="02134").status_code == 404
    assert ask(shop, "g5", name="test test", postcode="02134").status_code == 429


def test_guesses_of_both_ways_are_counted_together_by_the_name(shop: Crm) -> None:
    guesses = [
        ask(shop, "g0", name="Cleo Park", postcode="02130"),
        ask(shop, "g1", name="park cleo", email="cleo@example.com"),
        ask(shop, "g2", name="Cleo Park", email="cleo@example.net"),
        ask(shop, "g3", name="Cleo Park", postcode="02131"),
    ]
    assert [guess.status_code for guess in guesses] == [404] * 4
    assert ask(shop, "late", **CLEO_BY_MAIL).status_code == 429
    assert ask(shop, "later", **CLEO).status_code == 429
    shop.wall.advance(minutes=6)
    assert ask(shop, "late", **CLEO_BY_MAIL).status_code == 200


def test_customers_of_one_profile_are_one_person(shop: Crm) -> None:
    mei = {"name": "Mei Lin", "postcode": "N7 8LU"}
    assert ask(shop, "c", **mei).status_code == 404
    with shop.records() as session:
        profile = Profile(public_id="profile_mei", created_at=records.PLACED)
        session.add(profile)
        session.flush()
        both = session.scalars(select(Customer.id).where(Customer.name_key == "lin mei")).all()
        session.add_all(ProfileMember(customer_id=one, profile_id=profile.id) for one in both)
    told = ask(shop, "d", **mei)
    assert (told.status_code, told.json().get("order_number")) == (200, "N-3")
    with shop.records() as session:
        session.execute(delete(ProfileMember))
    assert ask(shop, "e", **mei).status_code == 404


def test_a_changed_name_or_address_changes_what_is_found(shop: Crm) -> None:
    with shop.records() as session:
        home = session.scalars(select(Address).where(Address.external_id == "HOME")).one()
        home.postcode = "10001-2345"
        home.country = "US"
    assert ask(shop, "c", **CLEO).status_code == 404
    moved = {"name": "Cleo Park", "postcode": "10001"}
    assert ask(shop, "d", **moved).status_code == 200
    with shop.records() as session:
        session.scalars(select(Customer).where(Customer.external_id == "CLEO")).one().name = "Cleo Married"
    assert ask(shop, "e", **moved).status_code == 404
    assert ask(shop, "f", **CLEO_BY_MAIL).status_code == 404
    assert ask(shop, "g", name="Cleo Married", postcode="10001").status_code == 200
    assert ask(shop, "h", name="Cleo Married", email="cleo@example.org").status_code == 200
    with shop.records() as session:
        session.execute(delete(Address).where(Address.external_id == "HOME"))
    assert ask(shop, "i", name="Cleo Married", postcode="10001").status_code == 404


def test_people_of_before_are_found_after_the_next_start(shop: Crm) -> None:
    office = {"name": "Office Hand", "email": "office@example.org"}
    with shop.records() as session:
        session.execute(text("UPDATE customers SET name_key = ''"))
        session.execute(text("UPDATE addresses SET postcode_key = ''"))
        session.execute(text("UPDATE orders SET name_key = ''"))
    asked = (CLEO, CLEO_BY_MAIL, office)
    assert [ask(shop, f"c{number}", **proof).status_code for number, proof in enumerate(asked)] == [404] * 3
    prepare(shop.database.engine)
    assert [ask(shop, f"d{number}", **proof).status_code for number, proof in enumerate(asked)] == [200] * 3


def test_what_an_import_writes_is_found(shop: Crm, tmp_path: Path) -> None:
    export_folder(shop.database.engine, tmp_path / "files", "csv")
    with shop.records() as session:
        for model in (Order, Address, Customer):
            session.execute(delete(model))
    assert ask(shop, "c", **CLEO).status_code == 404
    import_folder(shop.database.engine, tmp_path / "files", ImportOptions())
    asked = (CLEO, CLEO_BY_MAIL, {"name": "Office Hand", "email": "office@example.org"})
    assert [ask(shop, f"d{number}", **proof).status_code for number, proof in enumerate(asked)] == [200] * 3
