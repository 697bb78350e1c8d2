"""Every conversation of this folder, through the gateway on the trained model against the real CRM."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import create_engine, text

from crm_backend.effects.models import EFFECT_STATES
from shopdesk.demo.settings import load_settings
from shopdesk.demo.shop import DEFAULT_CUSTOMERS, DEFAULT_SEED, generate
from tests.conversations.runner import Account, Became, Conversation, button_id, check_turn, conversations, filled
from tests.conversations.shoppers import facts_of, stack_now, write_shoppers
from tests.support.stack import DEMO_NOW, Stack

ALL = dict(conversations())
_PICTURE = BytesIO()
Image.new("RGB", (40, 20), "grey").save(_PICTURE, "PNG")


@pytest.fixture(scope="module")
def stories() -> Mapping[str, Mapping[str, Any]]:
    """The facts of each story's order in the demo shop, by the story's key."""
    now = datetime.fromisoformat(DEMO_NOW)
    shop = generate(load_settings(), seed=DEFAULT_SEED, customers=DEFAULT_CUSTOMERS, now=now)
    return {
        order.story: {
            "order_number": order.number,
            "tracking_number": order.parcels[0].tracking_number if order.parcels else None,
            "postcode": order.person.home.fields["postcode"],
            "email": order.person.email,
            "phone_last4": order.person.phone[-4:] if order.person.phone else None,
            "customer": order.person.external_id,
        }
        for order in shop.orders
        if order.story is not None
    }


def _crm_get(stack: Stack, path: str) -> Any:
    return stack.crm_get(path)


def _newest_code(stack: Stack) -> str:
    """The last one-time code that was sent, as the development mailbox shows it."""
    bodies = [message["body"] for message in _crm_get(stack, "/dev/mailbox")["messages"]]
    return next(found[0] for body in bodies if (found := re.search(r"\b\d{6}\b", body)))


def _orders_as_stored(stack: Stack) -> dict[str, tuple[Any, ...]]:
    """What there is of each order, by number: its row and how many returns it has."""
    engine = create_engine(f"sqlite:///{stack.home / 'crm.sqlite3'}")
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT number, id, state, version, total_minor, "
                "(SELECT count(*) FROM returns WHERE order_id = orders.id) FROM orders WHERE kind = 'sale'"
            )
        ).all()
    engine.dispose()
    return {row[0]: tuple(row[1:]) for row in rows}


@pytest.fixture(scope="module")
def shoppers(demo_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, str]]:
    """The shoppers of the changing conversations, put into the demo shop: their facts by the conversation's name."""
    own = {name: conversation.shopper for name, conversation in ALL.items() if conversation.shopper is not None}
    folder = tmp_path_factory.mktemp("shoppers")
    write_shoppers(folder, own, stack_now(DEMO_NOW))
    done = demo_stack.shopdesk("import", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: facts_of(name, shopper) for name, shopper in own.items()}


@pytest.mark.parametrize("name", ALL)
def test_conversation(
    name: str,
    demo_stack: Stack,
    stories: Mapping[str, Mapping[str, Any]],
    shoppers: Mapping[str, Mapping[str, str]],
) -> None:
    conversation: Conversation = ALL[name]
    facts = stories[conversation.order] if conversation.order else shoppers.get(name, {})
    before = _orders_as_stored(demo_stack)
    token = None
    if conversation.signed_in or conversation.shopper:
        token = demo_stack.identity_token(str(facts["customer"]))
    with demo_stack.chat() as chat:
        replies = chat.open(conversation.language, identity_token=token)
        for turn in conversation.turns:
            if turn.say is not None:
                known = {**facts, "code": _newest_code(demo_stack)} if "{code}" in turn.say else facts
                replies = chat.say(filled(turn.say, known))
            elif turn.show is not None:
                replies = chat.send({"image_id": chat.upload(_PICTURE.getvalue())})
            else:
                assert turn.press is not None
                replies = chat.press(button_id(replies, turn.press))
            said = turn.say or turn.press or turn.show
            problems = check_turn(turn, replies, facts)
            assert not problems, f"after {said!r}:\n" + "\n".join(problems)
            if turn.intent is not None:
                intent, handoff = _record(demo_stack, chat.conversation_id)
                assert intent == turn.intent, f"{said!r} was understood as {intent}"
        _, handoff = _record(demo_stack, chat.conversation_id)
        assert (handoff is not None) == conversation.end.handoff
        verification = _crm_get(demo_stack, f"/shopper/{chat.conversation_id}/verification")
        assert verification["level"] == conversation.end.level
        for key, became in conversation.end.orders.items():
            check_order(demo_stack, chat.conversation_id, str(facts[key]), became)
        if conversation.end.account is not None:
            _check_account(demo_stack, chat.conversation_id, str(facts["customer"]), conversation.end.account)
        for key, kinds in conversation.end.asked.items():
            assert _cases_and_effects(demo_stack, str(facts[key]))[1] == set(kinds)
    after = _orders_as_stored(demo_stack)
    placed = sum(map(len, [conversation.end.account.placed or []])) if conversation.end.account else 0
    assert len(after.keys() - before.keys()) == placed, "other orders were placed than were to"
    changed = {number for number in before if after.get(number) != before[number]}
    assert changed == {facts[key] for key in conversation.end.orders}, "other orders changed than were to"


