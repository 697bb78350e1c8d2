"""Runs: atomic for readers, resumed after a kill, skipped where nothing changed, the same however divided."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import pytest
from sqlalchemy import func, select

from crm_backend.analytics import lock, published, repository
from crm_backend.analytics.executors import Executor, OnDask
from crm_backend.analytics.frames import Frames
from crm_backend.analytics.models import AnalysisPart, AnalysisRun, Publication
from crm_backend.analytics.runs import Plan, Stopped
from crm_backend.analytics.segments.models import Segment, SegmentMember
from crm_backend.analytics.traits.models import CustomerAffinity, CustomerTraits
from crm_backend.database.engine import Database
from tests.crm import records
from tests.crm.analytics.conftest import Analyse
from tests.crm.analytics.shops import a_year_of_orders, bought

TABLES = (CustomerTraits, CustomerAffinity, Segment, SegmentMember)


def _published(database: Database) -> dict[str, pd.DataFrame]:
    with database.read() as session:
        return {
            table.__name__: repository.read(
                session, table, published.rows_run(session, "traits" if table in TABLES[:2] else "segments")
            )
            for table in TABLES
        }


def _same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name], check_exact=True)


def test_readers_see_the_old_run_until_the_new_one_is_whole(database: Database, run_analysis: Analyse) -> None:
    with database.write() as session:
        customer = records.customer(session)
        bought(session, customer, 10, ("A", 1, 500))
    run_analysis(database)
    before = _published(database)
    assert before["CustomerTraits"]["orders"].tolist() == [1]
    with database.write() as session:
        bought(session, customer, 5, ("A", 2, 500))
    seen = []

    class Reader:
        def begin(self, step: str) -> None:
            seen.append(_published(database))

        def note(self, step: str, words: str) -> None: ...

        def finish(self, step: str, outcome: str, rows: int, seconds: float) -> None:
            seen.append(_published(database))

    run_analysis(database, watcher=Reader())
    assert len(seen) == 4
    for one in seen:
        _same(before, one)
    after = _published(database)
    assert after["CustomerTraits"]["orders"].tolist() == [2]


def test_a_run_without_changes_points_to_the_rows_that_are_there(database: Database, run_analysis: Analyse) -> None:
    with database.write() as session:
        customer = records.customer(session)
        bought(session, customer, 10, ("A", 1, 500))
    first = run_analysis(database)
    again = run_analysis(database)
    assert {one.outcome for one in first.steps} == {"computed"}
    assert {one.outcome for one in again.steps} == {"reused"}
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(CustomerTraits)) == 1
        step = published.step(session, "traits")
        assert step is not None
        assert step.run.public_id == again.run_id
    assert {one.outcome for one in run_analysis(database, Plan(full=True)).steps} == {"computed"}
    only = run_analysis(database, Plan(only=frozenset({"segments"})))
    assert [one.outcome for one in only.steps] == ["reused", "computed"]
    with database.write() as session:
        bought(session, customer, 3, ("A", 1, 500))
    assert {one.outcome for one in run_analysis(database).steps} == {"computed"}


def test_a_stopped_run_goes_on_where_it_was(database: Database, run_analysis: Analyse) -> None:
    a_year_of_orders(database, 200)
    rules = {"partition_customers": 100}
    looks = iter([False] * 6 + [True])
    with pytest.raises(Stopped):
        run_analysis(database, rules=rules, stopped=lambda: next(looks))
    with database.read() as session:
        assert published.run(session) is None
        done = session.scalars(select(AnalysisPart)).all()
        unfinished = session.scalars(select(AnalysisRun)).one()
    assert 0 < len(done) <= 2
    resumed = run_analysis(database, rules=rules)
    assert resumed.resumed
    assert resumed.run_id == unfinished.public_id
    interrupted = _published(database)
    run_analysis(database, Plan(full=True), rules=rules)
    _same(interrupted, _published(database))


_CHILD = """
import os, signal, sys
from tests.crm.analytics import conftest, shops
from tests.crm.conftest import policies_with
from tests.support.databases import open_database
from crm_backend.analytics import repository
from crm_backend.analytics.runs import analyse
from shopdesk_schemas.clock import Clock
write, left = repository.write, [int(sys.argv[2])]
def then_die(*arguments):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(*arguments)
repository.write = then_die
analyse(open_database(sys.argv[1]), policies_with(sections={"analytics": {"partition_customers": 100}}),
        Clock(shops.NOW), steps=conftest.STEPS)
