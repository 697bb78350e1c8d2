"""How well late parcels and days of arrival are foreseen, on the marketplace's real orders, in a later time window.

    uv run python benchmarks/delivery_risk.py [--data DIR] [--json FILE] [--picture FILE.svg]

The model is fitted on what was known on 1 September 2017, calibrated on the weeks up to 1 November, and asked of every
order from then on, at two stages: when it was placed, and when it was handed over. Beside it, on the same orders: the
base rate (the share of late ones before), and the marketplace's own estimate, as a logistic regression of lateness on
the days that the marketplace said it would take; as a day, its estimate itself.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crm_backend.analytics.delivery.landmarks import landmarks, settled  # noqa: E402
from crm_backend.analytics.delivery.model import (  # noqa: E402
    asked,
    calibrate,
    fit,
    late_probability,
    quantile,
    reliability,
    scores,
)
from shopdesk.progress import Progress  # noqa: E402

FITTED, CALIBRATED, END = (datetime(2017, month, day, tzinfo=UTC) for month, day in ((9, 1), (11, 1), (12, 31)))
ZONE = "America/Sao_Paulo"
NO_SCANS = pd.DataFrame({"shipment_id": [], "code": [], "at": []})


def parcels(folder: Path) -> pd.DataFrame:
    """The marketplace's orders as `PARCEL_COLUMNS`; each order is one parcel."""
    orders = pd.read_csv(folder / "orders.csv")
    customers = pd.read_csv(folder / "customers.csv", dtype={"customer_zip_code_prefix": str})
    sellers = pd.read_csv(folder / "order_items.csv").groupby("order_id")["seller_id"].first()
    orders = orders[orders["order_status"].isin(["delivered", "shipped", "invoiced", "processing"])]
    orders = orders.merge(customers, on="customer_id")

    def instant(column: str) -> pd.Series[Any]:
        local = pd.to_datetime(orders[column]).dt.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward")
        return local.dt.tz_convert("UTC")

    return pd.DataFrame(
        {
            "shipment_id": np.arange(len(orders)),
            "carrier": None,
            "service": None,
            "origin": orders["order_id"].map(sellers),
            "country": "BR",
            "region": orders["customer_state"],
            "postcode": orders["customer_zip_code_prefix"].str.zfill(5),
            "placed_at": instant("order_purchase_timestamp"),
            "handed_over_at": instant("order_delivered_carrier_date"),
            "delivered_at": instant("order_delivered_customer_date"),
            "promised_on": pd.to_datetime(orders["order_estimated_delivery_date"]),
            "timezone": ZONE,
        }
    )


def own_estimate(known: pd.DataFrame, stage: str, chosen: pd.DataFrame) -> Any:
    """What the marketplace's own estimate says of lateness: by the days it gave itself, fitted before."""
    before = known[(known["stage"] == stage) & known["late"].notna()]
    model = LogisticRegression().fit(before[["promised_in"]].to_numpy(), before["late"].to_numpy())
    return model.predict_proba(chosen[["promised_in"]].to_numpy())[:, 1]