def check_order(stack: Stack, conversation_id: str, number: str, became: Became) -> None:
    """What became of an order, as the CRM has it."""
    order = _crm_get(stack, f"/shopper/{conversation_id}/orders/{number}")
    lines = {line["line_number"]: line for line in order["lines"]}
    if became.state is not None:
        assert order["state"] == became.state
    if became.cancelled is not None:
        cancelled = {n: line["cancelled_quantity"] for n, line in lines.items() if line["cancelled_quantity"]}
        assert cancelled == became.cancelled
    assert {number: lines[number]["sku"] for number in became.skus} == became.skus
    if became.refund_target is not None:
        assert [refund["target"] for refund in order["refunds"]] == [became.refund_target]
    if became.refunded is not None:
        assert sum(refund["amount_minor"] for refund in order["refunds"]) == became.refunded
    claims = _crm_get(stack, f"/shopper/{conversation_id}/claims")["claims"]
    made = [each for each in reversed(claims) if each["order_number"] == number]
    assert len(made) == len(became.claims)
    for each, claimed in zip(made, became.claims, strict=True):
        assert (each["kind"], each["resolution"], each["state"]) == (claimed.kind, claimed.resolution, claimed.state)
        quantities = {int(line): quantity for line, quantity in each["quantities"].items()}
        assert claimed.lines in (None, quantities)
        assert claimed.photos is None or claimed.photos == len(_photos(stack, each["id"]))
    opened, asked = _cases_and_effects(stack, number)
    assert opened == sorted(became.cases)
    assert not became.effects or asked == set(became.effects)
    if became.address:
        told = _address_told(stack, number)
        assert {name: told[name] for name in became.address} == became.address
    returns = _crm_get(stack, f"/shopper/{conversation_id}/returns")["returns"]
    mine = [each for each in returns if each["order_number"] == number]
    if became.return_states is not None:
        assert [each["state"] for each in reversed(mine)] == became.return_states
        return
    assert len(mine) == len(became.returns)
    for each, expected in zip(reversed(mine), became.returns, strict=True):
        assert each["kind"] == expected.kind
        assert {line["line_number"]: line["quantity"] for line in each["lines"]} == expected.lines
        new = {line["line_number"]: line["new_sku"] for line in each["lines"] if line["new_sku"]}
        assert new == expected.new
        assert expected.reason in (None, each["reason"])
        assert expected.target in (None, each["target"])


