"""Brings the databases to the newest schema and, on a first start in development, fills them so that there is
something to see: the demo shop (or the shop's own `data/`) and an agent to log in to the console as.

Run by `shopdesk up` as a program of its own (`python -m shopdesk.stores crm_backend gateway`), so that it can be
watched and stopped like the others.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.home import ROOT, write_private

if TYPE_CHECKING:
    from crm_backend.settings import CrmSettings
    from gateway.settings import GatewaySettings
    from shopdesk_schemas.settings import CommonSettings

_DEMO_SHOP = ROOT / "data" / "demo" / "shop"
_DEMO_LOGIN = "demo"
_DEMO_OPTIONS = ("--role", "admin", "--name", "Demo agent", "--password-stdin", "--if-missing")


@dataclass(frozen=True)
class DemoAgent:
    """Whom to log in to the console as. Kept in SHOPDESK_HOME/demo-agent, readable by its owner only."""

    login: str
    password: str


def demo_agent_file(settings: CommonSettings) -> Path:
    """Where the demo agent's password is kept."""
    return settings.home / "demo-agent"


def read_demo_agent(settings: CommonSettings) -> DemoAgent | None:
    """The demo agent of this home; None outside development or where none was made."""
    path = demo_agent_file(settings)
    if settings.environment != "development" or not path.exists():
        return None
    login, _, password = path.read_text("utf-8").strip().partition(" ")
    return DemoAgent(login, password)


def main() -> int:
    """Prepares the stores named on the command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stores", nargs="+", choices=("crm_backend", "gateway"))
    parser.add_argument("--demo", action=argparse.BooleanOptionalAction, default=None)
    options = parser.parse_args()
    try:
        _prepare(options.stores, options.demo)
    except subprocess.CalledProcessError as error:
        return int(error.returncode)  # it has said why
    return 0


def _prepare(stores: list[str], demo: bool | None) -> None:
    if "crm_backend" in stores:
        from crm_backend.settings import CrmSettings

        _prepare_crm(CrmSettings(), demo)
    if "gateway" in stores:
        from gateway.settings import GatewaySettings

        _prepare_gateway(GatewaySettings())


def _prepare_crm(settings: CrmSettings, demo: bool | None) -> None:
    from crm_backend.migrations import migrate

    migrate(settings.crm_database_url)
    # Written before filling and removed after: a fill that was cut off is finished by the next start.
    unfinished = settings.home / "first-fill.unfinished"
    fill = _first_fill(settings, demo)
    cut_off = unfinished.exists()
    if fill and (cut_off or _is_empty(settings.crm_database_url)):
        if cut_off and fill == ["demo"]:
            fill = ["demo", "--force"]  # what is there is our own beginning
        unfinished.touch()
        _shopdesk(*fill)
        unfinished.unlink()


def _first_fill(settings: CrmSettings, demo: bool | None) -> list[str]:
    """The command that fills an empty store; nothing where it should stay empty."""
    if demo is False or settings.environment != "development":
        return []
    own = settings.shop / "data"
    if demo is None and settings.shop.resolve() != _DEMO_SHOP.resolve():
        return ["import", str(own)] if own.is_dir() else []
    return ["demo"]


def _is_empty(url: str) -> bool:
    from sqlalchemy import select

    from crm_backend.account.models import Customer
    from crm_backend.database.engine import Database, make_engine
    from crm_backend.orders.models import Order
    from crm_backend.products.models import Product

    database = Database(make_engine(url))
    try:
        with database.read() as session:
            return all(
                session.execute(select(model.id).limit(1)).first() is None for model in (Customer, Order, Product)
            )
    finally:
        database.dispose()


def _prepare_gateway(settings: GatewaySettings) -> None:
    from gateway.migrations import migrate

    migrate(settings.database_url())
    if settings.environment == "development" and read_demo_agent(settings) is None:
        _make_demo_agent(settings)


def _make_demo_agent(settings: GatewaySettings) -> None:
    agent = DemoAgent(_DEMO_LOGIN, secrets.token_urlsafe(12))
    _shopdesk("agent", "add", agent.login, *_DEMO_OPTIONS, said=agent.password)
    # Where the account was there before the file (a start that was cut off, a file removed), it gets this password.
    _shopdesk("agent", "password", agent.login, "--password-stdin", said=agent.password)
    write_private(demo_agent_file(settings), f"{agent.login} {agent.password}\n")


def _shopdesk(*arguments: str, said: str | None = None) -> None:
    """Runs a `shopdesk` command of its own, with the line `said` on its standard input."""
    subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-m", "shopdesk", *arguments], check=True, input=(said or "") + "\n", text=True
    )


if __name__ == "__main__":
    sys.exit(main())
