"""`shopdesk analyse`: what the shop knows about its customers, computed anew."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command("analyse")
    def analyse(
        full: Annotated[
            bool, typer.Option("--full", help="Compute everything, whether or not anything changed.")
        ] = False,
        only: Annotated[
            list[str] | None,
            typer.Option(metavar="STEP", help="Compute this step only; once for each. The others stay as they are."),
        ] = None,
    ) -> None:
        """Recompute profiles, segments, recommendations and delivery risk, and publish them at once.

        Steps whose input has not changed are not done again. One that was stopped goes on where it was.
        """
        # Imported here so that `shopdesk --help` stays quick.
        from rich.console import Console

        from crm_backend.analytics.registry import STEPS
        from crm_backend.analytics.runs import Plan, Unwatched
        from crm_backend.analytics.runs import analyse as run
        from crm_backend.analytics.scale import executor_of
        from crm_backend.policies.policy import load_policies
        from crm_backend.settings import CrmSettings
        from shopdesk.crm_database import crm_database
        from shopdesk.progress import Progress
        from shopdesk_schemas.clock import Clock

        settings = CrmSettings()
        policies = load_policies(settings.shop)
        chosen = frozenset(only or ())
        if unknown := chosen - {step.name for step in STEPS}:
            known = ", ".join(step.name for step in STEPS)
            raise typer.BadParameter(f"there is no step {', '.join(sorted(unknown))}; there are {known}.")

        class Shown(Unwatched):
            """Draws each step as it goes."""

            def __init__(self, progress: Progress) -> None:
                self._progress = progress

            def begin(self, step: str) -> None:
                self._progress.begin(_words(step))

            def note(self, step: str, words: str) -> None:
                self._progress.note(_words(step), words)

            def finish(self, step: str, outcome: str, rows: int, seconds: float) -> None:
                self._progress.finish(_words(step), done=True)

        def _words(step: str) -> str:
            place = next(number for number, one in enumerate(STEPS, 1) if one.name == step)
            return f"[{place}/{len(STEPS)}] {step.replace('_', ' ')}"

        with crm_database() as database, Progress() as progress:
            report = run(
                database,
                policies,
                Clock(settings.fixed_now()),
                Plan(full, chosen),
                watcher=Shown(progress),
                executor=executor_of(settings),
            )
        console = Console(highlight=False)
        computed = sum(one.rows for one in report.steps if one.outcome == "computed")
        reused = sum(one.outcome != "computed" for one in report.steps)
        console.print(
            f"Published {report.run_id}, as of {report.as_of:%Y-%m-%d %H:%M} UTC, in {report.seconds:.1f} s: "
            f"{computed:,} rows computed" + (f", {reused} steps unchanged." if reused else ".")
        )
