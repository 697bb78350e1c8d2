"""Signing a conversation in by a token that the shop signed."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest

from crm_backend.identity.tokens import AUDIENCE
from tests.crm import records
from tests.crm.conftest import IDENTITY_SECRET, Crm, CrmRunner


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """Mina has two orders and a credit note; somebody else has one; two systems know a customer `7`."""
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1", given_name="Mina", email="mina@example.org")
        other = records.customer(session, external_id="other-1", given_name="Otto", email="otto@example.org")
        records.order(session, "A1", mina, placed_at=records.instant("2026-02-01T08:00+00:00"))
        records.order(session, "A2", mina, placed_at=records.instant("2026-03-01T08:00+00:00"))
        records.order(session, "C1", mina, kind="credit_note")
        records.order(session, "B1", other)
        records.customer(session, external_id="7", source="web")
        records.customer(session, external_id="7", source="market", given_name="Seven")
    return crm


def claims(crm: Crm, **changes: Any) -> dict[str, Any]:
    now = int(crm.wall.now.timestamp())
    whole = {"sub": "mina-1", "aud": AUDIENCE, "iat": now, "exp": now + 300, "jti": "token-0001"}
    return {name: value for name, value in (whole | changes).items() if value is not None}


def encode(payload: dict[str, Any], key: str | None = None, algorithm: str = "HS256") -> str:
    return jwt.encode(payload, key or IDENTITY_SECRET.get_secret_value(), algorithm=algorithm)


def test_a_good_token_opens_the_customer_s_own_record(shop: Crm) -> None:
    answer = shop.identify("c1", shop.sign("mina-1"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["level"], told["method"], told["display_name"]) == ("customer", "identity_token", "Mina")
    assert shop.verification("c1") == told
    assert [order["number"] for order in shop.orders("c1")] == ["A2", "A1"]
    assert shop.order("c1", "A1").status_code == 200
    missing = shop.order("c1", "ZZ")
    for hidden in ("B1", "C1"):
        foreign = shop.order("c1", hidden)
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)


def test_a_sign_in_ends_by_the_wall_clock(shop: Crm) -> None:
    assert shop.identify("c1", shop.sign("mina-1")).status_code == 200
    shop.wall.advance(minutes=120)
    assert shop.verification("c1")["level"] == "none"
    assert shop.orders("c1") == []


def test_a_token_is_bound_to_the_first_conversation_that_brings_it(shop: Crm) -> None:
    token = shop.sign("mina-1")
    assert shop.identify("c1", token).status_code == 200
    assert shop.identify("c1", token).status_code == 200
    stolen = shop.identify("c2", token)
    assert stolen.status_code == 401
    assert stolen.json()["type"] == "/problems/unauthenticated"
    assert shop.verification("c2")["level"] == "none"
    assert shop.verification("c1")["level"] == "customer"


def test_a_used_token_stays_used_after_a_restart(run_crm: CrmRunner) -> None:
    crm = run_crm()
    with crm.records() as session:
        records.customer(session, external_id="mina-1")
    token = crm.sign("mina-1")
    assert crm.identify("c1", token).status_code == 200
    assert run_crm().identify("c2", token).status_code == 401


def test_of_many_conversations_that_bring_one_token_at_once_one_gets_in(shop: Crm) -> None:
    token = shop.sign("mina-1")
    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda n: shop.identify(f"c{n}", token).status_code, range(12)))
    assert sorted(statuses) == [200] + [401] * 11


def test_a_token_is_not_used_up_by_being_refused(run_crm: CrmRunner) -> None:
    crm = run_crm()
    token = crm.sign("late-1")
    assert crm.identify("c1", token).status_code == 401
    with crm.records() as session:
        records.customer(session, external_id="late-1")
    assert crm.identify("c2", token).status_code == 200


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "another-service"}, "aud"),
        ({"aud": None}, "aud"),
        ({"sub": None}, "sub"),
        ({"jti": None}, "jti"),
        ({"iat": None}, "iat"),
        ({"exp": None}, "exp"),
        ({"sub": "nobody"}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": "x" * 300}, "sub"),
        ({"jti": "a\u0000b"}, "jti"),
        ({"sub": "7"}, "source"),
        ({"sub": "7", "source": "shop-on-the-moon"}, "sub"),
        ({"sub": "7", "source": 7}, "source"),
        ({"exp": "soon"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": float("nan")}, "iat"),
        ({"iat": 1e300}, "iat"),
    ],
)
def test_a_token_with_wrong_claims_is_refused_with_the_reason(shop: Crm, changes: dict[str, Any], why: str) -> None:
    payload = {
        key: value for key, value in claims(shop, **changes).items() if key not in changes or changes[key] is not None
    }
    answer = shop.identify("c1", encode(payload))
    assert answer.status_code == 401
    assert why in answer.json()["detail"]
    assert shop.verification("c1")["level"] == "none"
    assert shop.identify("c1", encode(claims(shop))).status_code == 200


def test_the_source_says_whose_customer_it_is(shop: Crm) -> None:
    assert shop.identify("c1", shop.sign("7", source="market")).json()["display_name"] == "Seven"


@pytest.mark.parametrize(
    ("issued", "expires", "good"),
    [
        (0, 300, True),
        (-599, 300, True),
        (-601, 300, False),
        (-300, -1, False),
        (-300, 0, False),
        (20, 300, True),
        (60, 300, False),
        (-601, 86_400, False),
    ],
)
def test_a_token_is_good_for_as_long_as_shop_and_policy_say(shop: Crm, issued: int, expires: int, good: bool) -> None:
    now = int(shop.wall.now.timestamp())
    answer = shop.identify("c1", encode(claims(shop, iat=now + issued, exp=now + expires)))
    assert answer.status_code == (200 if good else 401), answer.text


def _unsigned(payload: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, payload)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def test_only_the_shop_s_signature_counts(shop: Crm) -> None:
    good = encode(claims(shop))
    forged = [
        encode(claims(shop), key="another-secret-of-at-least-thirty-two-bytes"),
        encode(claims(shop), algorithm="HS384", key=IDENTITY_SECRET.get_secret_value() + "-and-some-more-bytes"),
        jwt.encode(claims(shop), IDENTITY_SECRET.get_secret_value() * 2, algorithm="HS512"),
        _unsigned(claims(shop)),
        good[:-4] + "AAAA",
        good.rsplit(".", 1)[0] + ".",
        "not a token",
        "a.b.c",
        "…",
    ]
    for token in forged:
        answer = shop.identify("c1", token)
        assert answer.status_code == 401, token
        assert answer.headers["www-authenticate"] == "Bearer"
    assert shop.identify("c1", good).status_code == 200


def test_proving_an_own_order_leaves_the_sign_in_as_it_is(shop: Crm) -> None:
    signed_in = shop.identify("c1", shop.sign("mina-1")).json()
    told = shop.verify("c1", "A1", email="mina@example.org").json()
    assert told == signed_in | {"order_number": "A1"}
    assert [order["number"] for order in shop.orders("c1")] == ["A2", "A1"]


def test_proving_another_s_order_opens_that_order_beside_the_own_record(shop: Crm) -> None:
    shop.identify("c1", shop.sign("mina-1"))
    told = shop.verify("c1", "B1", email="otto@example.org").json()
    assert (told["level"], told["order_number"], told["display_name"]) == ("customer", "B1", "Mina")
    assert sorted(order["number"] for order in shop.orders("c1")) == ["A1", "A2", "B1"]
    shop.wall.advance(minutes=30)
    assert shop.orders("c1") == []


def test_signing_in_as_another_customer_closes_the_first_record(shop: Crm) -> None:
    shop.identify("c1", shop.sign("mina-1"))
    shop.identify("c1", shop.sign("other-1"))
    assert [order["number"] for order in shop.orders("c1")] == ["B1"]
