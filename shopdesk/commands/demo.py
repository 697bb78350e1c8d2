"""`shopdesk demo`: fill an empty store with the generated demo shop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

# The generator's own defaults, repeated so that `--help` need not load it; a test keeps them equal.
_SEED = 20
_CUSTOMERS = 400
_MOST_CUSTOMERS = 20_000


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(demo)


def demo(
    seed: Annotated[int, typer.Option(help="The same seed gives the same shop.")] = _SEED,
    customers: Annotated[
        int, typer.Option(min=1, max=_MOST_CUSTOMERS, help="How many customers have an account.")
    ] = _CUSTOMERS,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Also when the store is not empty: an earlier demo shop is replaced, all else stays."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Only write the canonical files there; the store is left alone."),
    ] = None,
) -> None:
    """Fill an empty store with the generated demo shop, its dates relative to the business clock."""
    # Imported here so that `shopdesk --help` stays quick.
    from crm_backend.identity.keys import LookupKeys
    from crm_backend.settings import CrmSettings
    from shopdesk.demo.files import describe, write_files
    from shopdesk.demo.fill import fill
    from shopdesk.demo.settings import load_settings
    from shopdesk.demo.shop import generate
    from shopdesk_schemas.clock import Clock

    settings = CrmSettings()
    now = Clock(settings.fixed_now()).now()
    demo_settings = load_settings()
    if out is not None:
        shop = generate(demo_settings, seed=seed, customers=customers, now=now)
        rows = write_files(shop, out)
        typer.echo(f"Wrote {rows} rows to {out}: {describe(shop)}.")
        return
    with _bar() as bar:
        filled = fill(
            demo_settings,
            settings.crm_database_url,
            settings.home,
            seed=seed,
            customers=customers,
            now=now,
            force=force,
            keys=LookupKeys(settings.lookup_key),
            progress=_Stages(bar),
        )
    typer.echo(f"The demo shop is open: {describe(filled.shop)}.")
    typer.echo(f"Orders to try are in {filled.card}.")


def _bar() -> Progress:
    """A progress bar on a terminal; nothing elsewhere, where the lines at the end say enough."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


_STAGES = {"reading": "Making and reading the demo shop", "loading": "Filling the store", "writing": "Writing"}


class _Stages:
    """Shows the importer's stages on a bar."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task(_STAGES["reading"], total=None)

    def start(self, stage: Literal["reading", "loading", "writing"], total: int) -> None:
        self._bar.reset(self._task, description=_STAGES[stage], total=total)

    def advance(self, amount: int) -> None:
        self._bar.advance(self._task, amount)
