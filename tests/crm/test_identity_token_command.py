"""`shopdesk identity-token`."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from shopdesk.commands import identity_token
from tests.crm import records
from tests.crm.conftest import IDENTITY_SECRET, Crm


def _run(*arguments: str) -> str:
    app = typer.Typer()
    app.callback()(lambda: None)
    identity_token.register(app)
    outcome = CliRunner().invoke(app, ["identity-token", *arguments])
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout.strip()


def test_the_token_signs_the_customer_in(sqlite_crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    monkeypatch.setenv("SHOPDESK_IDENTITY_SECRET", IDENTITY_SECRET.get_secret_value())
    sqlite_crm.wall.now = datetime.now(UTC)
    with sqlite_crm.records() as session:
        records.customer(session, external_id="C 1001", source="web", given_name="Mina")
        records.customer(session, external_id="C 1001", source="market", given_name="Otto")
    first, second = (_run("--customer", "C 1001", "--source", "market", "--minutes", "5") for _ in range(2))
    assert first != second
    assert sqlite_crm.identify("c1", first).json()["display_name"] == "Otto"
    assert sqlite_crm.identify("c2", second).status_code == 200
