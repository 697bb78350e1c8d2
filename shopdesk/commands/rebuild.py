"""`shopdesk rebuild`: everything that the shop's systems sent, read again."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command("rebuild")
    def rebuild() -> None:
        """Make events and records again from what the shop's systems sent, under today's rules of cleaning.

        What came another way (imported files, changes made in the CRM) stays. Safe to repeat.
        """
        # Imported here so that `shopdesk --help` stays quick.
        from rich.console import Console

        from crm_backend.collect.rebuild import rebuild as read_again
        from crm_backend.identity.keys import LookupKeys
        from crm_backend.policies.policy import load_policies
        from crm_backend.settings import CrmSettings
        from shopdesk.crm_database import crm_database

        settings = CrmSettings()
        policies = load_policies(settings.shop)
        with crm_database() as database:
            report = read_again(database, policies.shop.country, LookupKeys(settings.lookup_key))
        console = Console(highlight=False)
        for kind, count in sorted(report.records.items()):
            console.print(f"{count:>12,} {kind}")
        for kind, count in sorted(report.rejected.items()):
            console.print(f"{count:,} {kind} were taken once and are refused by today's rules.")
        if not report.records:
            console.print("Nothing was sent yet.")
