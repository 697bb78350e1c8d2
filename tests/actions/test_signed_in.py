"""A shopper who is signed in never types an order number."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from actions.crm_client import CrmClient
from crm_backend.app import create_app
from crm_backend.identity.tokens import sign_identity_token
from crm_backend.settings import CrmSettings
from tests.actions.conftest import Conversation, Run, order_number, proof, responses


@pytest.fixture
def signed_in(crm: CrmClient, run: Run, crm_settings: CrmSettings) -> Conversation:
    """A conversation of the customer with two open orders."""
    conversation = Conversation(crm, run)
    token = sign_identity_token(
        crm_settings.identity_secret,
        customer_external_id="c1",
        source=None,
        now=datetime.now(UTC),
        lifetime=timedelta(minutes=5),
    )

    async def sign_in() -> httpx.Response:
        app = create_app(crm_settings)
        headers = {"Authorization": f"Bearer {crm_settings.service_token.get_secret_value()}"}
        async with httpx.AsyncClient(
            base_url="http://crm", transport=httpx.ASGITransport(app=app), headers=headers
        ) as http:
            path = f"/shopper/{conversation.conversation_id}"
            await http.put(path, json={"client_address": None, "language": "en"})
            return await http.post(f"{path}/identity", json={"identity_token": token})

    assert run(sign_in()).json()["level"] == "customer"
    return conversation


def buttons(said: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["title"], each["payload"]) for each in itertools.chain(*(one["buttons"] for one in said))]


def test_several_open_orders_are_told_with_a_button_each(signed_in: Conversation) -> None:
    said = signed_in.say("track_order")
    assert responses(said) == ["utter_open_orders"]
    offered = buttons(said)
    assert {json.loads(payload.removeprefix("/track_order"))["order_number"] for _, payload in offered} == {
        "489434",
        "489435",
    }
    assert any("Red lamp" in title for title, _ in offered)
    chosen = signed_in.say("track_order", {"entity": "order_number", "value": "489435", "extractor": "button"})
    assert responses(chosen)[0] == "utter_order_status"
    assert "489435" in chosen[0]["status"]


def test_a_named_order_is_shown_by_its_order_or_tracking_number(signed_in: Conversation) -> None:
    for number in ("489434", "RB123456789GB"):
        assert "489434" in signed_in.say("track_order", order_number(number))[0]["status"]


def test_an_order_of_somebody_else_is_not_found(signed_in: Conversation) -> None:
    said = signed_in.say("track_order", order_number("SD-10023"))
    assert responses(said) == ["utter_order_not_yours"]
    assert all("SD-10023" not in title for title, _ in buttons(said))


def test_two_named_orders_are_shown(signed_in: Conversation) -> None:
    said = signed_in.say("track_order", order_number("489434"), order_number("489435"))
    assert responses(said).count("utter_order_status") == 2


def test_another_order_is_chosen_from_all(signed_in: Conversation) -> None:
    signed_in.hear("track_another")
    signed_in.act("action_track_another")
    assert responses(signed_in._form_turn()) == ["utter_which_of_all_orders"]


def test_a_guest_without_orders_is_asked_and_not_told_of_any(crm: CrmClient, run: Run) -> None:
    conversation = Conversation(crm, run)
    said = conversation.say("track_order", {"entity": "order_number", "value": "489435", "extractor": "button"})
    assert responses(said) == ["utter_ask_identity_proofs_first"]
    assert responses(conversation.say("provide_details", proof("phone_last4", "9999"))) == [
        "utter_ask_identity_proofs_failed"
    ]


def test_what_is_offered_and_shown_is_what_it_means_next(signed_in: Conversation) -> None:
    signed_in.slots["focus"] = {"lines": ["489434/1"]}
    signed_in.say("track_order")
    offered = signed_in.slots["focus"]
    assert set(offered["shown"]) == {"489434", "489435"}
    assert offered["orders"] == [], "what is only offered was not spoken of yet"
    signed_in.say("track_order", {"entity": "order_number", "value": "489435", "extractor": "button"})
    shown = signed_in.slots["focus"]
    assert shown["orders"] == ["489435"]
    again = signed_in.say("track_order")
    assert "489435" in again[0]["status"], "what was just spoken of is meant, not asked for again"
    assert shown["lines"] == [], "lines of another order are not meant any longer"
