"""`shopdesk agent`: accounts from the command line."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from gateway.console.accounts import Accounts
from gateway.database.engine import Database, make_engine
from gateway.secrets import Tokens
from shopdesk.commands import agent
from shopdesk_schemas.clock import Clock


@pytest.fixture
def shopdesk(gateway_url: str, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("SHOPDESK_GATEWAY_DATABASE_URL", gateway_url)
    app = typer.Typer()

    @app.callback()
    def root() -> None:
        """As the real command line: a group."""

    agent.register(app)
    return app


def can_sign_in(url: str, username: str, password: str) -> bool:
    async def check() -> bool:
        database = Database(make_engine(url))
        try:
            async with database.read() as session:
                accounts = Accounts(Clock(), Tokens(SecretStr("key")), timedelta(hours=1))
                return await accounts.check(session, username, password) is not None
        finally:
            await database.dispose()

    return asyncio.run(check())


def run(app: typer.Typer, *arguments: str, words: str = "") -> tuple[int, str]:
    outcome = CliRunner().invoke(app, ["agent", *arguments], input=words)
    return outcome.exit_code, outcome.output


def test_an_agent_from_adding_to_disabling(shopdesk: typer.Typer, gateway_url: str) -> None:
    status, output = run(shopdesk, "add", "Ann", "--role", "lead", "--generate")
    assert status == 0, output
    password = re.search(r"^Password: (\S+)$", output, re.MULTILINE)
    assert password
    assert can_sign_in(gateway_url, "ann", password[1])
    assert run(shopdesk, "list") == (0, "ann\tann\tlead\n")

    status, output = run(shopdesk, "add", "ann", "--generate")
    assert (status, "already" in output, "Password" in output) == (1, True, False)
    assert run(shopdesk, "add", "ann", "--generate", "--if-missing")[0] == 0
    assert can_sign_in(gateway_url, "ann", password[1])

    assert run(shopdesk, "password", "ann", "--password-stdin", words="a new long password\n")[0] == 0
    assert not can_sign_in(gateway_url, "ann", password[1])
    assert can_sign_in(gateway_url, "ann", "a new long password")

    assert run(shopdesk, "disable", "ann")[0] == 0
    assert not can_sign_in(gateway_url, "ann", "a new long password")
    assert run(shopdesk, "list") == (0, "ann\tann\tlead\tdisabled\n")
    assert run(shopdesk, "enable", "ann")[0] == 0
    assert can_sign_in(gateway_url, "ann", "a new long password")


def test_the_password_is_asked_for_twice(shopdesk: typer.Typer, gateway_url: str) -> None:
    assert run(shopdesk, "add", "ann", words="a long password!\nanother one!!\n")[0] != 0
    status, output = run(shopdesk, "add", "ann", words="a long password!\na long password!\n")
    assert (status, "a long password!" in output) == (0, False)
    assert can_sign_in(gateway_url, "ann", "a long password!")


@pytest.mark.parametrize(
    ("arguments", "words", "names"),
    [
        (("add", "ann", "--role", "boss", "--generate"), "", "--role"),
        (("add", "two words", "--generate"), "", "username"),
        (("add", "ann", "--password-stdin"), "short\n", "password"),
        (("add", "ann", "--generate", "--password-stdin"), "", "--generate"),
        (("password", "nobody", "--generate"), "", "nobody"),
        (("disable", "nobody"), "", "nobody"),
    ],
)
def test_what_is_wrong_is_said(shopdesk: typer.Typer, arguments: tuple[str, ...], words: str, names: str) -> None:
    status, output = run(shopdesk, *arguments, words=words)
    assert status == 1
    assert names in output
    assert "Traceback" not in output
    assert run(shopdesk, "list") == (0, "")
