"""A whole analysis of a CRM's database, step by step: wall and CPU seconds, peak memory.

uv run python -m benchmarks.analyse --database URL [--shop DIR]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from crm_backend.analytics.runs import Plan, analyse
from crm_backend.database.engine import Database, make_engine
from crm_backend.migrations import migrate
from crm_backend.policies.policy import load_policies
from shopdesk_schemas.clock import Clock

SHOP = Path(__file__).resolve().parents[1] / "data" / "demo" / "shop"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--database", required=True, help="a CRM's database; its analysis is done anew")
    parser.add_argument("--shop", type=Path, default=SHOP)
    options = parser.parse_args(arguments)
    migrate(options.database)
    database = Database(make_engine(options.database))
    policies = load_policies(options.shop)
    print("| run | step | outcome | rows | wall s |\n|---|---|---|---|---|")
    for name, plan in (("everything", Plan(full=True)), ("nothing changed", Plan())):
        wall, cpu = time.perf_counter(), time.process_time()
        report = analyse(database, policies, Clock(), plan)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        for step in report.steps:
            print(f"| {name} | {step.step} | {step.outcome} | {step.rows:,} | {step.seconds:.1f} |")
        print(f"| {name} | whole | {cpu:.1f} s CPU | | {wall:.1f} |")
    database.dispose()
    print(f"\nPeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
