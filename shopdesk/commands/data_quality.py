"""`shopdesk data-quality`: what came in, what was cleaned, what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from shopdesk_schemas.quality import DataQuality


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command("data-quality")
    def data_quality(
        days: Annotated[int, typer.Option(min=1, max=3660, help="How far back to count.")] = 30,
        report_file: Annotated[
            Path | None, typer.Option("--report", metavar="FILE", help="Write the report as JSON, too.")
        ] = None,
    ) -> None:
        """Report on the data that came in: imports and calls, values that were cleaned, records that were refused."""
        # Imported here so that `shopdesk --help` stays quick.
        from rich.console import Console

        from crm_backend.quality.service import report
        from shopdesk.crm_database import crm_database
        from shopdesk_schemas.clock import wall_now

        with crm_database() as database, database.read() as session:
            found = report(session, wall_now(), days, limit=20)
        if report_file is not None:
            report_file.write_text(found.model_dump_json(indent=2) + "\n", "utf-8")
        print_report(Console(), found)


def print_report(console: Console, found: DataQuality) -> None:
    """Print the report."""
    from rich.table import Table

    from crm_backend.pipeline.cleaning import RULES

    if not found.deliveries:
        console.print(f"Nothing came in since {found.since:%Y-%m-%d}.", highlight=False)
    numbers = ("calls", "received", "inserted", "updated", "unchanged", "rejected")
    deliveries = Table("last", "from", "source", "kind", *numbers, title="What came in", title_justify="left")
    for one in found.deliveries:
        deliveries.add_row(
            f"{one.last_at:%Y-%m-%d %H:%M}",
            one.channel,
            one.source,
            one.kind,
            *(f"{getattr(one, name):,}" for name in numbers),
        )
    rules = Table("source", "rule", "times", "what it did", title="Cleaned", title_justify="left")
    for rule in found.rules:
        rules.add_row(rule.source, rule.rule, f"{rule.count:,}", RULES.get(rule.rule, ""))
    rejected = Table("source", "reason", "times", title="Rejected", title_justify="left")
    for reason in found.rejected:
        rejected.add_row(reason.source, reason.reason, f"{reason.count:,}")
    stored = Table("source", "stored today", "count", title="Stored", title_justify="left")
    for count in found.stored:
        stored.add_row(count.source, count.what.replace("_", " "), f"{count.count:,}")
    for table in (deliveries, rules, rejected, stored):
        if table.row_count:
            console.print(table)
