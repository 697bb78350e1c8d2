"""One-time codes: only the newest works, once, in its conversation; nothing tells whether an address is known."""

from __future__ import annotations

import re
import string
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from crm_backend.account.models import Customer
from crm_backend.identity.models import OneTimeCode
from crm_backend.messages import delivery
from crm_backend.messages.models import OutgoingMessage
from crm_backend.messages.wording import languages, parts
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with


def ask(crm: Crm, conversation: str = "c1", to: str = "mina@example.org", channel: str = "email") -> httpx.Response:
    return crm.call.post(f"/shopper/{conversation}/codes", json={"channel": channel, "to": to})


def give(crm: Crm, code: str, conversation: str = "c1") -> httpx.Response:
    return crm.call.post(f"/shopper/{conversation}/codes/confirm", json={"code": code})


def mailbox(crm: Crm) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = crm.call.get("/dev/mailbox").json()["messages"]
    return messages


def newest_code(crm: Crm) -> str:
    found = re.search(r"\d{6}", mailbox(crm)[0]["body"])
    assert found is not None
    return found[0]


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    """Mina can be reached; twins share an address."""
    crm = run_crm(policies=policies_with(sections={"codes": {"channels": ["email", "sms"]}}))
    with crm.records() as session:
        records.customer(session, given_name="Mina", email="Mina@Example.org", phone="020 7946 0001")
        records.customer(session, email="twins@example.org")
        records.customer(session, email="twins@example.org")
    return crm


def test_a_code_opens_the_customers_record_once(shop: Crm) -> None:
    answer = ask(shop, to=" MINA@example.org ")
    assert (answer.status_code, answer.json()["digits"]) == (202, 6)
    assert mailbox(shop)[0]["to"] == "Mina@Example.org"
    code = newest_code(shop)
    opened = give(shop, f" {code[:3]} {code[3:]} ")
    assert (opened.json()["level"], opened.json()["method"], opened.json()["display_name"]) == (
        "customer", "code_email", "Mina"
    )  # fmt: skip
    assert give(shop, code).status_code == 404
    assert shop.call.get("/shopper/c1/profile").json()["given_name"] == "Mina"


def test_a_phone_gets_a_short_message(shop: Crm) -> None:
    assert ask(shop, to="+44 20 7946 0001", channel="sms").status_code == 202
    message = mailbox(shop)[0]
    assert (message["channel"], message["to"], message["subject"]) == ("sms", "+442079460001", None)
    assert give(shop, newest_code(shop)).json()["method"] == "code_sms"
    assert ask(shop, to="123", channel="sms").json()["errors"][0]["field"] == "body.to"


@pytest.mark.parametrize("to", ["nobody@example.org", "twins@example.org"])
def test_the_answer_is_the_same_for_an_address_that_is_nobodys(shop: Crm, to: str) -> None:
    known, unknown = ask(shop, "c1"), ask(shop, "c2", to)
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [message["to"] for message in mailbox(shop)] == ["Mina@Example.org"]
    # Nor does giving back a code tell them apart, not even a right one of a conversation of somebody else's.
    wrong = [give(shop, "000000", conversation) for conversation in ("c1", "c2", "c3")]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.content for answer in wrong}) == 1
    assert give(shop, newest_code(shop), "c2").status_code == 404


def test_a_code_expires_and_a_newer_one_takes_its_place(shop: Crm) -> None:
    ask(shop)
    first = newest_code(shop)
    shop.wall.advance(minutes=9)
    ask(shop)
    second = newest_code(shop)
    if first != second:
        assert give(shop, first).status_code == 404
    shop.wall.advance(minutes=9, seconds=59)
    assert give(shop, second).status_code == 200
    shop.wall.advance(hours=1)
    ask(shop)
    third = newest_code(shop)
    shop.wall.advance(minutes=10)
    assert give(shop, third).status_code == 404


def test_five_wrong_tries_are_the_end_of_a_code(shop: Crm) -> None:
    ask(shop)
    code = newest_code(shop)
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        assert give(shop, wrong).status_code == 404
    assert give(shop, code).status_code == 404
    ask(shop)
    assert give(shop, newest_code(shop)).status_code == 200


@pytest.mark.parametrize("to", ["mina@example.org", "nobody@example.org"])
def test_an_address_gets_so_many_codes_and_no_more(shop: Crm, to: str) -> None:
    answers = [ask(shop, f"c{number}", to).status_code for number in range(5)]
    assert answers == [202, 202, 202, 429, 429]
    shop.wall.advance(minutes=16)
    assert ask(shop, "c9", to).status_code == 202


