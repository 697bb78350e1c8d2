"""Verifying a conversation by an order or tracking number and one thing that only the buyer knows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, select

from crm_backend.database.engine import Database
from crm_backend.identity.models import Conversation, VerificationAttempt
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with

RIGHT = {"email": "mina@example.org"}
WRONG = {"email": "somebody@example.org"}


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """A customer with an address book and an order; a guest's order; a credit note; orders that lack facts."""
    with crm.records() as session:
        mina = records.customer(
            session, email="Mina@Example.org", phone="+44 20 7946 0321", given_name="Mina", country="GB"
        )
        records.address(session, mina, postcode="EC1A 1BB", country="GB", phone="020 7946 0555")
        bought = records.order(
            session,
            "SD-10023",
            mina,
            postcode="SW1A 1AA",
            country="GB",
            contact_email="mina.work@example.org",
            contact_phone="07700 900123 ext. 88",
        )
        records.shipment(session, bought, "JD 0002 3344")
        records.order(session, "SD-10024", postcode="N1 9GU", country="GB", contact_email="guest@example.org")
        records.order(session, "C-10023", mina, kind="credit_note", postcode="SW1A 1AA", country="GB")
        records.order(session, "SD-10025", postcode=None, contact_email=None, contact_phone=None)
        records.order(session, "SD-10026", postcode="", contact_email="", contact_phone="")
    return crm


@pytest.mark.parametrize(
    "proof",
    [
        {"postcode": "SW1A 1AA"},
        {"postcode": "sw1a1aa"},
        {"postcode": "ＳＷ１Ａ １ＡＡ"},
        {"postcode": "ec1a-1bb"},
        {"email": "MINA@example.org "},
        {"email": "mina.work@example.org"},
        {"phone_last4": "0321"},
        {"phone_last4": "0555"},
        {"phone_last4": "0123"},
        {"phone_last4": "０１２３"},
    ],
)
def test_a_fact_of_the_order_or_its_customer_opens_the_order(shop: Crm, proof: dict[str, str]) -> None:
    answer = shop.verify("c1", "SD-10023", **proof)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["level"], told["order_number"], told["method"]) == ("order", "SD-10023", next(iter(proof)))
    assert told["display_name"] is None
    assert shop.verification("c1") == told
    assert [order["number"] for order in shop.orders("c1")] == ["SD-10023"]


@pytest.mark.parametrize(
    "reference", ["sd10023", "#SD-10023", " ＳＤ－１００２３ ", "SD 10 023", "jd00023344", "JD-0002-3344"]
)
def test_the_reference_may_be_typed_in_many_ways(shop: Crm, reference: str) -> None:
    answer = shop.verify("c1", reference, **RIGHT)
    assert answer.status_code == 200, answer.text
    assert answer.json()["order_number"] == "SD-10023"


REFUSED: dict[str, tuple[str, dict[str, str]]] = {
    "wrong e-mail": ("SD-10023", WRONG),
    "wrong postcode": ("SD-10023", {"postcode": "SW1A 1AB"}),
    "wrong phone": ("SD-10023", {"phone_last4": "9999"}),
    "another order's fact": ("SD-10023", {"email": "guest@example.org"}),
    "extension, not the number": ("SD-10023", {"phone_last4": "2388"}),
    "unknown order, e-mail": ("SD-99999", RIGHT),
    "unknown order, postcode": ("SD-99999", {"postcode": "SW1A 1AA"}),
    "unknown order, phone": ("SD-99999", {"phone_last4": "0321"}),
    "nothing in the reference": ("#-#", RIGHT),
    "credit note": ("C-10023", {"postcode": "SW1A 1AA"}),
    "order without the fact": ("SD-10025", {"phone_last4": "0000"}),
    "order with an empty fact": ("SD-10026", {"postcode": "-"}),
    "order with an empty e-mail": ("SD-10026", {"email": " "}),
}


