"""One-time codes by SMS: through a provider's webhook, within the same limits as mails."""

from __future__ import annotations

import hashlib
import hmac
import json
import re

import pytest
from pydantic import SecretStr, ValidationError

from crm_backend.encryption.keyring import new_key
from crm_backend.jobs import deliver_messages
from crm_backend.messages.sms import SmsRefused, SmsWebhook
from crm_backend.settings import CrmSettings
from shopdesk_schemas.clock import Clock
from tests.crm.account.conftest import fill
from tests.crm.changes.test_effects import receiving
from tests.crm.conftest import Crm, CrmRunner, policies_with

SECRET = SecretStr("secret-of-the-sms-provider-32-bytes-long")


def ask(crm: Crm, to: str = "+442079460001", conversation: str = "c9") -> int:
    answer = crm.call.post(f"/shopper/{conversation}/codes", json={"channel": "sms", "to": to})
    return answer.status_code


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    crm = run_crm(policies=policies_with(sections={"codes": {"channels": ["sms"]}}))
    fill(crm)
    return crm


def test_a_code_reaches_the_phone_signed_and_opens_the_record(shop: Crm) -> None:
    assert ask(shop) == 202
    held = shop.app.state.resources
    with receiving([500]) as provider:
        held.settings.sms_webhook_url, held.settings.sms_webhook_secret = provider.url, SECRET
        deliver_messages(held)
        shop.wall.advance(minutes=1)
        deliver_messages(held)
        deliver_messages(held)
    assert len(provider.got) == 2
    first, second = (json.loads(body) for _, body in provider.got)
    assert first == second
    headers, body = provider.got[1]
    signed = f"{headers['Shopdesk-Timestamp']}.".encode() + body
    assert (
        headers["Shopdesk-Signature"]
        == hmac.new(SECRET.get_secret_value().encode(), signed, hashlib.sha256).hexdigest()
    )
    assert headers["Idempotency-Key"] == first["id"]
    assert first["to"] == "+442079460001"
    code = re.search(r"\b\d{6}\b", first["text"])
    assert code is not None
    confirmed = shop.call.post("/shopper/c9/codes/confirm", json={"code": code[0]})
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json()["method"] == "code_sms"
    assert shop.call.get("/dev/mailbox").json() == {"messages": []}


def test_without_a_provider_the_mailbox_shows_it_and_limits_are_those_of_mails(shop: Crm) -> None:
    assert [ask(shop) for _ in range(4)] == [202, 202, 202, 429]
    shown = shop.call.get("/dev/mailbox").json()["messages"]
    assert [message["channel"] for message in shown] == ["sms"] * 3
    assert ask(shop, "+442079460999", "c8") == 202
    assert len(shop.call.get("/dev/mailbox").json()["messages"]) == 3


def test_a_code_that_came_too_late_is_not_sent(shop: Crm) -> None:
    assert ask(shop) == 202
    shop.wall.advance(minutes=11)
    held = shop.app.state.resources
    with receiving() as provider:
        held.settings.sms_webhook_url, held.settings.sms_webhook_secret = provider.url, SECRET
        deliver_messages(held)
    assert provider.got == []


def test_a_provider_that_is_away_is_another_try(shop: Crm) -> None:
    with receiving() as gone:
        url = gone.url
    with pytest.raises(SmsRefused):
        SmsWebhook(url, SECRET, Clock(wall=shop.wall)).send("+44", None, "words", "msg-1")


def test_in_production_codes_go_by_the_ways_that_there_are() -> None:
    def channels(**settings: object) -> tuple[str, ...]:
        secrets = dict.fromkeys(("service_token", "identity_secret", "lookup_key"), "x" * 40)
        secrets["encryption_keys"] = new_key("k1")
        return CrmSettings(environment="production", **secrets, **settings).message_channels()  # type: ignore[arg-type]

    assert channels() == ()
    assert channels(sms_webhook_url="https://sms.example", sms_webhook_secret=SECRET) == ("sms",)
    with pytest.raises(ValidationError, match="SMS_WEBHOOK_SECRET"):
        channels(sms_webhook_url="https://sms.example", sms_webhook_secret="short")
