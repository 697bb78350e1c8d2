"""Runs of the analysis, their steps and parts, and the one pointer that says which run is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Id

RUN_STATES = ("running", "published", "failed")
STEP_STATES = ("running", "done")


class AnalysisRun(Identified, Model):
    """One go at computing everything. What it writes is tagged with its id and read by nobody until it is published."""

    __tablename__ = "analysis_runs"
    __table_args__ = (CheckConstraint(f"state IN {RUN_STATES}", name="state"), Index(None, "state"))

    public_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="running")
    as_of: Mapped[datetime]
    """The instant that every "days ago" and "in the next 30 days" counts from."""
    started_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    """What it took, all goes of a run that was stopped and taken up again together."""


class AnalysisStep(Model):
    """One step of a run, and where its rows are: an earlier run's, where nothing that it reads has changed."""

    __tablename__ = "analysis_steps"
    __table_args__ = (CheckConstraint(f"state IN {STEP_STATES}", name="state"), Index(None, "rows_run_id"))

    run_id: Mapped[int] = mapped_column(Id, ForeignKey("analysis_runs.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="running")
    fingerprint: Mapped[str]
    """Of all that the step's rows follow from: frames, rows of earlier steps, the shop's rules, its own version."""
    rows_run_id: Mapped[int] = mapped_column(Id, ForeignKey("analysis_runs.id", ondelete="CASCADE"))
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    seconds: Mapped[float] = mapped_column(default=0.0)
    card: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the step says of itself for people: data, parameters, scores."""
    finished_at: Mapped[datetime | None]


class AnalysisPart(Model):
    """A partition of a step that is done, so that a run that was killed does not do it again."""

    __tablename__ = "analysis_parts"

    run_id: Mapped[int] = mapped_column(Id, ForeignKey("analysis_runs.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    rows: Mapped[int] = mapped_column(BigInteger, default=0)


class Publication(Model):
    """The pointer: one row, changed in one transaction. Whoever reads follows it."""

    __tablename__ = "analysis_publication"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    published_at: Mapped[datetime]


class OfRun:
    """Mixin of tables that steps write: the run's id begins the key, so that a run's rows are one range of it."""

    history: ClassVar[bool] = False
    """Whether rows of runs that are read no more are kept: what happened stays true."""

    @declared_attr
    @classmethod
    def run_id(cls) -> Mapped[int]:
        """The run that wrote the row."""
        return mapped_column(Id, ForeignKey("analysis_runs.id", ondelete="CASCADE"), primary_key=True, sort_order=-20)
