"""`shopdesk unify`: one profile for each person."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command("unify")
    def unify() -> None:
        """Join customers of several channels who are one person into one profile; ask people about the doubtful.

        Safe to repeat. What people decided holds.
        """
        # Imported here so that `shopdesk --help` stays quick.
        from rich.console import Console

        from crm_backend.policies.policy import load_policies
        from crm_backend.settings import CrmSettings
        from crm_backend.unify.service import run
        from shopdesk.crm_database import crm_database
        from shopdesk_schemas.clock import wall_now

        policies = load_policies(CrmSettings().shop)
        with crm_database() as database:
            report = run(database, policies, wall_now())
        console = Console(highlight=False)
        console.print(f"{report.customers:,} customers, {report.compared:,} pairs compared.")
        console.print(
            f"{report.profiles:,} profiles of {report.members:,} customers; {report.made:,} are new, "
            f"{report.parted:,} of before are gone or changed."
        )
        if report.doubtful or report.held:
            console.print(f"{report.doubtful + report.held:,} pairs wait for a person.")
        if report.blocks_too_large:
            console.print(f"{report.blocks_too_large:,} facts are shared by too many customers to say anything.")
