"""One of the shop's systems with its key, and what it sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from crm_backend.identity import api_keys
from crm_backend.identity.keys import LookupKeys
from tests.crm.conftest import Crm, CrmRunner


class BackOffice:
    """Speaks with the CRM as one of the shop's systems does."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        with crm.records() as session:
            self.key = api_keys.create(session, "erp", ["records:write", "events:write"], now=crm.wall.now)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.crm.call.post(path, json=body, headers={**self.headers, **headers})

    def records(self, kind: str, *records: Any, **rest: Any) -> dict[str, Any]:
        """The receipt; the call itself must succeed."""
        answer = self.post(f"/backoffice/records/{kind}", {"records": list(records), **rest})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def taken(self, kind: str, *records: Any, **rest: Any) -> dict[str, Any]:
        """The same where nothing may be rejected."""
        receipt = self.records(kind, *records, **rest)
        assert receipt["rejected"] == 0, receipt
        return receipt

    def events(self, *events: Any, **rest: Any) -> dict[str, Any]:
        answer = self.post("/backoffice/events", {"events": list(events), **rest})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def outcomes(receipt: dict[str, Any]) -> list[str]:
    return [item["outcome"] for item in receipt["items"]]


def complaint(receipt: dict[str, Any], index: int = 0) -> tuple[str, str]:
    """The field that was wrong, and why."""
    item = receipt["items"][index]
    assert item["outcome"] == "rejected", item
    error = item["problem"]["errors"][0]
    return error["field"], error["message"]


@pytest.fixture
def back_office(crm: Crm) -> BackOffice:
    return BackOffice(crm)


@pytest.fixture
def run_back_office(run_crm: CrmRunner) -> Callable[[], BackOffice]:
    return lambda: BackOffice(run_crm())


LOOKUP_KEYS = LookupKeys(SecretStr("lookup-key-of-the-tests"))

STAFF = {"X-Shopdesk-Staff": "mia;agent"}
