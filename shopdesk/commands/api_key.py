"""`shopdesk api-key`: credentials of the shop's own systems for `/backoffice`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    keys = typer.Typer(help="Keys with which the shop's own systems call /backoffice.", no_args_is_help=True)
    app.add_typer(keys, name="api-key")

    @keys.command("create")
    def create(
        name: Annotated[str, typer.Argument(help="Which system it is for, such as `warehouse`.")],
        scope: Annotated[list[str], typer.Option("--scope", help="What it may do; once for each.")],
        days: Annotated[
            int | None, typer.Option(min=1, max=3650, help="How long it is good; for ever if not given.")
        ] = None,
    ) -> None:
        """Make a key and print it. It is shown once: what is kept can check it but not tell it."""
        from typing import cast

        from crm_backend.identity import api_keys
        from shopdesk.crm_database import crm_database
        from shopdesk_schemas.clock import wall_now
        from shopdesk_schemas.problems import InvalidInput

        if unknown := sorted(set(scope) - set(api_keys.SCOPES)):
            raise InvalidInput(f"There is no scope {', '.join(unknown)}. Scopes: {', '.join(api_keys.SCOPES)}.")
        now = wall_now()
        with crm_database() as database, database.write() as session:
            key = api_keys.create(
                session,
                name,
                [cast(api_keys.Scope, one) for one in scope],
                now=now,
                expires_at=now + timedelta(days=days) if days else None,
            )
        typer.echo(key)

    @keys.command("list")
    def list_keys() -> None:
        """Print the keys' names, what they may do and until when; never the keys."""
        from crm_backend.identity import api_keys
        from shopdesk.crm_database import crm_database

        with crm_database() as database, database.read() as session:
            for key in api_keys.list_keys(session):
                until = f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "for ever"
                state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else until
                typer.echo(f"{key.public_id}  {key.name}  {key.scopes}  {state}")

    @keys.command("revoke")
    def revoke(public_id: Annotated[str, typer.Argument(help="The key's name, as `api-key list` prints it.")]) -> None:
        """Make a key worthless from now on."""
        from crm_backend.identity import api_keys
        from shopdesk.crm_database import crm_database
        from shopdesk_schemas.clock import wall_now
        from shopdesk_schemas.problems import NotFound

        with crm_database() as database, database.write() as session:
            if not api_keys.revoke(session, public_id, wall_now()):
                raise NotFound(f"There is no key {public_id}; `shopdesk api-key list` names them.")
        typer.echo(f"{public_id} is revoked.")
