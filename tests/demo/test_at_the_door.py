"""What the card offers can be tried: each order opens at the CRM's own door, with the demo shop's own policies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from crm_backend.app import create_app
from crm_backend.database.engine import Database
from crm_backend.settings import CrmSettings
from shopdesk.demo.fill import fill
from shopdesk.demo.settings import DEFAULT_DIRECTORY, DemoSettings
from shopdesk_schemas.clock import Clock
from tests.demo.checks import HAN
from tests.demo.conftest import NOW
from tests.support.asgi import Caller, calling

TOKEN = "service-token-of-the-tests"


@pytest.fixture
def card_entries(demo_settings: DemoSettings, crm_database_url: str, tmp_path: Path) -> list[dict[str, Any]]:
    filled = fill(demo_settings, crm_database_url, tmp_path, seed=20, customers=20, now=NOW)
    entries: list[dict[str, Any]] = json.loads(filled.card.read_text("utf-8"))
    return entries


@pytest.fixture
def crm(database: Database, crm_database_url: str, tmp_path: Path) -> Iterator[Caller]:
    settings = CrmSettings(
        home=tmp_path,
        shop=DEFAULT_DIRECTORY / "shop",
        crm_database_url=crm_database_url,
        service_token=SecretStr(TOKEN),
        identity_secret=SecretStr("identity-secret-of-the-tests-32-bytes-long"),
        lookup_key=SecretStr("lookup-key-of-the-tests"),
    )
    app = create_app(settings, clock=Clock(NOW))
    with calling(app, {"Authorization": f"Bearer {TOKEN}"}) as caller:
        yield caller
    app.state.resources.database.dispose()


def _open(crm: Caller, conversation: str, reference: str, **proof: str) -> int:
    crm.put(f"/shopper/{conversation}", json={"client_address": None, "language": "en"})
    return crm.post(f"/shopper/{conversation}/verification", json={"reference": reference, **proof}).status_code


def test_every_order_of_the_card_opens(crm: Caller, card_entries: list[dict[str, Any]]) -> None:
    for number, entry in enumerate(card_entries):
        chinese = entry["language"] == "zh"
        # Chinese postcodes cover a district and prove nothing; the card's Chinese order is opened by the phone.
        proof = {"phone_last4": entry["phone_last4"]} if chinese else {"postcode": entry["postcode"]}
        ways = [(entry["order_number"], proof), (entry["order_number"], {"email": entry["email"]})]
        if entry["tracking_number"]:
            ways.append((entry["tracking_number"], {"phone_last4": entry["phone_last4"]}))
        for way, (reference, fact) in enumerate(ways):
            conversation = f"conversation-{number}-{way}"
            assert _open(crm, conversation, reference, **fact) == 200, (reference, fact)
            order = crm.get(f"/shopper/{conversation}/orders/{entry['order_number']}", params={"language": "zh"}).json()
            assert order["number"] == entry["order_number"]
            assert order["state"] == entry["state"]
            assert all(HAN.search(line["title"]) for line in order["lines"])


def test_the_late_order_is_late_and_the_others_are_not(crm: Caller, card_entries: list[dict[str, Any]]) -> None:
    found = {}
    for number, entry in enumerate(card_entries):
        assert _open(crm, f"conversation-{number}", entry["order_number"], email=entry["email"]) == 200
        order = crm.get(f"/shopper/conversation-{number}/orders/{entry['order_number']}").json()
        found[entry["note"]["en"].split(":")[0]] = order["late"]
    assert found["Late"] is True
    assert found["On its way and on time"] is False
    assert found["Out for delivery"] is False
    assert found["Delivered yesterday"] is False
