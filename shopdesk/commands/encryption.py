"""`shopdesk encryption`: which keys personal data is sealed with, and sealing it anew with another."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="The keys that personal data in the CRM's database is sealed with.", no_args_is_help=True)
    app.add_typer(group, name="encryption")

    @group.command("status")
    def status() -> None:
        """Say how many values are sealed with which key. Values that are not sealed, or under no known key, make it
        leave with status 1.
        """
        # Imported here so that `shopdesk --help` stays quick.
        from rich.console import Console

        from crm_backend.encryption.keyring import current
        from crm_backend.encryption.rows import status as found
        from shopdesk.crm_database import crm_database

        console = Console(highlight=False)
        sound = True
        with crm_database() as database:
            for one in found(database.engine):
                said = ", ".join(f"{count:,} {_named(key_id)}" for key_id, count in one.by_key.items())
                console.print(f"{one.table}: {said or 'nothing yet'}")
                sound = sound and not {"plain", "unknown"} & one.by_key.keys()
            console.print(f"New values are sealed with the key {current().writing_key_id}.")
        if not sound:
            raise typer.Exit(1)

    @group.command("rotate")
    def rotate() -> None:
        """Seal everything anew that is not sealed with the first key of SHOPDESK_ENCRYPTION_KEYS.

        The CRM can go on meanwhile. Stopped half-way, it goes on where it was; afterwards the other keys can be taken
        out of the setting.
        """
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        from crm_backend.encryption.keyring import current
        from crm_backend.encryption.rows import rotate as seal_anew
        from crm_backend.encryption.rows import waiting
        from shopdesk.crm_database import crm_database

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with crm_database() as database:
            with Progress(*columns, console=Console(stderr=True)) as bars:
                task = bars.add_task("Sealing rows", total=waiting(database.engine))
                total = seal_anew(database.engine, lambda count: bars.advance(task, count))
            Console(highlight=False).print(f"{total:,} rows were sealed anew with the key {current().writing_key_id}.")


def _named(key_id: str) -> str:
    if key_id == "plain":
        return "not sealed"
    return "with a key that is not in the settings" if key_id == "unknown" else f"with {key_id}"
