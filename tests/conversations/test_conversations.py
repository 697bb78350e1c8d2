"""Every conversation of this folder, through the gateway on the trained model against the real CRM."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from shopdesk.demo.settings import load_settings
from shopdesk.demo.shop import DEFAULT_CUSTOMERS, DEFAULT_SEED, generate
from tests.conversations.runner import Conversation, button_id, check_turn, conversations, filled
from tests.support.stack import DEMO_NOW, Stack

ALL = dict(conversations())


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
    headers = {"Authorization": f"Bearer {stack.secret('SERVICE_TOKEN')}"}
    answer = httpx.get(stack.crm_url + path, headers=headers)
    answer.raise_for_status()
    return answer.json()


def _orders_as_stored(stack: Stack) -> list[tuple[Any, ...]]:
    engine = create_engine(f"sqlite:///{stack.home / 'crm.sqlite3'}")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, state, content_hash, total_minor FROM orders ORDER BY id")).all()
    engine.dispose()
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("name", ALL)
def test_conversation(name: str, demo_stack: Stack, stories: Mapping[str, Mapping[str, Any]]) -> None:
    conversation: Conversation = ALL[name]
    facts = stories[conversation.order] if conversation.order else {}
    before = _orders_as_stored(demo_stack)
    token = None
    if conversation.signed_in:
        signed = demo_stack.shopdesk("identity-token", "--customer", str(facts["customer"]))
        assert signed.returncode == 0, signed.stderr
        token = signed.stdout.strip()
    with demo_stack.chat() as chat:
        replies = chat.open(conversation.language, identity_token=token)
        for turn in conversation.turns:
            if turn.say is not None:
                replies = chat.say(filled(turn.say, facts))
            else:
                assert turn.press is not None
                replies = chat.press(button_id(replies, turn.press))
            said = turn.say or turn.press
            problems = check_turn(turn, replies, facts)
            assert not problems, f"after {said!r}:\n" + "\n".join(problems)
            if turn.intent is not None:
                intent, handoff = _record(demo_stack, chat.conversation_id)
                assert intent == turn.intent, f"{said!r} was understood as {intent}"
        _, handoff = _record(demo_stack, chat.conversation_id)
        assert (handoff is not None) == conversation.end.handoff
        verification = _crm_get(demo_stack, f"/shopper/{chat.conversation_id}/verification")
    assert verification["level"] == conversation.end.level
    assert _orders_as_stored(demo_stack) == before, "a conversation that only asks changed an order"


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
