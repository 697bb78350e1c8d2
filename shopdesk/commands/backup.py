"""`shopdesk backup` and `shopdesk restore`: everything a shop would miss, in one encrypted file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shopdesk.backup.running import Contents, Place

KeyFile = Annotated[
    Path | None,
    typer.Option("--key-file", metavar="FILE", help="A file with the key [default: SHOPDESK_BACKUP_KEY or …_KEY_FILE]"),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command("backup")
    def backup(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the backup goes; must not be there yet.")],
        key_file: KeyFile = None,
    ) -> None:
        """Write the databases and the secrets of SHOPDESK_HOME to one encrypted file, while everything runs on.

        The shop's directory (SHOPDESK_SHOP) and secrets set in the environment are not in it; nor are trained models,
        which can be made again.
        """
        from shopdesk.backup.running import back_up
        from shopdesk.backup.settings import BackupSettings, backup_secret
        from shopdesk.transfer_progress import transfer_progress
        from shopdesk_schemas.clock import wall_now

        secret = backup_secret(BackupSettings(), key_file)
        place = _place()
        with _databases(), transfer_progress() as progress:
            contents = back_up(place, file, secret, wall_now(), progress)
        _tell(contents)
        typer.echo(f"Written to {file} ({file.stat().st_size:,} bytes).")
        typer.echo(f"Not in it: the shop's directory {place.shop}; keep that with your other sources.")
        if outside := _secrets_outside(place):
            typer.echo(f"Not in it: {', '.join(outside)}, set in the environment; keep them where they come from.")

    @app.command("restore")
    def restore(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `shopdesk backup` wrote.")],
        key_file: KeyFile = None,
        force: Annotated[bool, typer.Option("--force", help="Replace what is in the databases.")] = False,
        check_only: Annotated[
            bool, typer.Option("--check", help="Read the whole backup, say what is in it, and write nothing.")
        ] = False,
    ) -> None:
        """Put a backup back into empty databases: all of it, or nothing. Shopdesk must not be running.

        A backup of SQLite files can be restored to PostgreSQL, and the other way round.
        """
        from shopdesk.backup.running import check
        from shopdesk.backup.running import restore as run
        from shopdesk.backup.settings import BackupSettings, backup_secret
        from shopdesk.desk import NAMES, hold
        from shopdesk.transfer_progress import transfer_progress

        secret = backup_secret(BackupSettings(), key_file)
        place = _place()
        if check_only:
            with transfer_progress() as progress:
                contents = check(place, file, secret, progress)
            _tell(contents)
            typer.echo("The backup is whole.")
            return
        with _databases(), hold(place.home, NAMES), transfer_progress() as progress:
            contents = run(place, file, secret, progress, force=force)
        _tell(contents)
        typer.echo(f"Restored as of {contents.made_at}.")
        if contents.other_shop_files:
            typer.echo(
                f"The shop's directory {place.shop} is not that of the backup: "
                f"{', '.join(contents.other_shop_files)} differ or are not there."
            )
        typer.echo("People who were erased after that are back: erase them again (docs/security.md, Erasure).")


def _place() -> Place:
    from shopdesk.backup.running import Place
    from shopdesk.databases import stores
    from shopdesk_schemas.settings import CommonSettings

    settings = CommonSettings()
    return Place(settings.home, settings.shop, stores())


def _secrets_outside(place: Place) -> list[str]:
    """Secrets that this process has and the file of secrets does not."""
    import os

    from shopdesk.home import SECRETS

    text = place.secrets.read_text("utf-8") if place.secrets.exists() else ""
    kept = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return [name for name in SECRETS if os.environ.get(name) and os.environ[name] != kept.get(name)]


def _tell(contents: Contents) -> None:
    from shopdesk.backup.schemas import NAMES

    for name, head in contents.stores.items():
        tables = len(head.tables)
        rows = sum(head.tables.values())
        at = f", revision {head.revision}" if head.revision else ""
        typer.echo(f"{rows:>12,} rows in {tables} tables of {NAMES[name]} database{at}")
    if contents.secrets:
        typer.echo("             the secrets of SHOPDESK_HOME")


@contextmanager
def _databases() -> Iterator[None]:
    """Errors of databases as sentences."""
    from sqlalchemy.exc import SQLAlchemyError

    from shopdesk.backup.errors import BackupError

    try:
        yield
    except SQLAlchemyError as error:
        raise BackupError(f"A database cannot be used: {getattr(error, 'orig', error)}") from error
