"""The analysis by itself, every so many hours: in a process of its own, whose memory and work are not the requests'."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta

from crm_backend.analytics import published, repository
from crm_backend.database.engine import Database
from crm_backend.dependencies import Resources

LOOK_SECONDS = 0.2
LEAVE_SECONDS = 10.0


class AnalysisFailed(RuntimeError):
    """The process ended with a status that is not 0."""


def is_due(database: Database, held: Resources) -> bool:
    """Whether there is something to analyse, and the last analysis is too old."""
    hours = held.policies.analytics.every_hours
    if hours == 0:
        return False
    with database.read() as session:
        if repository.last_sale(session, held.clock.now()) is None:
            return False
        run = published.run(session)
    return run is None or run.published_at is None or held.clock.wall() - run.published_at >= timedelta(hours=hours)


def analyse_if_due(held: Resources) -> bool:
    """Analyse in another process and wait for it; end it when this program leaves: the next run goes on from there."""
    if not is_due(held.database, held):
        return False
    url = held.database.engine.url.render_as_string(hide_password=False)
    child = subprocess.Popen(
        [sys.executable, "-m", "crm_backend.analytics"],
        env={**os.environ, "SHOPDESK_CRM_DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
    )
    while child.poll() is None:
        if held.stopping.is_set():
            child.terminate()
            try:
                child.wait(LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            return False
        time.sleep(LOOK_SECONDS)
    if child.returncode:
        raise AnalysisFailed(f"the analysis ended with status {child.returncode}")
    return True
