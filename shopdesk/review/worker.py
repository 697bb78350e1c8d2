"""Does what reviewers asked for: compares in the bot's environment, publishes by training.

A publication writes the examples beside the shop's other state, trains, and only then notes the new version; when the
training fails, the files are as before. A running bot goes over to the new model by itself.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gateway.review.examples import files
from shopdesk.beside import beside
from shopdesk.review.store import Job, ReviewStore
from shopdesk.training import Assistant, TrainingFailed, TrainingSettings, train

BEAT_SECONDS: Final = 15.0
HELD_OUT: Final = "tests/nlu/development_sets"
"""Held-out messages of the repository, where it is whole; `tests/nlu/test_sets` stays for the final measure."""

_FILE: Final = "reviewed.yml"


@dataclass(frozen=True)
class Worker:
    """One worker on one store of models."""

    store: ReviewStore
    settings: TrainingSettings
    root: Path
    sure: float
    """From which confidence on a message counts as understood (SHOPDESK_LOW_CONFIDENCE)."""

    def once(self) -> str | None:
        """Do the job that waits; how it ended, None when there was none."""
        job = self.store.claim()
        if job is None:
            return None
        try:
            with _beating(lambda: self.store.beat(job)):
                if job.kind == "compare":
                    self.store.compared(job, self._compare(job))
                else:
                    self.store.published(job, self._publish(job))
        except (TrainingFailed, OSError, ValueError) as error:
            self.store.fail(job, str(getattr(error, "detail", None) or error))
            return f"job {job.id}: failed"
        return f"job {job.id}: done"

    def _compare(self, job: Job) -> dict[str, Any]:
        before = self.store.in_force()
        known = set(before)
        asked = {
            "before": [one.stored() for one in before],
            "after": [one.stored() for one in job.examples],
            "corrections": [one.stored() for one in job.examples if one not in known],
            "confirmed": self.store.confirmed(),
            "replay": self.store.replay(),
            "sure": self.sure,
        }
        assistant = Assistant(self.root)
        sets = [str(path) for path in sorted((self.root / HELD_OUT).glob("*.yml"))]
        argv = [str(assistant.python), "-m", "compare_examples", *(["--held-out", *sets] if sets else [])]
        log = self.settings.home / "log" / "review.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as errors:
            done = subprocess.run(  # noqa: S603 - our own program
                argv,
                cwd=assistant.bot,
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                stderr=errors,
                check=False,
            )
        if done.returncode != 0:
            raise TrainingFailed(f"The comparison ended with status {done.returncode}; see {log.name} among the logs.")
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def _publish(self, job: Job) -> str:
        folder = self.settings.reviewed
        before = self.store.in_force()
        write_examples(folder, files(job.examples))
        assistant = Assistant(self.root, also=folder)
        try:
            return train(
                assistant, self.settings.models, assistant.key(), self.settings.home / "log" / "training.log"
            ).name
        except BaseException:
            write_examples(folder, files(before))
            raise


def write_examples(folder: Path, contents: dict[str, str]) -> None:
    """Put the training files of all languages under `folder`, and nothing else of ours."""
    wanted = {folder / Path(path).parent.name / _FILE: content for path, content in contents.items()}
    for there in folder.glob(f"*/{_FILE}"):
        if there not in wanted:
            there.unlink()
    for path, content in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".new")
        scratch.write_text(content, encoding="utf-8")
        scratch.replace(path)


@contextmanager
def _beating(beat: Callable[[], None]) -> Iterator[None]:
    def work(ended: threading.Event) -> None:
        while not ended.wait(BEAT_SECONDS):
            beat()

    with beside("review-beat", work):
        yield
