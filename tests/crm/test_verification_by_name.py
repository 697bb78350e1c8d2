"""Verifying by a full name and a postcode without a number: where the shop accepts it and one person is meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select, text

from crm_backend.encryption.rows import prepare
from crm_backend.orders.models import Order
from shopdesk_schemas.crm import VerificationRequest
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with

ADA = {"name": "Ada Byron", "postcode": "SW1Y 4JH"}


def placed(day: str) -> datetime:
    return records.instant(f"{day}T09:00Z")


def accepting(**verification: Any) -> Any:
    return policies_with(name_and_postcode=True, **verification)


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    crm = run_crm(policies=accepting())
    with crm.records() as session:
        ada = records.customer(session, external_id="ADA", name="Ada Byron", email="ada@example.org", given_name="Ada")
        place = {"postcode": "SW1Y 4JH", "country": "GB"}
        records.order(session, "A-1", ada, recipient="Ada Byron", **place, placed_at=placed("2026-01-05"))
        records.order(session, "A-2", ada, recipient="Byron, Ada", **place, placed_at=placed("2026-02-05"))
        records.order(session, "A-3", ada, recipient="Tom Present", **place, placed_at=placed("2026-02-06"))
        records.order(
            session, "G-1", contact_name="李小明", postcode="N1 9GU", country="GB", contact_email="li@example.org"
        )
        for number, email in (("T-1", "one@example.org"), ("T-2", "two@example.org")):
            records.order(
                session, number, contact_name="Sam Smith", postcode="E1 6AN", country="GB", contact_email=email
            )
        for number in ("S-1", "S-2"):
            records.order(
                session,
                number,
                contact_name="Same Guest",
                postcode="E1 6AN",
                country="GB",
                contact_email="g@example.org",
            )
        records.order(
            session, "C-1", contact_name="王小明", postcode="200040", country="CN", contact_email="w@example.org"
        )
        records.order(
            session, "U-1", contact_name="Una Zero", postcode="02134", country="US", contact_email="u@example.org"
        )
    return crm


def ask(crm: Crm, conversation: str, **proof: str) -> Any:
    return crm.call.post(f"/shopper/{conversation}/verification", json=proof)


@pytest.mark.parametrize(
    ("name", "postcode", "number"),
    [
        ("Ada Byron", "SW1Y 4JH", "A-2"),
        ("  byron   ADA ", "sw1y4jh", "A-2"),
        ("Ms. Ada Byron", "ＳＷ１Ｙ ４ＪＨ", "A-2"),
        ("李小明", "n1 9gu", "G-1"),
        ("Same Guest", "E1 6AN", "S-2"),
        ("Una Zero", "2134", "U-1"),
    ],
)
def test_name_and_postcode_of_one_person_open_their_newest_order(
    shop: Crm, name: str, postcode: str, number: str
) -> None:
    answer = ask(shop, "c", name=name, postcode=postcode)
    assert answer.status_code == 200, answer.text
    assert answer.json() | {"expires_at": None} == {
        "level": "order", "method": "name_postcode", "expires_at": None, "order_number": number, "display_name": None,
    }  # fmt: skip
    assert shop.order("c", number).status_code == 200


@pytest.mark.parametrize(
    ("name", "postcode"),
    [
        ("Ada Lovelace", "SW1Y 4JH"),
        ("Ada Byron", "N1 9GU"),
        ("Nobody Here", "ZZ1 1ZZ"),
        ("Ada", "SW1Y 4JH"),
        ("Sam Smith", "E1 6AN"),
        ("王小明", "200040"),
        ("!", "SW1Y 4JH"),
    ],
    ids=["wrong name", "wrong postcode", "nobody", "half a name", "two guests", "no postcode serves there", "no name"],
)
def test_whatever_does_not_fit_or_fits_several_is_the_same_404(shop: Crm, name: str, postcode: str) -> None:
    shop.app.state.resources.policies.verification.countries_without_postcode.append("CN")
    refused, missing = ask(shop, "c", name=name, postcode=postcode), shop.verify("d", "none", postcode="SW1A 1AA")
    assert refused.status_code == 404
    assert refused.content == missing.content
    assert ask(shop, "e", **ADA).status_code == 200
    assert shop.verification("c")["level"] == "none"


def test_the_level_is_the_policys_and_a_present_opens_no_record(shop: Crm, run_crm: CrmRunner) -> None:
    whole = run_crm(policies=accepting(levels={"name_postcode": "customer"}))
    assert ask(whole, "c", **ADA).json()["level"] == "customer"
    assert {one["number"] for one in whole.orders("c")} == {"A-1", "A-2", "A-3"}
    present = ask(whole, "d", name="Tom Present", postcode="SW1Y 4JH").json()
    assert (present["level"], present["order_number"], present["display_name"]) == ("order", "A-3", None)
    assert whole.order("d", "A-2").status_code == 404


def test_it_is_refused_where_the_policy_does_not_accept_it(shop: Crm, run_crm: CrmRunner) -> None:
    strict = run_crm()
    answer = ask(strict, "c", **ADA)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["body.name"]
    assert strict.call.get("/policies/explain").json()["verification"]["name_and_postcode"] is False
    assert shop.call.get("/policies/explain").json()["verification"]["name_and_postcode"] is True
    assert ask(shop, "c", **ADA).status_code == 200


def test_guessing_postcodes_for_a_name_is_limited_across_conversations(shop: Crm) -> None:
    guesses = [ask(shop, f"g{number}", name="ada BYRON", postcode=f"SW1Y 4J{number}") for number in range(4)]
    assert [guess.status_code for guess in guesses] == [404] * 4
    assert ask(shop, "late", **ADA).status_code == 429
    shop.wall.advance(minutes=6)
    assert ask(shop, "late", **ADA).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Ada Byron"},
        {**ADA, "reference": "A-1"},
        {**ADA, "email": "ada@example.org"},
        {"name": "Ada Byron", "email": "ada@example.org", "reference": "A-1"},
        {"name": "Ada Byron", "phone_last4": "0321"},
        {**ADA, "phone_last4": "0321"},
        {},
    ],
)
def test_a_name_goes_with_a_postcode_or_an_email_and_nothing_else(shop: Crm, body: dict[str, str]) -> None:
    assert ask(shop, "c", **body).status_code == 422
    described = Draft202012Validator(VerificationRequest.model_json_schema())
    assert not described.is_valid(body)
    for good in (ADA, {"name": "Ada Byron", "email": "a@b"}, {"reference": "A-1", "email": "a@b"}):
        assert described.is_valid(good)


def test_orders_of_before_are_found_after_the_next_start(shop: Crm) -> None:
    with shop.records() as session:
        session.execute(text("UPDATE orders SET name_postcode_key = ''"))
    assert ask(shop, "c", **ADA).status_code == 404
    prepare(shop.database.engine)
    assert ask(shop, "c", **ADA).status_code == 200


def test_a_changed_address_changes_what_is_found(shop: Crm) -> None:
    with shop.records() as session:
        for order in session.scalars(select(Order).where(Order.number.in_(("A-1", "A-2")))):
            order.postcode = "N7 8LU"
    assert ask(shop, "c", **ADA).status_code == 404
    assert ask(shop, "d", name="Ada Byron", postcode="N7 8LU").status_code == 200
