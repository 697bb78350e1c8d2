"""Simulated shoppers with problems of their own, at shops that the assistant does not know, through the whole stack.

    .venv/bin/python -m benchmarks.shoppers --goals 200
    .venv/bin/python -m benchmarks.shoppers --held-out --seed 7        # shops that are kept for measuring

Starts a stack of its own, imports the shops with a customer for each goal, lets every shopper talk through the
gateway's chat API, and compares the CRM's end state with the goal: exactly right, nothing done, a part, or something
wrong. Failures are written with their transcripts into a file.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from benchmarks.shoppers.crm import CrmStore
from benchmarks.shoppers.goals import Goal, Maker
from benchmarks.shoppers.kinds import KINDS, goal_of
from benchmarks.shoppers.shopper import Result, SimulatedShopper
from benchmarks.shoppers.shops import load_shops, write_files
from tests.support.stack import DEMO_NOW, ROOT, Stack, running_stack

_FAILURES = Path("var/shoppers-failures.txt")
NOT_YET = frozenset({"payment", "reorder"})
"""Kinds of goals that are asked for by name only."""


def main() -> None:
    """Runs the shoppers and prints how they fared."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--goals", type=int, default=100, help="how many shoppers")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same shoppers")
    parser.add_argument("--shops", nargs="*", help="names of shops; all that are not held out when not given")
    parser.add_argument("--held-out", action="store_true", help="the shops kept for measuring, and only them")
    parser.add_argument("--kinds", nargs="*", choices=sorted(KINDS), help="kinds of goals")
    parser.add_argument("--language", choices=("en", "zh"), help="one language; both when not given")
    parser.add_argument("--failures", type=Path, default=_FAILURES, help="where they are listed")
    parser.add_argument("--transcripts", type=Path, help="where to write every conversation")
    arguments = parser.parse_args()
    goals = make_goals(arguments)
    with tempfile.TemporaryDirectory() as folder:
        files, home, shop = Path(folder) / "files", Path(folder) / "home", Path(folder) / "shop"
        write_files(files, load_shops(), [goal.customer for goal in goals], datetime.fromisoformat(DEMO_NOW))
        shop.mkdir()
        (shop / "policies.yml").write_text(_patient_policies(), "utf-8")
        os.environ.setdefault("SHOPDESK_TEST_FIRST_PORT", "26800")
        settings = {"SHOPDESK_NOW": DEMO_NOW, "SHOPDESK_SHOP": str(shop)}
        with running_stack(home, imports=files, **settings) as stack:
            results = talk(stack, goals, arguments)
    report(results)
    failed = sum(each.outcome != "right" for each in results)
    print(f"\n{failed} failures in {arguments.failures}")


def make_goals(arguments: argparse.Namespace) -> list[Goal]:
    """As many goals as asked for, over shops, kinds and languages in turn, in an order by chance."""
    shops = [each for each in load_shops() if each.held_out == arguments.held_out]
    if arguments.shops:
        shops = [each for each in load_shops() if each.name in arguments.shops]
    kinds = arguments.kinds or [kind for kind in KINDS if kind not in NOT_YET]
    rng = random.Random(arguments.seed)
    goals = []
    for serial in range(arguments.goals):
        shop = rng.choice(shops)
        languages = [each for each in shop.languages if arguments.language in (None, each)] or list(shop.languages)
        own = random.Random(f"{arguments.seed}:{serial}")
        maker = Maker(shop, own.choice(languages), own, serial)
        goals.append(goal_of(maker, kinds[serial % len(kinds)]))
    rng.shuffle(goals)
    return goals


def _patient_policies() -> str:
    """The demo shop's policies; codes may be sent to one address as often as there are guests here."""
    text = (ROOT / "data" / "demo" / "shop" / "policies.yml").read_text("utf-8")
    return re.sub(r"\{codes: \d+, minutes: 60\}", "{codes: 10000, minutes: 60}", text)


def talk(stack: Stack, goals: Sequence[Goal], arguments: argparse.Namespace) -> list[Result]:
    """Every shopper's conversation, one after the other; what is to be read is written as each ends."""
    store = CrmStore(stack.home)
    results = []
    arguments.failures.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as open_files:
        failures = open_files.enter_context(arguments.failures.open("w", encoding="utf-8"))
        every = None
        if arguments.transcripts:
            every = open_files.enter_context(arguments.transcripts.open("w", encoding="utf-8"))
        for place, goal in enumerate(goals):
            token = None if goal.guest else stack.identity_token(goal.customer.id)
            with stack.chat() as chat:
                shopper = SimulatedShopper(goal, chat, store, random.Random(f"{arguments.seed}:{place}:talk"))
                result = shopper.run(token)
            results.append(result)
            for file in (every, failures if result.outcome != "right" else None):
                if file is not None:
                    file.write(written(result) + "\n")
                    file.flush()
    store.close()
    return results


def report(results: Sequence[Result]) -> None:
    """A table by kind of goal, and the whole."""
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_kind[result.goal.kind].append(result)
    print(f"{'goal':22}{'shoppers':>9}{'right':>8}{'part':>6}{'none':>6}{'wrong':>7}{'questions':>11}")
    rows = [(kind, by_kind[kind]) for kind in KINDS if kind in by_kind]
    rows += [(f"all, {of}", [each for each in results if each.goal.language == of]) for of in ("en", "zh")]
    rows.append(("all, reading", [each for each in results if not each.goal.careless]))
    rows.append(("all", list(results)))
    for name, group in rows:
        if not group:
            continue
        share = {o: sum(each.outcome == o for each in group) for o in ("right", "part", "nothing", "wrong")}
        questions = sum(each.questions for each in group) / len(group)
        print(
            f"{name:22}{len(group):>9}{share['right'] / len(group):>8.1%}{share['part']:>6}{share['nothing']:>6}"
            f"{share['wrong']:>7}{questions:>11.2f}"
        )


def written(result: Result) -> str:
    """A conversation to read."""
    goal = result.goal
    orders = [
        f"  {o.number} {o.state} {o.days_ago}d "
        + "; ".join(
            f"{line.quantity}×{line.variant.sku} {'/'.join(line.variant.values[goal.language])}" for line in o.lines
        )
        for o in goal.customer.orders
    ]
    traits = [name for name in ("guest", "careless", "leaves", "asks_total", "digresses") if getattr(goal, name)]
    return "\n".join(
        (
            f"=== {result.outcome.upper()} {goal.kind} {goal.language} {goal.customer.shop.name} {' '.join(traits)}",
            *orders,
            f"  wanted {sorted(result.wanted)}",
            f"  became {sorted(result.became)}",
            *result.transcript,
            "",
        )
    )


if __name__ == "__main__":
    main()
