"""`shopdesk audit verify`: whether anybody changed the record of who did what."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    audit = typer.Typer(help="The record of who did what.", no_args_is_help=True)
    app.add_typer(audit, name="audit")

    @audit.callback()
    def _audit() -> None:
        """A group, though it has one command so far."""

    @audit.command("verify")
    def verify(
        head: Annotated[
            str | None,
            typer.Option(help="A head that was printed before: it must still be there, so that nothing was cut off."),
        ] = None,
    ) -> None:
        """Walk the whole chain and print its head. Exit status 1 when an entry was changed, removed or slipped in.

        Keep the head elsewhere and give it the next time: a chain whose end was cut off looks whole otherwise.
        """
        from crm_backend.audit.service import verify as verify_chain
        from shopdesk.crm_database import crm_database

        with crm_database() as database, database.read() as session:
            verdict = verify_chain(session, known_head=head)
        if verdict.broken_at is not None:
            typer.echo(f"The audit log was tampered with: entry {verdict.broken_at} does not fit.", err=True)
            typer.echo(f"The {verdict.entries:,} entries before it are as they were written.", err=True)
            raise typer.Exit(1)
        last = f", the last of {verdict.last_at:%Y-%m-%d %H:%M} UTC" if verdict.last_at else ""
        typer.echo(f"{verdict.entries:,} entries, all as they were written{last}.")
        typer.echo(f"head {verdict.head}")