class _Statements:
    """The SQL that a database's engine ran, without parameters."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self.seen: list[str] = []

    def __enter__(self) -> _Statements:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.seen.append(statement)


def test_every_refusal_is_the_same_bytes_after_the_same_work(shop: Crm) -> None:
    answers: set[object] = set()
    work: dict[str, set[object]] = {}
    for number, (reference, proof) in enumerate(REFUSED.values()):
        shop.start(f"c{number}")
        with _Statements(shop.app.state.resources.database) as statements:
            answer = shop.verify(f"c{number}", reference, **proof)
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        answers.add((answer.status_code, answer.content, tuple(sorted(headers.items()))))
        # An expanding list of ids is written out with its length: one, whether somebody or nobody is looked up.
        work.setdefault(next(iter(proof)), set()).add(tuple(statements.seen))
        assert shop.verification(f"c{number}")["level"] == "none"
        assert shop.orders(f"c{number}") == []
    assert len(answers) == 1
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"
    assert answer.headers["content-type"] == "application/problem+json"
    assert {kind: len(ways) for kind, ways in work.items()} == {"email": 1, "postcode": 1, "phone_last4": 1}


def test_a_postcode_proves_nothing_where_it_names_a_whole_district(crm: Crm) -> None:
    with crm.records() as session:
        records.order(session, "CN1", postcode="100000", country="CN", contact_phone="+86 138 0013 8000")
        records.order(session, "SG1", postcode="049483", country="SG")
    assert crm.verify("c1", "CN1", postcode="100000").status_code == 404
    assert crm.verify("c1", "CN1", phone_last4="8000").status_code == 200
    assert crm.verify("c2", "SG1", postcode="49483").status_code == 200


@pytest.mark.parametrize("given", ["04571-000", "04571", "4571", "04571000", "4571-020"])
@pytest.mark.parametrize("stored", ["04571", "4571"])
def test_where_records_keep_a_part_of_the_postcode_that_part_decides(crm: Crm, given: str, stored: str) -> None:
    with crm.records() as session:
        records.order(session, "a1b2", postcode=stored, country="BR")
    assert crm.verify("c1", "a1b2", postcode="04572-000").status_code == 404
    assert crm.verify("c1", "a1b2", postcode=given).status_code == 200


def test_an_address_without_country_is_in_the_shop_s(run_crm: CrmRunner) -> None:
    crm = run_crm()
    with crm.records() as session:
        records.order(session, "1", postcode="100000", country=None)
    assert crm.verify("c1", "1", postcode="100000").status_code == 200
    policies = policies_with()
    abroad = run_crm(policies=policies.model_copy(update={"shop": policies.shop.model_copy(update={"country": "CN"})}))
    assert abroad.verify("c2", "1", postcode="100000").status_code == 404


def test_a_number_that_two_systems_gave_out_is_tried_against_both(crm: Crm) -> None:
    with crm.records() as session:
        records.order(session, "700", source="web", contact_email="first@example.org", total_minor=1)
        records.order(session, "#700", source="market", contact_email="second@example.org", total_minor=2)
    assert crm.verify("c1", "700", email="first@example.org").status_code == 200
    assert crm.verify("c2", "700", email="second@example.org").status_code == 200
    assert [order["total_minor"] for order in crm.orders("c1")] == [1]
    assert [order["total_minor"] for order in crm.orders("c2")] == [2]
    assert crm.verify("c3", "700", email="third@example.org").status_code == 404


def test_the_policy_says_which_references_serve(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(references=["tracking_number"]))
    with crm.records() as session:
        bought = records.order(session, "800", contact_email="mina@example.org")
        records.shipment(session, bought, "TRACK1")
    assert crm.verify("c1", "800", **RIGHT).status_code == 404
    assert crm.verify("c1", "track-1", **RIGHT).status_code == 200


def test_the_policy_says_which_proofs_serve(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(proofs=["phone_last4"]))
    answer = crm.verify("c1", "800", **RIGHT)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.email"


def test_the_policy_says_how_much_a_proof_opens(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(levels={"email": "customer"}))
    with crm.records() as session:
        mina = records.customer(session, email="mina@example.org", given_name="Mina")
        records.order(session, "1", mina, contact_phone="0001")
        records.order(session, "2", mina, placed_at=records.instant("2026-03-03T00:00+00:00"))
        records.order(session, "3", contact_email="mina@example.org")
    assert crm.verify("c1", "1", **RIGHT).json() | {"expires_at": None} == {
        "level": "customer",
        "method": "email",
        "expires_at": None,
        "order_number": "1",
        "display_name": "Mina",
    }
    assert [order["number"] for order in crm.orders("c1")] == ["2", "1"]
    assert crm.verify("c2", "1", phone_last4="0001").json()["level"] == "order"
    assert [order["number"] for order in crm.orders("c2")] == ["1"]
    # A guest has no record beyond the order.
    assert crm.verify("c3", "3", **RIGHT).json()["level"] == "order"


def test_a_verification_ends_by_the_wall_clock(shop: Crm) -> None:
    assert shop.verify("c1", "SD-10023", **RIGHT).status_code == 200
    shop.wall.advance(minutes=29, seconds=59)
    assert shop.order("c1", "SD-10023").status_code == 200
    shop.wall.advance(seconds=1)
    assert shop.verification("c1") == {
        "level": "none",
        "method": None,
        "expires_at": None,
        "order_number": None,
        "display_name": None,
    }
    assert shop.order("c1", "SD-10023").status_code == 404
    assert shop.orders("c1") == []


def test_a_verification_ends_when_it_is_given_up(shop: Crm) -> None:
    assert shop.verify("c1", "SD-10023", **RIGHT).status_code == 200
    assert shop.call.delete("/shopper/c1/verification").status_code == 204
    assert shop.orders("c1") == []
    assert shop.call.delete("/shopper/never-heard-of/verification").status_code == 204


def test_another_order_replaces_the_first_and_conversations_are_apart(shop: Crm) -> None:
    assert shop.verify("c1", "SD-10023", **RIGHT).status_code == 200
    assert shop.orders("c2") == []
    assert shop.verify("c1", "SD-10024", email="guest@example.org").status_code == 200
    assert [order["number"] for order in shop.orders("c1")] == ["SD-10024"]
    assert shop.order("c1", "SD-10023").status_code == 404


# --- Limits -----------------------------------------------------------------------------------------------------


def _is_limited(answer: Any, at_most_seconds: int) -> bool:
    if answer.status_code != 429:
        return False
    assert answer.json()["type"] == "/problems/too-many-requests"
    return 0 < int(answer.headers["retry-after"]) <= at_most_seconds


def test_a_conversation_may_fail_so_often(shop: Crm) -> None:
    for number in range(3):
        assert shop.verify("c1", f"X{number}", **WRONG).status_code == 404
        shop.wall.advance(minutes=1)
    refused = shop.verify("c1", "SD-10023", **RIGHT)
    assert _is_limited(refused, 12 * 60)
    assert int(refused.headers["retry-after"]) == 12 * 60
    assert shop.verify("c2", "SD-10023", **RIGHT).status_code == 200
    # Tries that were refused did not count: the wait is over when it was said to be.
    shop.wall.advance(minutes=12)
    assert shop.verify("c1", "SD-10023", **RIGHT).status_code == 200


def test_an_address_may_fail_so_often_whatever_the_conversation(shop: Crm) -> None:
    for number in range(5):
        shop.start(f"c{number}", address="203.0.113.7")
        assert shop.verify(f"c{number}", f"X{number}", **WRONG).status_code == 404
    shop.start("c9", address="203.0.113.7")
    shop.start("elsewhere", address="203.0.113.8")
    assert _is_limited(shop.verify("c9", "SD-10023", **RIGHT), 3600)
    assert shop.verify("elsewhere", "SD-10023", **RIGHT).status_code == 200


def test_one_subscriber_s_ipv6_addresses_count_as_one(shop: Crm) -> None:
    for number in range(5):
        shop.start(f"c{number}", address=f"2001:db8:1:2::{number + 1}")
        shop.verify(f"c{number}", f"X{number}", **WRONG)
    shop.start("same", address="2001:db8:1:2:ffff::1")
    shop.start("other", address="2001:db8:1:3::1")
    assert _is_limited(shop.verify("same", "SD-10023", **RIGHT), 3600)
    assert shop.verify("other", "SD-10023", **RIGHT).status_code == 200


@pytest.mark.parametrize("reference", ["SD-10023", "SD-55555"])
def test_a_reference_may_be_guessed_at_so_often_whether_it_exists_or_not(shop: Crm, reference: str) -> None:
    for number in range(4):
        written = reference if number % 2 else f"#{reference.lower()}"
        assert shop.verify(f"c{number}", written, **WRONG).status_code == 404
    assert _is_limited(shop.verify("c9", reference, **RIGHT), 300)


def test_a_stranger_s_guesses_keep_the_buyer_out_for_minutes_only(shop: Crm) -> None:
    for number in range(4):
        shop.verify(f"c{number}", "SD-10023", phone_last4="0000")
    assert _is_limited(shop.verify("buyer", "SD-10023", phone_last4="0321"), 300)
    # The other proofs are counted apart, and this one serves again soon.
    assert shop.verify("buyer", "SD-10023", postcode="SW1A 1AA").status_code == 200
    shop.wall.advance(minutes=5)
    assert shop.verify("buyer2", "SD-10023", phone_last4="0321").status_code == 200


def test_what_can_be_guessed_with_patience_has_a_limit_for_the_day(shop: Crm) -> None:
    for number in range(6):
        assert shop.verify(f"c{number}", "SD-10023", phone_last4="0000").status_code == 404
        shop.wall.advance(minutes=6)
    refused = shop.verify("buyer", "SD-10023", phone_last4="0321")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 3600
    assert shop.verify("buyer", "SD-10023", **RIGHT).status_code == 200


def test_failures_outlive_a_restart(run_crm: CrmRunner) -> None:
    first = run_crm()
    for number in range(3):
        first.verify("c1", f"X{number}", **WRONG)
    assert run_crm().verify("c1", "SD-10023", **RIGHT).status_code == 429


def test_a_hundred_guesses_at_once_are_not_more_than_the_limit_allows(shop: Crm) -> None:
    shop.start("c1", address="203.0.113.7")
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda n: shop.verify("c1", f"X{n}", **WRONG).status_code, range(30)))
    assert sorted(statuses) == [404] * 3 + [429] * 27


def test_guesses_from_many_conversations_at_once_share_the_reference_s_limit(shop: Crm) -> None:
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda n: shop.verify(f"c{n}", "SD-10023", **WRONG).status_code, range(20)))
    assert sorted(statuses) == [404] * 4 + [429] * 16


def test_counts_hold_no_address_and_no_reference_and_old_ones_are_cleared_away(shop: Crm) -> None:
    shop.start("c1", address="203.0.113.7")
    shop.verify("c1", "SD-10023", **WRONG)
    with shop.database.read() as session:
        kept = session.execute(select(VerificationAttempt.scope, VerificationAttempt.scope_key)).all()
        address = session.scalars(select(Conversation.client_address_key)).one()
    assert sorted(scope for scope, _ in kept) == ["address", "conversation", "reference"]
    assert not any(text in f"{kept}{address}" for text in ("203.0.113.7", "10023"))
    shop.wall.advance(days=1, seconds=1)
    shop.verify("c2", "SD-10023", **WRONG)
    with shop.database.read() as session:
        left = session.scalars(select(VerificationAttempt.scope_key)).all()
    assert "c1" not in left
    assert "c2" in left


# --- Bad input --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reference": "1"}, "body"),
        ({"reference": "1", "email": "a@b", "postcode": "1"}, "body"),
        ({"reference": "", "email": "a@b"}, "body.reference"),
        ({"reference": "1", "phone_last4": "12345"}, "body.phone_last4"),
        ({"reference": "1", "customer_id": "7", "email": "a@b"}, "body.customer_id"),
        ({"reference": "1" * 101, "email": "a@b"}, "body.reference"),
        ([], "body"),
    ],
)
def test_a_request_that_cannot_be_used_is_told_which_field(sqlite_crm: Crm, body: object, field: str) -> None:
    answer = sqlite_crm.call.post("/shopper/c1/verification", json=body)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-input"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("odd", ["\\u0000", "\\ud800", "\\u202e", "'; DROP TABLE orders; --", "%00"])
def test_odd_characters_are_words_like_any_other(crm: Crm, odd: str) -> None:
    content = f'{{"reference": "1{odd}", "email": "a{odd}@b"}}'
    headers = {"Content-Type": "application/json"}
    answer = crm.call.post("/shopper/c1/verification", content=content, headers=headers)
    assert answer.status_code in {404, 422}
    address = f'{{"client_address": "{odd}"}}'
    assert crm.call.put("/shopper/c1", content=address, headers=headers).status_code in {204, 422}


# --- A proof and the order that it opens, in one request ---------------------------------------------------------


def prove(shop: Crm, conversation: str, reference: str, **proof: str) -> Any:
    return shop.call.post(f"/shopper/{conversation}/verification/order", json={"reference": reference, **proof})


def test_a_proof_and_its_order_in_one_request_say_what_two_requests_say(shop: Crm) -> None:
    answer = prove(shop, "c1", "JD 0002 3344", language="en", **RIGHT)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["tried"] is True
    assert told["verification"] == shop.verification("c1")
    assert told["order"] == shop.order("c1", "SD-10023", language="en").json()
    assert told["order"]["delivery"] is None


def test_every_refusal_in_one_request_is_the_same_bytes_after_the_same_work(shop: Crm) -> None:
    answers: set[object] = set()
    work: dict[str, set[object]] = {}
    for number, (reference, proof) in enumerate(REFUSED.values()):
        shop.start(f"c{number}")
        with _Statements(shop.app.state.resources.database) as statements:
            answer = prove(shop, f"c{number}", reference, **proof)
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        answers.add((answer.status_code, answer.content, tuple(sorted(headers.items()))))
        work.setdefault(next(iter(proof)), set()).add(tuple(statements.seen))
        assert shop.verification(f"c{number}")["level"] == "none"
    assert len(answers) == 1
    assert answer.content == shop.verify("c", "SD-10023", **WRONG).content
    assert {kind: len(ways) for kind, ways in work.items()} == {"email": 1, "postcode": 1, "phone_last4": 1}


def test_failures_in_one_request_count_like_all_others(shop: Crm) -> None:
    for _ in range(2):
        assert prove(shop, "c1", "SD-10023", **WRONG).status_code == 404
    assert shop.verify("c1", "SD-10023", **WRONG).status_code == 404
    limited = prove(shop, "c1", "SD-10023", **RIGHT)
    assert limited.status_code == 429
    assert int(limited.headers["Retry-After"]) > 0
    assert shop.verification("c1")["level"] == "none"


@pytest.mark.parametrize("reference", ["SD-10023", "JD 0002 3344"])
def test_an_order_that_is_open_is_read_and_nothing_tried(shop: Crm, reference: str) -> None:
    assert shop.verify("c1", "SD-10023", **RIGHT).status_code == 200
    for _ in range(4):
        told = prove(shop, "c1", reference, **WRONG).json()
        assert (told["tried"], told["order"]["number"]) == (False, "SD-10023")
    # Another one is tried: what is open does not answer for it.
    assert prove(shop, "c1", "SD-10024", **WRONG).status_code == 404
    assert prove(shop, "c1", "SD-10024", email="guest@example.org").json()["order"]["number"] == "SD-10024"
    assert [order["number"] for order in shop.orders("c1")] == ["SD-10024"]


def test_an_order_whose_opening_has_expired_is_tried_again(shop: Crm) -> None:
    assert prove(shop, "c1", "SD-10023", **RIGHT).status_code == 200
    shop.wall.advance(minutes=31)
    assert prove(shop, "c1", "SD-10023", **WRONG).status_code == 404


def test_who_is_signed_in_has_nothing_tried(crm: Crm) -> None:
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1", email="mina@example.org", given_name="Mina")
        records.order(session, "SD-1", mina, postcode="SW1A 1AA")
        records.order(session, "SD-2", postcode="N1 9GU")
    assert crm.identify("c1", crm.sign("mina-1")).status_code == 200
    for _ in range(5):
        told = prove(crm, "c1", "SD-2", postcode="E1 6AN").json()
        assert (told["tried"], told["order"], told["verification"]["level"]) == (False, None, "customer")
    assert [order["number"] for order in crm.orders("c1")] == ["SD-1"]


def test_a_proof_that_opens_the_whole_record_shows_no_order_alone(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(levels={"email": "customer"}))
    with crm.records() as session:
        mina = records.customer(session, email="mina@example.org", given_name="Mina")
        records.order(session, "SD-1", mina, postcode="SW1A 1AA")
    told = prove(crm, "c1", "SD-1", **RIGHT).json()
    assert (told["tried"], told["order"]) == (True, None)
    assert told["verification"] == crm.verification("c1")
    assert told["verification"]["display_name"] == "Mina"
