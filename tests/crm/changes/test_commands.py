"""`shopdesk api-key` and `shopdesk audit verify`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import typer
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from shopdesk.commands import api_key, audit
from tests.crm.changes.conftest import fill_shop, sign_in
from tests.crm.conftest import Crm

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_crm: Crm, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the database of `sqlite_crm`."""
    url = sqlite_crm.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SHOPDESK_CRM_DATABASE_URL", url)
    app = typer.Typer()
    api_key.register(app)
    audit.register(app)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_a_key_is_made_listed_and_revoked(sqlite_crm: Crm, run: Run) -> None:
    from datetime import UTC, datetime

    sqlite_crm.wall.now = datetime.now(UTC)
    key = run("api-key", "create", "warehouse", "--scope", "effects:read", "--days", "30").stdout.strip()
    headers = {"Authorization": f"Bearer {key}"}
    assert sqlite_crm.call.get("/backoffice/effects", headers=headers).status_code == 200
    listed = run("api-key", "list").stdout
    assert "warehouse  effects:read  until" in listed
    assert key not in listed
    name = listed.split()[0]
    assert run("api-key", "revoke", name).exit_code == 0
    assert "revoked" in run("api-key", "list").stdout
    assert sqlite_crm.call.get("/backoffice/effects", headers=headers).status_code == 401


def test_wrong_scopes_and_unknown_keys_are_errors(run: Run) -> None:
    assert "There is no scope everything" in str(run("api-key", "create", "x", "--scope", "everything").exception)
    assert run("api-key", "create", "x").exit_code != 0
    assert "There is no key nobody" in str(run("api-key", "revoke", "nobody").exception)


def test_the_audit_log_is_verified(sqlite_crm: Crm, run: Run) -> None:
    fill_shop(sqlite_crm)
    sign_in(sqlite_crm)
    sqlite_crm.change("c1", "order.cancel", order="SD-1")
    whole = run("audit", "verify")
    assert whole.exit_code == 0
    assert whole.stdout.startswith("5 entries, all as they were written")
    head = whole.stdout.split()[-1]
    assert run("audit", "verify", "--head", head).exit_code == 0
    assert run("audit", "verify", "--head", "f" * 64).exit_code == 1

    with sqlite_crm.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_log_no_update"))
        connection.execute(text("UPDATE audit_log SET actor_id = 'c2' WHERE id = 2"))
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "entry 2 does not fit" in broken.output
