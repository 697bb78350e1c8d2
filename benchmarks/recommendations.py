"""How good recommendations are, and what they cost: every candidate beside the chosen one, on rolling time splits.

    uv run python benchmarks/recommendations.py [--data DIR] [--cuts 2010-06-01 2010-09-09 2010-11-09]

For each cut everything, the choice of models included, is fitted on what was bought before it and scored on what each
person bought next: their first shopping day after it, and all that they bought until the data ends. Then the fit's
time and peak memory in a process of its own, and the time of one customer's shelf inside the CRM.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SET = "online-retail-ii-2009-2010"
CUTS = ("2010-06-01", "2010-09-09", "2010-11-09")
HEADER = "| shelf | candidate | NDCG@10 | ± | hit rate@10 | ± | coverage | people |\n|---|---|---|---|---|---|---|---|"


def show(shelf: str, score: Any, chosen: bool) -> None:
    """One row of a table."""
    name = f"**{score.name}**" if chosen else score.name
    hits = f"{score.hit_rate:.4f} | {score.hit_rate_se:.4f}"
    print(
        f"| {shelf} | {name} | {score.ndcg:.4f} | {score.ndcg_se:.4f} | {hits} |"
        f" {score.coverage:.3f} | {score.people} |",
        flush=True,
    )


def quality(purchases: Any, facts: Any, cut: datetime) -> dict[str, bool]:
    """Print the tables of one cut. Returns by horizon whether no choice was worse than the best single one by more
    than its error.
    """
    from crm_backend.analytics.recommenders.evaluation import SHELVES, Horizon, evaluate, evaluate_strangers, targets
    from crm_backend.analytics.recommenders.fitting import fit_purchases
    from crm_backend.analytics.recommenders.models import Blend
    from crm_backend.analytics.recommenders.selection import CANDIDATES, STARTERS
    from crm_backend.analytics.recommenders.starters import starters_by_country

    shop = fit_purchases(purchases, as_of=cut, facts=facts)
    kept = {}
    horizons: tuple[Horizon, ...] = ("next_day", "all")
    for horizon in horizons:
        found = targets(purchases, shop.history, None, horizon)
        kept[horizon] = True
        print(f"\n## Cut {cut:%Y-%m-%d}, {'next shopping day' if horizon == 'next_day' else 'all that followed'}\n")
        print(HEADER)
        scorers = {shelf: [(one.name, shop.fits[one]) for one in CANDIDATES[shelf]] for shelf in SHELVES}
        for shelf, scores in evaluate(scorers, shop.history, found).items():
            chosen = shop.selection.recommender(shelf).name
            single = {one.name for one in CANDIDATES[shelf] if not isinstance(one, Blend)}
            best = max((score for score in scores if score.name in single), key=lambda score: score.ndcg)
            for score in scores:
                show(shelf, score, score.name == chosen)
                if score.name == chosen and score.ndcg < best.ndcg - best.ndcg_se:
                    kept[horizon] = False
                    print(f"| {shelf} | worse than {best.name} by more than its standard error | | | | | | |")
        for starters in STARTERS:
            lists = starters_by_country(shop.history, starters, 10)
            score = evaluate_strangers(
                starters.name, lambda country, lists=lists: lists.get(country or "", lists[""]), found, shop.history
            )
            show("cold start", score, starters.name == shop.selection.starter.name)
    return kept


def peak_mb() -> float:
    """Peak memory of this process; `getrusage` would count what the parent held when it started us."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def cost(prepared: Path) -> None:
    """Child process: fit on everything; seconds and peak memory."""
    from crm_backend.analytics.recommenders.fitting import fit_purchases

    with prepared.open("rb") as handle:
        purchases, facts = pickle.load(handle)
    idle = peak_mb()
    began, used = time.perf_counter(), time.process_time()
    shop = fit_purchases(purchases, facts=facts)
    print(
        json.dumps(
            {
                "items": len(shop.history.items),
                "people": len(shop.history.people),
                "seconds": time.perf_counter() - began,
                "cpu_seconds": time.process_time() - used,
                "peak_mb": peak_mb(),
                "idle_mb": idle,
            }
        )
    )


def serving(folder: Path, scratch: Path) -> None:
    """Analyse the imported shop and time shelves inside the process."""
    from crm_backend.account.models import Customer
    from crm_backend.analytics.registry import STEPS
    from crm_backend.analytics.runs import analyse
    from crm_backend.database.engine import Database, make_engine
    from crm_backend.identity.access import Access
    from crm_backend.migrations import migrate
    from crm_backend.pipeline.importing import import_folder
    from crm_backend.policies.policy import load_policies
    from crm_backend.recommendations import service
    from shopdesk_schemas.clock import Clock

    url = f"sqlite:///{scratch / 'crm.sqlite3'}"
    migrate(url)
    engine = make_engine(url)
    import_folder(engine, folder)
    database = Database(engine)
    policies = load_policies(ROOT / "data" / "demo" / "shop")
    now = datetime(2010, 12, 10, tzinfo=UTC)
    report = analyse(database, policies, Clock(now), steps=STEPS)
    seconds = next(step.seconds for step in report.steps if step.step == "recommendations")
    print(f"\nStep `recommendations` of an analysis of {folder.name}: {seconds:.1f} s")
    with database.read() as session:
        people = [row[0] for row in session.query(Customer.id).order_by(Customer.id).limit(2000)]
    for shelf in ("for_you", "buy_again", "discover"):
        times = []
        for person in people:
            began = time.perf_counter()
            with database.read() as session:
                service.for_shopper(
                    session,
                    Access(customer_id=person),
                    "bench",
                    shelf,
                    service.Asked(),
                    policies,
                    now,  # type: ignore[arg-type]
                )
            times.append((time.perf_counter() - began) * 1000)
        times.sort()
        print(
            f"One customer's {shelf}: p50 {times[len(times) // 2]:.2f} ms, p95 {times[int(len(times) * 0.95)]:.2f} ms"
            f" ({len(times)} customers, from the transaction's begin to the answer)"
        )
    engine.dispose()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cuts", nargs="*", default=CUTS, help="days at which to split")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        cost(options.child)
        return
    from crm_backend.analytics.recommenders.__main__ import read_lines
    from crm_backend.analytics.recommenders.purchases import net

    folder = options.data / SET
    lines, facts = read_lines(folder)
    purchases = net(lines)
    print(f"{len(lines):,} lines, {len(purchases):,} purchases kept; the chosen candidate of each shelf is bold")
    kept = [quality(purchases, facts, datetime.fromisoformat(cut)) for cut in options.cuts]
    print("\nChosen never worse than the best single candidate by more than its standard error:")
    print(f"- next shopping day, which lists made anew each night are for: {all(one['next_day'] for one in kept)}")
    print(f"- all that followed, by lists never made anew: {all(one['all'] for one in kept)}")
    with tempfile.TemporaryDirectory(prefix="shopdesk-bench-") as name:
        prepared = Path(name) / "purchases.pickle"
        with prepared.open("wb") as handle:
            pickle.dump((purchases, facts), handle)
        outcome = subprocess.run(
            [sys.executable, __file__, "--child", str(prepared)],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        found = json.loads(outcome.stdout)
        print(
            f"\nChoosing and fitting on all: {found['items']:,} items, {found['people']:,} people:"
            f" {found['seconds']:.1f} s"
            f" ({found['cpu_seconds']:.1f} s of processor), peak {found['peak_mb']:.0f} MB"
            f" ({found['idle_mb']:.0f} MB before it began)"
        )
        serving(folder, Path(name))


if __name__ == "__main__":
    main()
