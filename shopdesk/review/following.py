"""Starts a worker whenever a reviewer asked for something while the programs run. `shopdesk up` does."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from shopdesk.beside import beside
from shopdesk.home import ROOT

EVERY_SECONDS = 3.0
LOG = "review-worker.log"
_STOP_SECONDS = 10.0


@contextmanager
def reviewing(env: Mapping[str, str], every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Until the block ends. What a worker is doing then stops; the next one takes it up again.

    A process of its own for each job: a training takes much memory for a minute, and gives it back.
    """

    def work(ended: threading.Event) -> None:
        from shopdesk.databases import stores
        from shopdesk.review.store import ReviewStore
        from shopdesk.training import TrainingSettings
        from shopdesk_schemas.clock import Clock

        log = TrainingSettings().home / "log" / LOG
        log.parent.mkdir(parents=True, exist_ok=True)
        store = ReviewStore(next(one.address for one in stores() if one.name == "gateway"), Clock(None))
        while not ended.wait(every_seconds):
            if not store.is_asked():
                continue
            with log.open("ab") as errors:
                worker = subprocess.Popen(
                    [sys.executable, "-m", "shopdesk", "review-worker", "--once"], cwd=ROOT, env=dict(env),
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                )  # fmt: skip
            while worker.poll() is None:
                if ended.wait(0.5):
                    worker.terminate()
                    try:
                        worker.wait(_STOP_SECONDS)
                    except subprocess.TimeoutExpired:
                        worker.kill()
                        worker.wait()

    with beside("reviewing", work):
        yield
