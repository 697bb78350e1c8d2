"""BG/NBD on the CDNOW sample: parameters against the published ones, and 39 weeks ahead against a plain rate.

uv run python -m benchmarks.lifetime [--data DIR]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from crm_backend.analytics.lifetime import bgnbd

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
"""Fader, Hardie & Lee (2005), on purchases until 1997-09-30."""
CUT = pd.Timestamp("1997-09-30")
WEEKS = 39


def customers(path: Path) -> pd.DataFrame:
    """By customer `x`, `t_x`, `T` in weeks at the cut, and `after`: purchases in the 39 weeks that follow."""
    lines = pd.read_csv(path, sep=r"\s+", names=["master", "sample", "date", "cds", "dollars"], dtype={"date": str})
    lines["at"] = pd.to_datetime(lines["date"], format="%Y%m%d")
    days = lines[["sample", "at"]].drop_duplicates()
    known = days[days["at"] <= CUT].groupby("sample")["at"].agg(["min", "max", "count"])
    ahead = days[(days["at"] > CUT) & (days["at"] <= CUT + pd.Timedelta(weeks=WEEKS))].groupby("sample").size()
    week = pd.Timedelta(weeks=1)
    return pd.DataFrame(
        {
            "x": (known["count"] - 1).astype(float),
            "t_x": (known["max"] - known["min"]) / week,
            "T": (CUT - known["min"]) / week,
            "after": ahead.reindex(known.index, fill_value=0).astype(float),
        }
    )


def rmse(expected: pd.Series[float], seen: pd.Series[float]) -> float:
    """Root of the mean squared error, in purchases."""
    return float(np.sqrt(((expected - seen) ** 2).mean()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATA)
    people = customers(parser.parse_args(arguments).data / "cdnow" / "CDNOW_sample.txt")
    began = time.perf_counter()
    x, t_x, observed = (people[name].to_numpy(dtype=float) for name in ("x", "t_x", "T"))
    model = bgnbd.fit(x, t_x, observed)
    seconds = time.perf_counter() - began
    print(f"CDNOW sample, {len(people):,} customers, fitted in {seconds:.2f} s\n")
    print("| parameter | published | fitted | difference |\n|---|---|---|---|")
    for name, value in PUBLISHED.items():
        fitted = getattr(model, name)
        print(f"| {name} | {value} | {fitted:.4f} | {fitted - value:+.4f} |")
    expected = pd.Series(model.expected_purchases(WEEKS, x, t_x, observed), people.index)
    rate = people["x"] / people["T"] * WEEKS
    nobody = pd.Series(people["after"].mean(), people.index)
    print("\n| next 39 weeks by | RMSE, purchases |\n|---|---|")
    print(f"| BG/NBD | {rmse(expected, people['after']):.3f} |")
    print(f"| each customer's plain rate so far | {rmse(rate, people['after']):.3f} |")
    print(f"| everybody's mean (known afterwards) | {rmse(nobody, people['after']):.3f} |")


if __name__ == "__main__":
    main()