"""


def test_a_killed_run_leaves_nothing_to_read_and_is_taken_up(
    database: Database, crm_database_url: str, run_analysis: Analyse
) -> None:
    a_year_of_orders(database, 200)
    # In the second partition, after its first table was written.
    child = subprocess.run([sys.executable, "-c", _CHILD, crm_database_url, "3"], capture_output=True, text=True)
    assert child.returncode == -signal.SIGKILL, child.stderr
    with database.read() as session:
        assert session.get(Publication, 1) is None
        assert len(session.scalars(select(AnalysisPart)).all()) == 1
    report = run_analysis(database, rules={"partition_customers": 100})
    assert report.resumed
    found = _published(database)
    assert len(found["CustomerTraits"]) == 200
    run_analysis(database, Plan(full=True))
    _same(found, _published(database))


def test_partitions_change_nothing(sqlite_database: Database, run_analysis: Analyse) -> None:
    a_year_of_orders(sqlite_database, 220)
    run_analysis(sqlite_database)
    whole = _published(sqlite_database)
    assert whole["CustomerTraits"]["p_active"].notna().any()
    run_analysis(sqlite_database, Plan(full=True), rules={"partition_customers": 100})
    _same(whole, _published(sqlite_database))


def test_a_cluster_of_processes_gives_the_same(sqlite_database: Database, run_analysis: Analyse) -> None:
    import warnings

    from distributed import Client, LocalCluster

    database = sqlite_database
    url = database.engine.url.render_as_string(hide_password=False)
    a_year_of_orders(database, 120)
    run_analysis(database)
    here = _published(database)
    used = []

    @contextmanager
    def on_cluster(_database: Database, _whole: Frames) -> Iterator[Executor]:
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            pids = client.run(os.getpid)
            used.extend(pids.values())
            yield OnDask(client, url)

    with warnings.catch_warnings():
        # What the cluster's own processes and sockets warn of when they end is not ours.
        warnings.simplefilter("ignore")
        run_analysis(database, Plan(full=True), rules={"partition_customers": 100}, executor=on_cluster)
    assert len({*used, os.getpid()}) == 3
    _same(here, _published(database))


def test_one_analysis_at_a_time(database: Database, run_analysis: Analyse) -> None:
    with lock.alone(database), pytest.raises(lock.AlreadyRunning):
        run_analysis(database)
    assert run_analysis(database).published


def test_a_step_that_is_none_is_refused(sqlite_database: Database, run_analysis: Analyse) -> None:
    with pytest.raises(LookupError, match="nonsense"):
        run_analysis(sqlite_database, Plan(only=frozenset({"nonsense"})))
    assert run_analysis(sqlite_database, Plan(only=frozenset({"traits"}))).published


def test_rows_that_nobody_reads_are_removed(sqlite_database: Database, run_analysis: Analyse) -> None:
    with sqlite_database.write() as session:
        customer = records.customer(session)
    for days in (30, 20, 10, 5):
        with sqlite_database.write() as session:
            bought(session, customer, days, ("A", 1, 500))
        run_analysis(sqlite_database)
    with sqlite_database.read() as session:
        assert session.scalar(select(func.count()).select_from(CustomerTraits)) == 2
        # Sizes stay: they are the segments' history.
        assert session.scalar(select(func.count(Segment.run_id.distinct()))) == 4
