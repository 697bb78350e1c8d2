"""Runs of the analysis: started, taken up again, published, pruned.

A step is done once its row says so; a partition likewise, in the transaction that stores its rows. Whatever a killed
run has stored beyond that is removed before the step is done again, and nobody has read it: readers follow the
pointer, which moves last. Fingerprints decide what need not be done: a step whose fingerprint is that of the
published run points to those rows instead of writing its own.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pandas as pd
from sqlalchemy import func, select

from crm_backend.account.models import Customer
from crm_backend.analytics import published, repository
from crm_backend.analytics.executors import Executor, InProcess, Setting
from crm_backend.analytics.frames import Frames, Scope
from crm_backend.analytics.lock import alone
from crm_backend.analytics.models import AnalysisPart, AnalysisRun, AnalysisStep
from crm_backend.analytics.registry import STEPS
from crm_backend.analytics.steps import AnyStep, PartitionedStep, Rows, Step, Table, Work
from crm_backend.database.buckets import BUCKETS
from crm_backend.database.engine import Database, ReadSession
from crm_backend.pipeline.partitions import partitions
from crm_backend.policies.policy import Policies
from shopdesk_schemas.clock import Clock

RUNS_KEPT = 2
"""Published runs whose rows stay: the one that is read, and the one before, for those in the middle of reading."""


class Stopped(Exception):
    """The run was told to stop. What it has done is kept."""


class Watcher(Protocol):
    """Is told how a run goes."""

    def begin(self, step: str) -> None:
        """A step begins."""

    def note(self, step: str, words: str) -> None:
        """What it is at."""

    def finish(self, step: str, outcome: str, rows: int, seconds: float) -> None:
        """It ended: `computed`, `kept` from before this run was stopped, or `reused` from an earlier run."""


class Unwatched:
    """Tells nobody."""

    def begin(self, step: str) -> None:
        """See `Watcher`."""

    def note(self, step: str, words: str) -> None:
        """See `Watcher`."""

    def finish(self, step: str, outcome: str, rows: int, seconds: float) -> None:
        """See `Watcher`."""


@dataclass(frozen=True)
class Outcome:
    """How one step went."""

    step: str
    outcome: str
    rows: int
    seconds: float


@dataclass
class RunReport:
    """What a run did."""

    run_id: str
    as_of: datetime
    resumed: bool
    published: bool = False
    seconds: float = 0.0
    steps: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """How to run."""

    full: bool = False
    """Compute everything, whether or not anything changed."""
    only: frozenset[str] = frozenset()
    """Compute these steps only; the others stay as they are published, where they are."""


type MakeExecutor = Callable[[Database, Frames], AbstractContextManager[Executor]]


@contextmanager
def in_process(database: Database, whole: Frames) -> Iterator[Executor]:
    """The executor of one machine."""
    yield InProcess(database, whole)


def analyse(
    database: Database,
    policies: Policies,
    clock: Clock,
    plan: Plan = Plan(),
    *,
    steps: Sequence[AnyStep] = STEPS,
    watcher: Watcher | None = None,
    executor: MakeExecutor = in_process,
    stopped: Callable[[], bool] = lambda: False,
) -> RunReport:
    """Do a run and publish it.

    Takes up an unfinished run of the same day, unless `plan.full`. Raises AlreadyRunning while another process is at
    it, LookupError for a step in `plan.only` that is none, and Stopped once `stopped()` says so between two steps or
    partitions; the next call goes on from there.
    """
    if unknown := plan.only - {step.name for step in steps}:
        raise LookupError(f"There is no step {', '.join(sorted(unknown))}.")
    began = time.monotonic()
    with alone(database):
        run, resumed = _run(database, clock, plan)
        report = RunReport(run.public_id, run.as_of, resumed)
        with Frames(database, Scope(None, run.as_of)) as frames, executor(database, frames) as workers:
            going = _Going(database, policies, clock, run, plan, frames, workers, watcher or Unwatched(), stopped)
            for step in steps:
                report.steps.append(going.do(step))
        report.seconds = time.monotonic() - began
        with database.write() as session:
            run.seconds = (run.seconds or 0.0) + report.seconds
            repository.publish(session, run, clock.wall())
        report.published = True
        _prune(database, steps, clock.wall() - timedelta(days=policies.analytics.history_days))
    return report


def as_of(session: ReadSession, now: datetime) -> datetime:
    """The instant to count from: the end of the UTC day of the last sale, or of today if that is earlier.

    A shop whose newest data is a month old has not lost all its customers in that month. A day, so that a second run
    of a day finds nothing to do where nothing changed.
    """
    day = min(repository.last_sale(session, now) or now, now).astimezone(UTC).date()
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _run(database: Database, clock: Clock, plan: Plan) -> tuple[AnalysisRun, bool]:
    """An unfinished run to go on with, or a new one."""
    with database.write() as session:
        instant = as_of(session, clock.now())
        run = repository.unfinished(session)
        if run is not None and run.as_of == instant and not plan.full:
            return run, True
        if run is not None:
            run.state = "failed"
        run = AnalysisRun(public_id=f"run_{secrets.token_hex(8)}", as_of=instant, started_at=clock.wall())
        session.add(run)
        session.flush()
        return run, False


def _prune(database: Database, steps: Sequence[AnyStep], before: datetime) -> None:
    """One table at a time: on SQLite others wait while rows are removed."""
    with database.read() as session:
        kept = repository.readable(session, RUNS_KEPT)
    for step in steps:
        for table in step.writes:
            with database.write() as session:
                repository.prune(session, table, kept)
    with database.write() as session:
        repository.forget_failed(session)
    with database.write() as session:
        repository.forget_history(session, before)


class _Going:
    """A run under way."""

    def __init__(
        self,
        database: Database,
        policies: Policies,
        clock: Clock,
        run: AnalysisRun,
        plan: Plan,
        frames: Frames,
        workers: Executor,
        watcher: Watcher,
        stopped: Callable[[], bool],
    ) -> None:
        self._database = database
        self._policies = policies
        self._clock = clock
        self._run = run
        self._plan = plan
        self._frames = frames
        self._workers = workers
        self._watcher = watcher
        self._stopped = stopped
        self._wrote: dict[Table, str] = {}
        with database.read() as session:
            self._done = {
                name: step for name, step in repository.steps(session, run.id).items() if step.state == "done"
            }
            before = published.run(session)
            self._before = repository.steps(session, before.id) if before is not None else {}
            customers = session.scalar(select(func.count()).select_from(Customer)) or 0
            sold_in = repository.sale_currencies(session)
        self._currency = policies.analytics.currency or next(iter(sold_in), policies.shop.currency)
        rated = {self._currency, *policies.analytics.exchange_rates}
        self._unrated = [currency for currency in sold_in if currency not in rated]
        """Sold in, but worth nothing to the analysis until the policies have a rate."""
        size = policies.analytics.partition_customers
        self._parts = partitions(min(BUCKETS, max(1, -(-customers // size))))

    def do(self, step: AnyStep) -> Outcome:
        """Bring one step to its end, whichever way is shortest."""
        self._look()
        began = time.monotonic()
        self._watcher.begin(step.name)
        self._wrote.update(dict.fromkeys(step.writes, step.name))
        told = self._do(step)
        outcome = Outcome(step.name, told, self._done[step.name].rows, time.monotonic() - began)
        self._watcher.finish(step.name, outcome.outcome, outcome.rows, outcome.seconds)
        return outcome

    def _do(self, step: AnyStep) -> str:
        before = self._before.get(step.name)
        untouched = bool(self._plan.only) and step.name not in self._plan.only
        if untouched and before is not None:
            self._point(step, before)
            return "reused"
        summary = pd.DataFrame()
        if isinstance(step, PartitionedStep):
            digests, summary = self._survey(step)
        else:
            digests = [self._frames.digest(frame) for frame in step.reads]
        fingerprint = self._fingerprint(step, digests)
        done = self._done.get(step.name)
        if done is not None and done.fingerprint == fingerprint:
            return "kept"
        again = self._plan.full or step.name in self._plan.only
        if before is not None and before.fingerprint == fingerprint and not again:
            self._point(step, before)
            return "reused"
        began = time.monotonic()
        if isinstance(step, PartitionedStep):
            self._partitioned(step, fingerprint, summary, began)
        else:
            self._whole(step, fingerprint, began)
        return "computed"

    # --- The two kinds of step ---

    def _whole(self, step: Step, fingerprint: str, began: float) -> None:
        with self._database.write() as session:
            repository.clear(session, self._run.id, step.name, step.writes)
        work = self._work(step)
        rows = step.compute(work)
        self._look()
        count = 0
        for table, frame in self._checked(step, rows):
            # In pieces: on SQLite nobody else can write meanwhile. Unpublished, nobody reads half of it.
            for start in range(0, len(frame), repository.AT_ONCE):
                with self._database.write() as session:
                    count += repository.write(
                        session, table, frame.iloc[start : start + repository.AT_ONCE], self._run.id
                    )
        self._finish(step, fingerprint, count, work.card, began)

    def _survey(self, step: PartitionedStep) -> tuple[list[str], pd.DataFrame]:
        surveyed = {}
        for part, found in self._workers.survey(step, self._parts, self._setting()):
            surveyed[part.index] = found
            self._look()
            self._tell(step, "reading", len(surveyed))
        in_order = [surveyed[part.index] for part in self._parts]
        summary = pd.concat([one.summary for one in in_order], ignore_index=True)
        # By person: sums of floating-point numbers depend on their order, and partitions must not.
        summary = summary.sort_values("person_id", kind="stable", ignore_index=True)
        return [one.digests[frame.name] for one in in_order for frame in step.reads], summary

    def _partitioned(self, step: PartitionedStep, fingerprint: str, summary: pd.DataFrame, began: float) -> None:
        with self._database.read() as session:
            stored = repository.steps(session, self._run.id).get(step.name)
            finished = repository.parts(session, self._run.id, step.name, fingerprint)
        if stored is not None and stored.fingerprint == fingerprint:
            fitted, card = stored.card["fitted"], {**stored.card}
        else:
            work = self._work(step)
            fitted = step.fit(work, summary)
            card = {**work.card, "fitted": fitted, "unrated": self._unrated}
            if self._unrated:
                self._watcher.note(step.name, f"no exchange rate for {', '.join(self._unrated)}: amounts count as 0")
            finished = {}
            with self._database.write() as session:
                repository.clear(session, self._run.id, step.name, step.writes)
                session.add(
                    AnalysisStep(
                        run_id=self._run.id,
                        step=step.name,
                        fingerprint=fingerprint,
                        rows_run_id=self._run.id,
                        card=card,
                    )
                )
        left = [part for part in self._parts if part.index not in finished]
        count, done = sum(finished.values()), len(finished)
        for part, rows in self._workers.compute(step, left, self._setting(), fitted):
            with self._database.write() as session:
                written = sum(
                    repository.write(session, table, frame, self._run.id) for table, frame in self._checked(step, rows)
                )
                session.add(
                    AnalysisPart(
                        run_id=self._run.id,
                        step=step.name,
                        part=part.index,
                        fingerprint=fingerprint,
                        rows=written,
                    )
                )
            count, done = count + written, done + 1
            self._tell(step, "done", done)
            self._look()
        self._finish(step, fingerprint, count, card, began)

    # --- What both need ---

    def _setting(self) -> Setting:
        return Setting(self._run.as_of, self._policies, self._currency)

    def _work(self, step: AnyStep) -> Work:
        return Work(
            self._run.as_of,
            self._policies,
            self._currency,
            self._frames,
            rows=lambda table: self._rows(table, of=self._done),
            published=lambda table: self._rows(table, of=self._before),
            note=lambda words: self._watcher.note(step.name, words),
        )

    def _rows(self, table: Table, of: Mapping[str, AnalysisStep]) -> pd.DataFrame:
        step = of.get(self._wrote.get(table, ""))
        with self._database.read() as session:
            return repository.read(session, table, step.rows_run_id if step is not None else None)

    def _checked(self, step: AnyStep, rows: Rows) -> list[tuple[Table, pd.DataFrame]]:
        if unknown := set(rows) - set(step.writes):
            raise ValueError(f"step {step.name} does not say that it writes {sorted(t.__name__ for t in unknown)}")
        return [(table, rows[table]) for table in step.writes if table in rows]

    def _fingerprint(self, step: AnyStep, digests: Sequence[str]) -> str:
        if missing := [name for name in step.after if name not in self._done]:
            raise LookupError(f"step {step.name} comes before {missing}, whose rows it reads")
        said = {
            "step": step.name,
            "version": step.version,
            "as_of": self._run.as_of.isoformat(),
            "currency": self._currency,
            "rules": step.rules(self._policies),
            "parts": len(self._parts) if isinstance(step, PartitionedStep) else 1,
            "frames": list(digests),
            "after": [self._done[name].fingerprint for name in step.after],
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def _finish(self, step: AnyStep, fingerprint: str, rows: int, card: dict[str, Any], began: float) -> None:
        with self._database.write() as session:
            self._done[step.name] = session.merge(
                AnalysisStep(
                    run_id=self._run.id,
                    step=step.name,
                    state="done",
                    fingerprint=fingerprint,
                    rows_run_id=self._run.id,
                    rows=rows,
                    seconds=time.monotonic() - began,
                    card=card,
                    finished_at=self._clock.wall(),
                )
            )

    def _point(self, step: AnyStep, before: AnalysisStep) -> None:
        """Let the step's rows be those of an earlier run."""
        with self._database.write() as session:
            repository.clear(session, self._run.id, step.name, step.writes)
            self._done[step.name] = session.merge(
                AnalysisStep(
                    run_id=self._run.id,
                    step=step.name,
                    state="done",
                    fingerprint=before.fingerprint,
                    rows_run_id=before.rows_run_id,
                    rows=before.rows,
                    seconds=before.seconds,
                    card=before.card,
                    finished_at=before.finished_at,
                )
            )

    def _tell(self, step: AnyStep, what: str, done: int) -> None:
        if len(self._parts) > 1:
            self._watcher.note(step.name, f"{what}: {done} of {len(self._parts)} partitions")

    def _look(self) -> None:
        if self._stopped():
            raise Stopped