def _check_account(stack: Stack, conversation_id: str, customer: str, became: Account) -> None:
    shopper = f"/shopper/{conversation_id}"
    if became.profile:
        profile = _crm_get(stack, f"{shopper}/profile")
        assert {name: profile[name] for name in became.profile} == became.profile
    consents = _crm_get(stack, f"{shopper}/consents")["present"]
    said = {"/".join(filter(None, (each["purpose"], each["channel"]))): each["granted"] for each in consents}
    assert said == became.consents
    if became.preferences is not None:
        noted = _crm_get(stack, f"{shopper}/preferences")["preferences"]
        assert [each["words"] for each in noted] == became.preferences
    if became.addresses is not None:
        book = _crm_get(stack, f"{shopper}/addresses")["addresses"]
        lines = [f"{'*' if each['is_default'] else ''}{each['line1']}" for each in book]
        assert sorted(lines) == sorted(became.addresses)
    if became.placed is not None:
        assert _placed(stack, customer) == became.placed
    if became.reviews is not None:
        written = _crm_get(stack, f"{shopper}/reviews")["reviews"]
        assert {each["title"]: (each["rating"], each["words"]) for each in written} == became.reviews
    if became.cases is not None:
        engine = create_engine(f"sqlite:///{stack.home / 'crm.sqlite3'}")
        with engine.connect() as connection:
            query = (
                "SELECT kind FROM cases WHERE order_id IS NULL "
                "AND customer_id = (SELECT id FROM customers WHERE external_id = :customer)"
            )
            assert sorted(connection.execute(text(query), {"customer": customer}).scalars()) == became.cases
        engine.dispose()


def _placed(stack: Stack, customer: str) -> list[list[str]]:
    """The orders that a customer placed in the chat, as the shop's systems were told of them."""
    told = _told(stack, "order.create")
    engine = create_engine(f"sqlite:///{stack.home / 'crm.sqlite3'}")
    with engine.connect() as connection:
        orders = connection.execute(
            text(
                "SELECT id, number FROM orders WHERE customer_id = "
                "(SELECT id FROM customers WHERE external_id = :customer) ORDER BY id"
            ),
            {"customer": customer},
        ).all()
        query = text("SELECT sku, quantity FROM order_lines WHERE order_id = :order ORDER BY line_number")
        placed = [
            [
                *(f"{sku}*{count}" for sku, count in connection.execute(query, {"order": order})),
                str(told[number]["line1"]),
            ]
            for order, number in orders
            if number in told
        ]
    engine.dispose()
    return placed


def _cases_and_effects(stack: Stack, number: str) -> tuple[list[str], set[str]]:
    """The kinds of the cases and of the work for other systems that an order has."""
    engine = create_engine(f"sqlite:///{stack.home / 'crm.sqlite3'}")
    with engine.connect() as connection:

        def kinds(table: str) -> list[str]:
            query = f"SELECT kind FROM {table} WHERE order_id = (SELECT id FROM orders WHERE number = :number)"
            return [row[0] for row in connection.execute(text(query), {"number": number})]

        found = sorted(kinds("cases")), set(kinds("effects"))
    engine.dispose()
    return found


def _photos(stack: Stack, claim: str) -> list[str]:
    """Ids of the pictures that are kept with a claim."""
    engine = create_engine(f"sqlite:///{stack.home / 'crm.sqlite3'}")
    with engine.connect() as connection:
        evidence = connection.execute(
            text("SELECT evidence FROM shipment_claims WHERE public_id = :claim"), {"claim": claim}
        ).scalar_one()
    engine.dispose()
    photos: list[str] = json.loads(evidence).get("photos", [])
    return photos


def _address_told(stack: Stack, number: str) -> dict[str, Any]:
    """The address that the warehouse was told last."""
    return _told(stack, "order.address")[number]


def _told(stack: Stack, kind: str) -> dict[str, dict[str, Any]]:
    """What the shop's systems were told last in this kind of work, by the order's number."""
    path = f"/staff/effects?kind={kind}&limit=500&" + "&".join(f"state={state}" for state in EFFECT_STATES)
    page = _crm_get(stack, path)
    assert page["next"] is None
    return {each["order"]["number"]: each["payload"] for each in page["effects"]}


def _record(stack: Stack, conversation_id: str) -> tuple[str | None, str | None]:
    """The last intent understood and the reason for a hand-over, as the gateway recorded them."""
    engine = create_engine(f"sqlite:///{stack.home / 'gateway.sqlite3'}")
    with engine.connect() as connection:
        intent = connection.execute(
            text(
                "SELECT intent FROM turns WHERE conversation_id = :id AND intent IS NOT NULL "
                "ORDER BY last_seq DESC LIMIT 1"
            ),
            {"id": conversation_id},
        ).scalar()
        handoff = connection.execute(
            text("SELECT handoff_reason FROM conversations WHERE id = :id"), {"id": conversation_id}
        ).scalar()
    engine.dispose()
    return intent, handoff
