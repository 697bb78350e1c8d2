"""`shopdesk train`: trains the assistant if what it is trained from changed."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(train)


def train(
    force: Annotated[bool, typer.Option("--force", help="Train even if nothing changed.")] = False,
) -> None:
    """Train the assistant if its data changed."""
    from shopdesk import training
    from shopdesk.progress import Progress

    settings = training.TrainingSettings()
    assistant = training.Assistant(also=settings.reviewed)
    key = assistant.key()
    if training.is_trained(settings.models, key) and not force:
        typer.echo(f"The assistant is up to date ({training.model_path(settings.models, key).name}).")
        return
    log = settings.home / "log" / "training.log"
    with Progress() as progress, progress.step("Training the assistant"):
        path = training.train(assistant, settings.models, key, log, force=force)
    typer.echo(f"Trained {path.name}.")
