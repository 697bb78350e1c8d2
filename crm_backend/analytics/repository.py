"""Queries about runs, and the rows that they write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Table, case, delete, func, select
from sqlalchemy.types import JSON

from crm_backend.analytics.models import AnalysisPart, AnalysisRun, AnalysisStep, OfRun, Publication
from crm_backend.database.base import Model
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.orders.models import Order

AT_ONCE = 5_000
"""Rows in one statement."""


def unfinished(session: ReadSession) -> AnalysisRun | None:
    """The run that was stopped before it was published."""
    return session.scalars(select(AnalysisRun).where(AnalysisRun.state == "running").order_by(AnalysisRun.id)).first()


def last_sale(session: ReadSession, until: datetime) -> datetime | None:
    """When the last sale before `until` was placed."""
    found: datetime | None = session.scalar(
        select(func.max(Order.placed_at)).where(Order.kind == "sale", Order.placed_at <= until)
    )
    return found


def sale_currencies(session: ReadSession) -> list[str]:
    """The currencies of sales, that of most first."""
    query = select(Order.currency).where(Order.kind == "sale").group_by(Order.currency)
    return list(session.scalars(query.order_by(func.count().desc(), Order.currency)))


def steps(session: ReadSession, run_id: int) -> dict[str, AnalysisStep]:
    """A run's steps by name."""
    return {step.step: step for step in session.scalars(select(AnalysisStep).where(AnalysisStep.run_id == run_id))}


def parts(session: ReadSession, run_id: int, step: str, fingerprint: str) -> dict[int, int]:
    """The step's partitions that are done under this fingerprint, each with its number of rows."""
    query = select(AnalysisPart.part, AnalysisPart.rows).where(
        AnalysisPart.run_id == run_id, AnalysisPart.step == step, AnalysisPart.fingerprint == fingerprint
    )
    return {row.part: row.rows for row in session.execute(query)}


def clear(session: WriteSession, run_id: int, step: str, tables: Iterable[type[Model]]) -> None:
    """Forget what a step of this run did before."""
    session.execute(delete(AnalysisPart).where(AnalysisPart.run_id == run_id, AnalysisPart.step == step))
    session.execute(delete(AnalysisStep).where(AnalysisStep.run_id == run_id, AnalysisStep.step == step))
    for table in tables:
        session.execute(delete(table).where(table.__table__.c.run_id == run_id))


def write(session: WriteSession, table: type[Model], frame: pd.DataFrame, run_id: int) -> int:
    """Insert a frame's rows; how many there were. Raises ValueError when columns are missing or unknown."""
    of: Table = table.__table__  # type: ignore[assignment]
    wanted = {column.name for column in of.columns} - {"run_id"}
    if unknown := set(frame.columns) - wanted:
        raise ValueError(f"{of.name} has no column {sorted(unknown)}")
    names = [str(name) for name in frame.columns]
    json = {column.name for column in of.columns if isinstance(column.type, JSON)}
    columns = [_values(frame[name], name in json) for name in names]
    for start in range(0, len(frame), AT_ONCE):
        pieces = [column[start : start + AT_ONCE] for column in columns]
        session.execute(
            of.insert(), [{"run_id": run_id, **dict(zip(names, row, strict=True))} for row in zip(*pieces, strict=True)]
        )
    return len(frame)


def _values(column: pd.Series[Any], is_json: bool) -> list[Any]:
    """As a database driver takes them: Python's own types, None for what is missing."""
    if is_json:
        return list(column)
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        found = column.dt.to_pydatetime() if column.notna().all() else column.astype(object)
        return [None if value is pd.NaT else value for value in found]
    values = column.astype(object)
    return [None if missing else value for value, missing in zip(values.tolist(), pd.isna(values), strict=True)]


def read(session: ReadSession, table: type[Model], run_id: int | None) -> pd.DataFrame:
    """A run's rows of a table, all columns but `run_id`, in the order of its key. None is no run: no rows."""
    of: Table = table.__table__  # type: ignore[assignment]
    columns = [column for column in of.columns if column.name != "run_id"]
    query = select(*columns).where(of.c.run_id == run_id).order_by(*of.primary_key.columns)
    rows: Sequence[Any] = [] if run_id is None else session.execute(query).all()
    return pd.DataFrame.from_records(rows, columns=[column.name for column in columns])


def publish(session: WriteSession, run: AnalysisRun, now: datetime) -> None:
    """Change the pointer. Whoever reads after this transaction reads this run."""
    session.add(run)
    run.state, run.published_at = "published", now
    pointer = session.get(Publication, 1, with_for_update=True)
    if pointer is None:
        session.add(Publication(id=1, run_id=run.id, published_at=now))
    else:
        pointer.run_id, pointer.published_at = run.id, now


def readable(session: ReadSession, runs: int) -> set[int]:
    """Runs whose rows must stay: those of the newest `runs` published ones, and those that these point to."""
    pointed = select(Publication.run_id)
    newest = (
        select(AnalysisRun.id)
        .where(AnalysisRun.state == "published")
        .order_by(case((AnalysisRun.id.in_(pointed), 0), else_=1), AnalysisRun.id.desc())
        .limit(runs)
    )
    kept = set(session.scalars(newest))
    kept.update(session.scalars(select(AnalysisStep.rows_run_id).where(AnalysisStep.run_id.in_(kept))))
    kept.update(session.scalars(select(AnalysisRun.id).where(AnalysisRun.state == "running")))
    return kept


def prune(session: WriteSession, table: type[Model], kept: set[int]) -> None:
    """Remove rows of runs that nobody reads any more. A table of history keeps those of published runs."""
    column = table.__table__.c.run_id
    query = delete(table).where(column.not_in(kept))
    if issubclass(table, OfRun) and table.history:
        query = query.where(column.not_in(select(AnalysisRun.id).where(AnalysisRun.state == "published")))
    session.execute(query)


def forget_failed(session: WriteSession) -> None:
    """Remove runs that came to nothing, with all they wrote."""
    session.execute(delete(AnalysisRun).where(AnalysisRun.state == "failed"))


def forget_history(session: WriteSession, before: datetime) -> None:
    """Remove published runs from before an instant, their history with them, unless they are read."""
    kept = readable(session, 1)
    session.execute(delete(AnalysisRun).where(AnalysisRun.published_at < before, AnalysisRun.id.not_in(kept)))