def main() -> None:
    """Fit, ask and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "olist-orders-10k")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--picture", type=Path, help="the reliability diagram, as SVG")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    with Progress() as progress:
        frame = parcels(options.data)
        with progress.step("fitting"):
            began = time.perf_counter()
            model = fit(frame, NO_SCANS, FITTED)
            found["fit_seconds"] = time.perf_counter() - began
        with progress.step("calibrating"):
            calibration = calibrate(*asked(model, frame, NO_SCANS, FITTED, CALIBRATED, CALIBRATED))
        with progress.step("asking of later orders"):
            chosen, curves = asked(model, frame, NO_SCANS, CALIBRATED, END, END)
    before = settled(landmarks(frame, NO_SCANS, CALIBRATED), CALIBRATED)
    print(f"fitted in {found['fit_seconds']:.1f} s; {calibration}\n")
    print(f"{'':44}{'orders':>8}{'late':>7}{'AUROC':>8}{'Brier':>9}{'days off':>10}{'by held':>9}")
    for stage in ("placed", "handed_over"):
        mine = (chosen["stage"] == stage).to_numpy()
        asked_of, of_curves = chosen[mine].reset_index(drop=True), curves[mine]
        late = asked_of["late"].to_numpy(float)
        base = float(before.loc[before["stage"] == stage, "late"].mean())
        ours = scores(asked_of, of_curves, calibration, base)
        theirs = own_estimate(before, stage, asked_of)
        off = float(np.median(np.abs(asked_of["days"] - asked_of["promised_in"])))
        found[stage] = {
            "ours": ours,
            "base_rate": {"brier": ours["brier_of_base_rate"], "share": base},
            "own_estimate": {
                "auroc": float(roc_auc_score(late, theirs)),
                "brier": float(brier_score_loss(late, theirs)),
                "days_off_median": off,
                "coverage_by": float(1 - late.mean()),
                "days_given_median": float(asked_of["promised_in"].median()),
            },
            "days_given_median": float(np.median(quantile(of_curves, calibration.by_level))),
        }
        head = f"{stage}: "
        print(
            f"{head + 'Shopdesk':44}{len(late):>8,}{late.mean():7.3f}{ours['auroc']:8.3f}{ours['brier']:9.4f}"
            f"{ours['days_off_median']:10.1f}{ours['coverage_by']:9.3f}"
        )
        print(f"{head + 'the base rate':44}{'':>8}{base:7.3f}{0.5:8.3f}{ours['brier_of_base_rate']:9.4f}")
        own = found[stage]["own_estimate"]
        print(
            f"{head + 'the marketplace’s own estimate':44}{'':>8}{'':7}{own['auroc']:8.3f}{own['brier']:9.4f}"
            f"{off:10.1f}{own['coverage_by']:9.3f}"
        )
        print(
            f"{head}arrival by day {found[stage]['days_given_median']:.0f} is told in the middle,"
            f" the marketplace tells day {own['days_given_median']:.0f}"
        )
    table = reliability(chosen["late"].to_numpy(float), late_probability(chosen, curves, calibration))
    found["reliability"] = table
    print(f"\n{'told':>8}{'late':>8}{'landmarks':>11}")
    for row in table:
        print(f"{row['told']:8.3f}{row['late']:8.3f}{row['landmarks']:11,.0f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.picture:
        options.picture.write_text(picture(table), encoding="utf-8")


SIDE, MARGIN = 320, 44


def picture(table: list[dict[str, float]]) -> str:
    """The reliability diagram: a point on the diagonal was told the truth."""
    most = max(0.05, *(max(row["told"], row["late"]) for row in table)) * 1.1

    def across(value: float) -> float:
        return MARGIN + value / most * SIDE

    def up(value: float) -> float:
        return MARGIN + SIDE - value / most * SIDE

    size = SIDE + 2 * MARGIN
    line = " ".join(f"{across(row['told']):.1f},{up(row['late']):.1f}" for row in table)
    dots = "".join(
        f'<circle cx="{across(row["told"]):.1f}" cy="{up(row["late"]):.1f}" r="4" fill="#1d6f5c"/>' for row in table
    )
    ticks = "".join(
        f'<text x="{across(value):.0f}" y="{size - 24}" text-anchor="middle">{value:.0%}</text>'
        f'<text x="{MARGIN - 8}" y="{up(value) + 4:.0f}" text-anchor="end">{value:.0%}</text>'
        for value in (most * step / 4 for step in range(5))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" font-size="11">'
        f'<title>Told and observed shares of late parcels</title><rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="M{MARGIN} {MARGIN}V{MARGIN + SIDE}H{MARGIN + SIDE}" fill="none" stroke="#555"/>'
        f'<path d="M{MARGIN} {MARGIN + SIDE}L{MARGIN + SIDE} {MARGIN}" stroke="#bbb" stroke-dasharray="4"/>'
        f'<polyline points="{line}" fill="none" stroke="#1d6f5c" stroke-width="2"/>{dots}{ticks}'
        f'<text x="{size / 2}" y="{size - 6}" text-anchor="middle">told: probability of being late</text>'
        f'<text transform="translate(12 {size / 2}) rotate(-90)" text-anchor="middle">observed: share that was</text>'
        "</svg>\n"
    )


if __name__ == "__main__":
    main()
