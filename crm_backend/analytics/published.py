"""What readers see: the published run, and in which run's rows a step's results are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_backend.analytics.models import AnalysisRun, AnalysisStep, Publication
from crm_backend.database.engine import ReadSession


@dataclass(frozen=True)
class PublishedStep:
    """One step of the published run."""

    run: AnalysisRun
    rows_run_id: int
    card: dict[str, Any]
    finished_at: datetime | None
    """When its rows were computed, which may be in an earlier run."""


def run(session: ReadSession) -> AnalysisRun | None:
    """The published run; None before the first."""
    return session.scalars(select(AnalysisRun).join(Publication, Publication.run_id == AnalysisRun.id)).first()


def step(session: ReadSession, name: str) -> PublishedStep | None:
    """A step of the published run; None before the first run that has it.

    Asked within the session that then reads the rows: the two are one snapshot.
    """
    found = session.execute(
        select(AnalysisRun, AnalysisStep)
        .join(Publication, Publication.run_id == AnalysisRun.id)
        .join(AnalysisStep, AnalysisStep.run_id == AnalysisRun.id)
        .where(AnalysisStep.step == name)
    ).first()
    if found is None:
        return None
    of, at = found
    return PublishedStep(of, at.rows_run_id, at.card, at.finished_at)


def rows_run(session: ReadSession, name: str) -> int | None:
    """The id by which to filter `run_id` of the step's tables; None before the first run that has the step."""
    found = step(session, name)
    return found.rows_run_id if found is not None else None
