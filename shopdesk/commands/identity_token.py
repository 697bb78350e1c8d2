"""`shopdesk identity-token`: sign a logged-in shopper's token, for trying out what a shop's own login would do."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command("identity-token")
    def identity_token(
        customer: Annotated[str, typer.Option(help="The customer's external id.")],
        source: Annotated[
            str | None, typer.Option(help="Which of the shop's systems gave the id, where two gave the same.")
        ] = None,
        minutes: Annotated[int, typer.Option(min=1, max=24 * 60, help="How long the token is good.")] = 10,
    ) -> None:
        """Sign a logged-in shopper's token with SHOPDESK_IDENTITY_SECRET and print it. Works once."""
        # Imported here so that `shopdesk --help` stays quick.
        from datetime import timedelta

        from crm_backend.identity.tokens import sign_identity_token
        from crm_backend.settings import CrmSettings
        from shopdesk_schemas.clock import wall_now

        settings = CrmSettings()
        token = sign_identity_token(
            settings.identity_secret,
            customer_external_id=customer,
            source=source,
            now=wall_now(),
            lifetime=timedelta(minutes=minutes),
        )
        typer.echo(token)
