"""`shopdesk agent`: accounts for the console. There is no default account and no default password."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from gateway.console.accounts import Accounts
    from gateway.database.engine import WriteSession

agents = typer.Typer(help="Accounts of support agents for the console.", no_args_is_help=True)

PasswordFromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it.")
]
GeneratePassword = Annotated[bool, typer.Option("--generate", help="Make a password and print it, this once.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(agents, name="agent")


@agents.command("add")
def add(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Option(help="agent, lead, admin or read_only.")] = "agent",
    name: Annotated[str, typer.Option(help="The name others see; the user name when left out.")] = "",
    generate: GeneratePassword = False,
    password_stdin: PasswordFromInput = False,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Change nothing and succeed when the agent exists.")
    ] = False,
) -> None:
    """Add an agent. Asks for a password unless told where it comes from."""
    from gateway.console.accounts import by_username, normalised
    from gateway.console.models import ROLES

    chosen = next((known for known in ROLES if known == role), None)
    if chosen is None:
        _fail(f"--role must be one of {', '.join(ROLES)}, not {role!r}")

    async def exists(_accounts: Accounts, session: WriteSession) -> bool:
        return await by_username(session, normalised(username)) is not None

    if if_missing and _in_transaction(exists):
        typer.echo(f"There is already an agent named {username}; nothing changed.")
        return
    password = _password(generate=generate, from_input=password_stdin)

    async def create(accounts: Accounts, session: WriteSession) -> str:
        agent = await accounts.add(session, username=username, display_name=name, role=chosen, password=password)
        return agent.username

    stored = _in_transaction(create)
    typer.echo(f"Added {stored} ({role}).")
    if generate:
        typer.echo(f"Password: {password}")


@agents.command("password")
def set_password(
    username: Annotated[str, typer.Argument(help="The agent's user name.")],
    generate: GeneratePassword = False,
    password_stdin: PasswordFromInput = False,
) -> None:
    """Set a new password for an agent and sign them out everywhere."""
    password = _password(generate=generate, from_input=password_stdin)

    async def change(accounts: Accounts, session: WriteSession) -> str:
        return (await accounts.set_password(session, username, password)).username

    typer.echo(f"New password set for {_in_transaction(change)}; signed out everywhere.")
    if generate:
        typer.echo(f"Password: {password}")


@agents.command("disable")
def disable(username: Annotated[str, typer.Argument(help="The agent's user name.")]) -> None:
    """Keep an agent out and sign them out everywhere."""

    async def change(accounts: Accounts, session: WriteSession) -> str:
        return (await accounts.set_active(session, username, active=False)).username

    typer.echo(f"{_in_transaction(change)} can no longer sign in.")


@agents.command("enable")
def enable(username: Annotated[str, typer.Argument(help="The agent's user name.")]) -> None:
    """Let a disabled agent in again."""

    async def change(accounts: Accounts, session: WriteSession) -> str:
        return (await accounts.set_active(session, username, active=True)).username

    typer.echo(f"{_in_transaction(change)} can sign in again.")


@agents.command("list")
def list_agents() -> None:
    """List all agents."""

    async def read(accounts: Accounts, session: WriteSession) -> list[tuple[str, str, str, bool]]:
        return [(each.username, each.display_name, each.role, each.active) for each in await accounts.all(session)]

    for username, display_name, role, active in _in_transaction(read):
        typer.echo(f"{username}\t{display_name}\t{role}\t{'' if active else 'disabled'}".rstrip())


def _password(*, generate: bool, from_input: bool) -> str:
    from gateway.console.accounts import generate_password

    if generate and from_input:
        _fail("give either --generate or --password-stdin, not both")
    if generate:
        return generate_password()
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _in_transaction[T](work: Callable[[Accounts, WriteSession], Awaitable[T]]) -> T:
    """Run `work` on the gateway's database, brought to the newest schema first."""
    from gateway.console.accounts import Accounts
    from gateway.database.engine import Database, make_engine
    from gateway.migrations import migrate
    from gateway.secrets import Tokens
    from gateway.settings import GatewaySettings
    from shopdesk_schemas.clock import Clock
    from shopdesk_schemas.problems import ShopdeskError

    settings = GatewaySettings()
    accounts = Accounts(Clock(), Tokens(settings.session_secret), timedelta(hours=settings.console_session_hours))

    async def run() -> T:
        database = Database(make_engine(settings.database_url()))
        try:
            async with database.write() as session:
                return await work(accounts, session)
        finally:
            await database.dispose()

    try:
        migrate(settings.database_url())
        return asyncio.run(run())
    except ShopdeskError as error:
        details = [f"{problem.field} {problem.message}" for problem in error.errors]
        _fail("; ".join(details) or str(error))


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
