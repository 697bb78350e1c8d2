"""How well and how fast the resolver understands: `uv run python benchmarks/resolver.py [--orders N] [--seed S]`.

Accuracy over generated shops (six that it was developed on, two held out), the share of wrong and sure answers, how the
scores agree with what is right, and the time of one message against 200 candidates. Times are also given as a ratio to
folding and tokenising the same messages, which says more than milliseconds on somebody else's machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from actions.resolver import LineCandidate, OrderCandidate, resolve_lines, resolve_orders
from actions.resolver.text import tokenise
from shopdesk.progress import Progress
from tests.actions.resolver import shops


def quality(name: str, products: dict[str, list[shops.Product]], seed: int, orders: int) -> None:
    """Prints accuracy, wrong-and-sure rate and calibration over one set of shops."""
    cases = list(shops.cases(products, seed=seed, orders=orders))
    totals: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    bins: dict[int, list[bool]] = defaultdict(list)
    with Progress() as progress, progress.step(f"Understanding: {name}"):
        for case in cases:
            verdict, found = shops.judge(case)
            totals[verdict] += 1
            kinds[case.kind][verdict] += 1
            meant = {key for key, _ in case.meant}
            for match in found.matches:
                bins[min(9, int(match.score * 10))].append(match.candidate.key in meant)
    print(f"\n{name}: {len(cases)} messages about {len(products)} shops")
    for verdict in ("right", "asked", "wrong"):
        print(f"  {verdict:<6} {totals[verdict]:>6}  {totals[verdict] / len(cases):.2%}")
    for kind, counts in sorted(kinds.items()):
        if counts["right"] < sum(counts.values()):
            print(f"    {kind:<18} {dict(counts)}")
    print("  score → share of the matches that were meant")
    for low, hits in sorted(bins.items()):
        print(f"    {low / 10:.1f}–{low / 10 + 0.1:.1f}  {sum(hits) / len(hits):.2f}  ({len(hits)})")


def two_hundred() -> tuple[LineCandidate, ...]:
    """Two hundred lines out of all shops, with titles told apart by a number."""
    lines: list[LineCandidate] = []
    number = 0
    while len(lines) < 200:
        for case in shops.cases({**shops.DEVELOPMENT, **shops.HELD_OUT}, seed=number, orders=1):
            if case.kind == "dearest":
                lines += [replace(line, order=f"{2000 + len(lines)}") for line in case.lines]
        number += 1
    return tuple(lines[:200])


def timed(run: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """CPU seconds of each call: it does no I/O, and other work on the machine must not count."""
    found = []
    for text in texts:
        start = time.process_time()
        run(text)
        found.append(time.process_time() - start)
    return found


def speed(seed: int) -> None:
    """Prints the time of a message against 200 candidates."""
    lines = two_hundred()
    orders = [
        OrderCandidate(
            f"{2000 + place}", shops.TODAY, "open", sum(line.unit_price_minor or 0 for line in lines[place : place + 4]), "GBP",  # noqa: E501
            lines[place : place + 4],
        )
        for place in range(0, 200, 4)
    ]  # fmt: skip
    texts = [case.text for case in shops.cases({**shops.DEVELOPMENT, **shops.HELD_OUT}, seed=seed, orders=3)]
    tokens = timed(lambda text: (tokenise.cache_clear(), tokenise(text)), texts)
    base = statistics.median(tokens)
    for name, run in (
        ("200 lines", lambda text: resolve_lines(text, lines, today=shops.TODAY)),
        ("50 orders of 4 lines", lambda text: resolve_orders(text, orders, today=shops.TODAY)),
    ):
        run(texts[0])
        taken = sorted(timed(run, texts))
        half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        print(f"{name:<22} p50 {half * 1000:6.2f} ms  p95 {most * 1000:6.2f} ms  {most / base:6.0f} × tokenising")


def main() -> None:
    """Everything, printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=40, help="orders per shop")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    quality("shops it was developed on", shops.DEVELOPMENT, given.seed, given.orders)
    quality("held-out shops", shops.HELD_OUT, given.seed, given.orders)
    print()
    speed(given.seed)


if __name__ == "__main__":
    main()
