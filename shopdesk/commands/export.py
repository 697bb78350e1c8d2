"""`shopdesk export`: write the CRM's whole state as canonical files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """The two forms of canonical files."""

    CSV = "csv"
    JSONL = "jsonl"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command("export")
    def export(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty folder, or one of an earlier export.")],
        file_format: Annotated[
            Format, typer.Option("--format", help="csv, or jsonl: one JSON object per line.")
        ] = Format.CSV,
    ) -> None:
        """Write the whole state in the canonical format, which `shopdesk import` reads back."""
        # Imported here so that `shopdesk --help` stays quick.
        from rich.console import Console
        from sqlalchemy.exc import SQLAlchemyError

        from crm_backend.database.engine import make_engine
        from crm_backend.migrations import migrate
        from crm_backend.pipeline.errors import PipelineError
        from crm_backend.pipeline.exporting import export_folder
        from crm_backend.settings import CrmSettings
        from shopdesk.transfer_progress import transfer_progress

        settings = CrmSettings()
        try:
            migrate(settings.crm_database_url)
            engine = make_engine(settings.crm_database_url)
            try:
                with transfer_progress() as progress:
                    report = export_folder(engine, folder, file_format.value, progress)
            finally:
                engine.dispose()
        except SQLAlchemyError as error:
            raise PipelineError(f"The CRM's database cannot be used: {getattr(error, 'orig', error)}") from error
        console = Console()
        for name, count in report.rows.items():
            console.print(f"{count:>12,} {name}", highlight=False)
        console.print(f"Written to {folder} in {report.seconds:.1f} s.", highlight=False)
