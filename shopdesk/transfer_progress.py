"""The progress bar of commands that move many rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

_WORDS = {
    "reading": "Reading the files",
    "loading": "Loading rows",
    "writing": "Writing records",
    "backing up": "Backing up rows",
    "checking": "Checking the backup",
    "restoring": "Restoring rows",
}


class TransferProgress:
    """Shows each stage of an import, export, backup or restore as a bar."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def start(self, stage: str, total: int) -> None:
        """Begin a stage; the one before is complete."""
        self._finish()
        self._task = self._bars.add_task(_WORDS[stage], total=total)

    def advance(self, amount: int) -> None:
        """So much more of the stage is done."""
        if self._task is not None:
            self._bars.advance(self._task, amount)

    def _finish(self) -> None:
        if self._task is not None:
            self._bars.update(self._task, total=1, completed=1)


@contextmanager
def transfer_progress() -> Iterator[TransferProgress]:
    """A progress display on standard error. Where that is no terminal, nothing moves and nothing is drawn over."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield TransferProgress(bars)
