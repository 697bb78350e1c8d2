"""RFM of a million customers, and how stable the clusters are that were chosen.

    uv run python -m benchmarks.segments [--database URL]

Without a database whose traits were computed (`shopdesk analyse`), only the first is measured.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from crm_backend.analytics import rfm

PEOPLE, ROWS, DAYS = 1_000_000, 5_000_000, 730


def million() -> None:
    """Wall and CPU seconds of measures and scores, from rows to the last score."""
    chance = np.random.default_rng(1)
    person, day = chance.integers(1, PEOPLE + 1, ROWS), chance.integers(0, DAYS, ROWS)
    amount = chance.gamma(2, 1500, ROWS)
    print("| RFM of | rows | wall s | CPU s |\n|---|---|---|---|")
    for _turn in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        found = rfm.rfm(person, day, amount, DAYS)
        for name in found:
            values = found[name].to_numpy(dtype=float)
            rfm.scores(values, rfm.cuts(values), low_is_good=name == "recency")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"| {len(found):,} customers | {ROWS:,} | {wall:.2f} | {cpu:.2f} |")


def stability(url: str) -> None:
    """The card of the published clusters."""
    from crm_backend.analytics import published
    from crm_backend.database.engine import Database, make_engine

    database = Database(make_engine(url))
    with database.read() as session:
        step = published.step(session, "segments")
    database.dispose()
    if step is None:
        raise SystemExit("Run `shopdesk analyse` first.")
    card = step.card["clusters"]
    print(f"\n{card['customers']:,} customers, {card['chosen']} clusters chosen\n")
    print("| clusters | mean ARI | least ARI | least share | silhouette | usable |\n|---|---|---|---|---|---|")
    for one in card["counts"]:
        print(
            f"| {one['clusters']} | {one['mean']} | {one['least']} | {one['least_share']} | {one['silhouette']} |"
            f" {'yes' if one['usable'] else 'no'} |"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--database", help="a CRM's database, analysed")
    options = parser.parse_args(arguments)
    million()
    if options.database:
        stability(options.database)


if __name__ == "__main__":
    main()
