"""What moving the analysis to processes of its own costs and brings: the step `traits`, partition by partition.

    uv run python -m benchmarks.scale_out [--orders 200000] [--partition 10000] [--processes 1 2]

One PostgreSQL database of a made-up shop; the step is done anew in this process, then on local Dask clusters. "whole"
has the cluster's start, "CPU" that of this process and of the workers, not of the database. That the rows are equal is
what `tests/crm/analytics/test_runs.py` shows.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.crm_reads_and_writes import database as filled_database
from benchmarks.crm_shop_of_size import NOW
from crm_backend.analytics.runs import Plan, analyse
from crm_backend.analytics.scale import executor_of
from crm_backend.analytics.traits.step import Traits
from crm_backend.database.engine import Database, make_engine
from crm_backend.policies.policy import load_policies
from crm_backend.settings import CrmSettings
from shopdesk.progress import Progress
from shopdesk_schemas.clock import Clock
from tests.support.postgres import running_postgres

SHOP = Path(__file__).resolve().parents[1] / "data" / "demo" / "shop"


def processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--partition", type=int, default=10_000, help="customers in one")
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args(arguments)
    policies = load_policies(SHOP)
    size = policies.analytics.model_copy(update={"partition_customers": options.partition})
    policies = policies.model_copy(update={"analytics": size})
    with ExitStack() as stack, Progress() as progress:
        server = stack.enter_context(running_postgres(shared_buffers="256MB")).url("postgres")
        database = Database(make_engine(filled_database(stack, server, options.orders, progress)))
        stack.callback(database.dispose)
        rows = []
        for processes in (0, *options.processes):
            where = f"processes:{processes}" if processes else None
            executor = executor_of(CrmSettings().model_copy(update={"dask_scheduler": where}))
            began, used = time.perf_counter(), processor_seconds()
            step = f"traits, {where or 'in this process'}"
            with progress.step(step):
                report = analyse(database, policies, Clock(NOW), Plan(full=True), steps=(Traits(),), executor=executor)
            done = report.steps[0]
            whole = time.perf_counter() - began
            rows.append((where or "in this process", done.rows, done.seconds, whole, processor_seconds() - used))
    print(f"\n{options.orders:,} orders, partitions of {options.partition:,} customers, load {os.getloadavg()[0]:.1f}")
    print("| where | rows | step, s | whole, s | CPU, s | × in this process |\n|---|---:|---:|---:|---:|---:|")
    for where, count, seconds, whole, used in rows:
        print(f"| {where} | {count:,} | {seconds:.1f} | {whole:.1f} | {used:.1f} | {whole / rows[0][3]:.2f} |")


if __name__ == "__main__":
    main()