def test_a_conversation_and_a_network_address_have_limits(run_crm: CrmRunner) -> None:
    limits = {"conversation": [{"codes": 2, "minutes": 60}], "address": [{"codes": 3, "minutes": 60}]}
    crm = run_crm(policies=policies_with(sections={"codes": {"limits": limits}}))
    for conversation in ("c1", "c2"):
        crm.start(conversation, address="203.0.113.5")
    answers = [
        ask(crm, conversation, f"{number}@example.org").status_code
        for number, conversation in enumerate(("c1", "c1", "c1", "c2", "c2"))
    ]
    assert answers == [202, 202, 429, 202, 429]


def test_a_customer_has_a_limit_that_nobody_is_told_of(run_crm: CrmRunner) -> None:
    limits = {"recipient": [{"codes": 1, "minutes": 60}]}
    crm = run_crm(policies=policies_with(sections={"codes": {"limits": limits, "channels": ["email", "sms"]}}))
    with crm.records() as session:
        records.customer(session, email="mina@example.org", phone="+442079460001")
    assert ask(crm).status_code == 202
    assert ask(crm, "c2", "+442079460001", "sms").status_code == 202
    assert [message["channel"] for message in mailbox(crm)] == ["email"]


def test_the_database_holds_no_code(shop: Crm) -> None:
    ask(shop)
    code = newest_code(shop)
    with shop.database.read() as session:
        row = session.scalars(select(OneTimeCode)).one()
        assert code not in row.code_hash
        assert len(row.code_hash) == 64


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channel": "email", "to": "no address"}, "body.to"),
        ({"channel": "sms", "to": "+442079460001"}, "body.channel"),
        ({"channel": "pigeon", "to": "a@b"}, "body.channel"),
    ],
)
def test_what_cannot_be_reached_is_named(sqlite_crm: Crm, body: dict[str, str], field: str) -> None:
    answer = sqlite_crm.call.post("/shopper/c1/codes", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_shop_says_how_codes_are_sent(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(sections={"codes": {"channels": []}}))
    assert ask(crm).json()["errors"][0]["field"] == "body.channel"


def test_production_has_no_mailbox(sqlite_crm: Crm) -> None:
    held = sqlite_crm.app.state.resources
    object.__setattr__(held, "settings", held.settings.model_copy(update={"environment": "production"}))
    assert sqlite_crm.call.get("/dev/mailbox").status_code == 404
    # Nor anything to send a mail with.
    assert ask(sqlite_crm).json()["errors"][0]["field"] == "body.channel"


# --- Delivery ---------------------------------------------------------------------------------------------------


class Recorder:
    """A transport that fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.sent: list[tuple[str, str | None, str]] = []

    def send(self, to: str, subject: str | None, body: str, reference: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError
        self.sent.append((to, subject, body))


def test_a_message_is_sent_once_and_its_words_are_forgotten(shop: Crm) -> None:
    ask(shop)
    transport, clock = Recorder(failures=1), Clock(wall=shop.wall)
    assert delivery.deliver_due(shop.database, clock, {"email": transport}) == 0
    shop.wall.advance(minutes=1)
    assert delivery.deliver_due(shop.database, clock, {"email": transport}) == 1
    assert delivery.deliver_due(shop.database, clock, {"email": transport}) == 0
    assert [to for to, _subject, _body in transport.sent] == ["Mina@Example.org"]
    with shop.database.read() as session:
        message = session.scalars(select(OutgoingMessage)).one()
        assert (message.state, message.recipient, message.subject, message.body) == ("sent", None, None, None)
    assert mailbox(shop) == []


def test_a_code_that_has_expired_is_not_sent(shop: Crm) -> None:
    ask(shop)
    shop.wall.advance(minutes=11)
    transport = Recorder()
    assert delivery.deliver_due(shop.database, Clock(wall=shop.wall), {"email": transport}) == 0
    assert transport.sent == []


def test_messages_follow_the_conversations_language(shop: Crm) -> None:
    shop.start("c1", language="zh")
    ask(shop)
    assert "验证码" in mailbox(shop)[0]["body"]
    with shop.records() as session:
        session.execute(update(Customer).values(language="zh-CN"))
    ask(shop, "c2")
    assert "验证码" in mailbox(shop)[0]["subject"]


def test_every_language_has_the_same_words() -> None:
    def variables(text: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}

    assert set(languages()) == {"en", "zh"}
    english, chinese = parts("one_time_code", "en"), parts("one_time_code", "zh")
    assert english.keys() == chinese.keys()
    assert {key: variables(text) for key, text in english.items()} == {
        key: variables(text) for key, text in chinese.items()
    }
