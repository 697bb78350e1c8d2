"""The CRM's application over an empty database, with a wall clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from crm_backend.app import create_app
from crm_backend.database.engine import Database, WriteSession
from crm_backend.identity.tokens import sign_identity_token
from crm_backend.policies.document import parse_document
from crm_backend.policies.policy import Policies, check_policies
from crm_backend.settings import CrmSettings
from shopdesk_schemas.clock import Clock
from tests.support.asgi import Caller, calling

TOKEN = "service-token-of-the-tests"
IDENTITY_SECRET = SecretStr("identity-secret-of-the-tests-32-bytes-long")

POLICIES = """
shop:
  name: {en: Test Shop}
  languages: [en]
  default_language: en
  country: GB
  timezone: Europe/London
  currency: GBP
verification:
  references: [order_number, tracking_number]
  proofs: [postcode, email, phone_last4]
  countries_without_postcode: [CN]
  expires_after_minutes: 30
  identity_token_expires_after_minutes: 120
  identity_token_max_age_minutes: 10
  limits:
    conversation: [{failures: 3, minutes: 15}]
    address: [{failures: 5, minutes: 60}]
    reference:
      - {failures: 4, minutes: 5}
      - {failures: 6, minutes: 1440, proofs: [phone_last4]}
"""


def policies_with(*, sections: dict[str, Any] | None = None, **verification: Any) -> Policies:
    """The tests' policies with other values in their `verification` section, and other sections besides."""
    document = parse_document(POLICIES)
    document.content["verification"].update(verification)
    document.content.update(sections or {})
    return check_policies(document, "policies.yml")


class Wall:
    """A machine's clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


class Crm:
    """One running CRM and ways to speak with it as the actions and the gateway do."""

    def __init__(self, app: FastAPI, caller: Caller, database: Database, wall: Wall) -> None:
        self.app = app
        self.call = caller
        self.database = database
        self.wall = wall

    @contextmanager
    def records(self) -> Iterator[WriteSession]:
        with self.database.write() as session:
            yield session

    def start(self, conversation: str, address: str | None = None, language: str | None = None) -> None:
        answer = self.call.put(f"/shopper/{conversation}", json={"client_address": address, "language": language})
        assert answer.status_code == 204, answer.text

    def verify(self, conversation: str, reference: str, **proof: str) -> httpx.Response:
        return self.call.post(f"/shopper/{conversation}/verification", json={"reference": reference, **proof})

    def verification(self, conversation: str) -> dict[str, Any]:
        answer = self.call.get(f"/shopper/{conversation}/verification")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def sign(self, customer: str, source: str | None = None, minutes: float = 5) -> str:
        return sign_identity_token(
            IDENTITY_SECRET,
            customer_external_id=customer,
            source=source,
            now=self.wall.now,
            lifetime=timedelta(minutes=minutes),
        )

    def identify(self, conversation: str, token: str) -> httpx.Response:
        return self.call.post(f"/shopper/{conversation}/identity", json={"identity_token": token})

    def orders(self, conversation: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.call.get(f"/shopper/{conversation}/orders", params=query)
        assert answer.status_code == 200, answer.text
        listed: list[dict[str, Any]] = answer.json()["orders"]
        return listed

    def order(self, conversation: str, number: str, **query: Any) -> httpx.Response:
        return self.call.get(f"/shopper/{conversation}/orders/{number}", params=query)

    def propose(self, conversation: str, kind: str, key: str | None = None, **details: Any) -> httpx.Response:
        return self.call.post(
            f"/shopper/{conversation}/proposals",
            json={"kind": kind, "details": details},
            headers={"Idempotency-Key": key} if key else None,
        )

    def confirm(self, conversation: str, proposal: str, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else None
        return self.call.post(f"/shopper/{conversation}/proposals/{proposal}/confirm", headers=headers)

    def decline(self, conversation: str, proposal: str) -> httpx.Response:
        return self.call.post(f"/shopper/{conversation}/proposals/{proposal}/decline")

    def change(self, conversation: str, kind: str, **details: Any) -> dict[str, Any]:
        """Propose and confirm; the confirmed proposal."""
        offered = self.propose(conversation, kind, **details)
        assert offered.status_code == 201, offered.text
        confirmed = self.confirm(conversation, offered.json()["id"])
        assert confirmed.status_code == 200, confirmed.text
        told: dict[str, Any] = confirmed.json()
        return told

    def staff(self, method: str, path: str, agent: str = "mia;agent", **options: Any) -> httpx.Response:
        return self.call.request(method, f"/staff{path}", headers={"X-Shopdesk-Staff": agent}, **options)


class CrmRunner:
    """Starts CRMs on one database: a second one is what a restart, or another worker, is."""

    def __init__(self, stack: ExitStack, database: Database, url: str, home: Path) -> None:
        self._stack = stack
        self._database = database
        self._url = url
        self._home = home
        self.wall = Wall()

    def __call__(self, *, policies: Policies | None = None, business_now: datetime | None = None) -> Crm:
        settings = CrmSettings(
            home=self._home,
            crm_database_url=self._url,
            service_token=SecretStr(TOKEN),
            identity_secret=IDENTITY_SECRET,
            lookup_key=SecretStr("lookup-key-of-the-tests"),
        )
        app = create_app(
            settings,
            clock=Clock(business_now, wall=self.wall),
            policies=policies or policies_with(),
            database=self._database,
        )
        caller = self._stack.enter_context(calling(app, {"Authorization": f"Bearer {TOKEN}"}))
        return Crm(app, caller, self._database, self.wall)


@pytest.fixture
def run_crm(database: Database, crm_database_url: str, tmp_path: Path) -> Iterator[CrmRunner]:
    """Starts CRMs; the test runs once on each store."""
    with ExitStack() as stack:
        yield CrmRunner(stack, database, crm_database_url, tmp_path)


@pytest.fixture
def crm(run_crm: CrmRunner) -> Crm:
    """One CRM; the test runs once on each store."""
    return run_crm()


@pytest.fixture
def sqlite_crm(sqlite_database: Database, tmp_path: Path) -> Iterator[Crm]:
    """One CRM on SQLite, for what does not depend on the store."""
    with ExitStack() as stack:
        url = sqlite_database.engine.url.render_as_string(hide_password=False)
        yield CrmRunner(stack, sqlite_database, url, tmp_path)()
