"""`shopdesk import`: load a shop's files into the CRM."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from crm_backend.pipeline.report import ImportReport


class Format(StrEnum):
    """The shapes that files can have."""

    AUTO = "auto"
    INVOICE_LINES = "invoice-lines"
    MARKETPLACE = "marketplace"
    CANONICAL = "canonical"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command("import")
    def import_(
        folder: Annotated[
            Path, typer.Argument(metavar="DIR", help="A folder of CSV or JSON Lines files, or one file.")
        ],
        shape: Annotated[
            Format, typer.Option("--format", help="The files' shape; auto tells it from their columns.")
        ] = Format.AUTO,
        timezone: Annotated[str | None, typer.Option(help="IANA zone of times without an offset.")] = None,
        currency: Annotated[str | None, typer.Option(help="ISO 4217 currency of amounts that name none.")] = None,
        country: Annotated[str | None, typer.Option(help="Country of addresses that name none.")] = None,
        source: Annotated[
            str | None, typer.Option(help="Name of the system that the files come from: the namespace of their ids.")
        ] = None,
        encoding: Annotated[str | None, typer.Option(help="Encoding of the files, if it is not UTF-8.")] = None,
        report_file: Annotated[
            Path | None, typer.Option("--report", metavar="FILE", help="Write the report as JSON, too.")
        ] = None,
        rejected: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Where rejected rows go [default: SHOPDESK_HOME/rejected.csv]."),
        ] = None,
    ) -> None:
        """Load files into the CRM and report every row: loaded, unchanged, merged, held back, rejected. Repeatable."""
        # Imported here so that `shopdesk --help` stays quick.
        import json

        from rich.console import Console
        from sqlalchemy.exc import SQLAlchemyError

        from crm_backend.database.engine import make_engine
        from crm_backend.identity.keys import LookupKeys
        from crm_backend.migrations import migrate
        from crm_backend.pipeline.errors import PipelineError
        from crm_backend.pipeline.importing import ImportOptions, import_folder
        from crm_backend.settings import CrmSettings
        from shopdesk.transfer_progress import transfer_progress

        settings = CrmSettings()
        if report_file is not None and not report_file.absolute().parent.is_dir():
            raise PipelineError(f"--report {report_file}: there is no folder {report_file.absolute().parent}.")
        options = ImportOptions(
            shape=shape.value,
            timezone=timezone,
            currency=currency,
            country=country,
            source=source,
            encoding=encoding,
            rejected=rejected or settings.home / "rejected.csv",
            now=settings.fixed_now(),
            keys=LookupKeys(settings.lookup_key),
        )
        try:
            migrate(settings.crm_database_url)
            engine = make_engine(settings.crm_database_url)
            try:
                with transfer_progress() as progress:
                    report = import_folder(engine, folder, options, progress)
            finally:
                engine.dispose()
        except SQLAlchemyError as error:
            raise PipelineError(f"The CRM's database cannot be used: {getattr(error, 'orig', error)}") from error
        if report_file is not None:
            report_file.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n", "utf-8")
        print_report(Console(), report)


HELD_BACK_SHOWN = 20


def print_report(console: Console, report: ImportReport) -> None:
    """Print what an import did."""
    from rich.table import Table

    from crm_backend.pipeline.report import RECORD_OUTCOMES, ROW_OUTCOMES

    assumed = ", ".join(f"{name} {value}" for name, value in report.assumed.items())
    console.print(
        f"Read {report.rows():,} rows of the {report.shape} shape in {report.seconds:.1f} s.", highlight=False
    )
    if assumed:
        console.print(f"Assumed {assumed}; give --timezone, --currency or --country if that is wrong.", highlight=False)
    rows = Table("file", "rows of", "read", *ROW_OUTCOMES, title="Rows", title_justify="left")
    for file in report.files.values():
        rows.add_row(file.name, file.role, f"{file.read:,}", *(f"{file.outcomes[name]:,}" for name in ROW_OUTCOMES))
    for column in rows.columns[:2]:
        column.overflow = "fold"
    records = Table("record", *RECORD_OUTCOMES, title="Records", title_justify="left")
    for kind, counts in report.records.items():
        records.add_row(kind, *(f"{counts[name]:,}" for name in RECORD_OUTCOMES))
    for table in (rows, records):
        for column in table.columns[2:] if table is rows else table.columns[1:]:
            column.justify = "right"
        console.print(table)
    for title, counter in (("Cleaned", report.cleaned), ("Rejected", report.reasons)):
        if counter:
            table = Table("rule" if title == "Cleaned" else "reason", "times", title=title, title_justify="left")
            table.columns[1].justify = "right"
            for name, count in sorted(counter.items(), key=lambda item: -item[1]):
                table.add_row(name, f"{count:,}")
            console.print(table)
    if report.held_back:
        shown = ", ".join(report.held_back[:HELD_BACK_SHOWN])
        more = (
            f" and {len(report.held_back) - HELD_BACK_SHOWN:,} more" if len(report.held_back) > HELD_BACK_SHOWN else ""
        )
        console.print(
            f"Held back, for a change of theirs is not done yet: orders {shown}{more}. "
            "Answer the effects (/backoffice/effects), then import again.",
            highlight=False,
        )
    if report.ignored:
        console.print(f"Not read, for they are no part of the shape: {', '.join(report.ignored)}.", highlight=False)
    if report.rejected_file:
        console.print(f"The rejected rows are in {report.rejected_file}.", highlight=False)
    if not report.changed():
        console.print("Nothing was changed.", highlight=False)
