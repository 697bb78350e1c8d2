"""What people kept: sales less what was cancelled, returned or credited.

A credit note's line takes back the person's latest purchases of that SKU that are not later than it; what it cannot
match (a sale from before the data begins, a guest's) takes nothing, so that nobody's purchases become negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

UNDONE = ("cancelled", "unavailable")
"""States of orders that came to nothing."""

GOODS = ("item", "gift_voucher")


def purchases(orders: pd.DataFrame, lines: pd.DataFrame, currency: str, rates: Mapping[str, float]) -> pd.DataFrame:
    """Lines of goods that known people bought, in the order of `lines`.

    Columns: `order_id`, `person_id`, `placed_at`, `sku` (category), `variant_id`, `options`, `quantity` as ordered,
    `cancelled`, `returned` and `kept` pieces, `paid_minor` for the quantity as ordered less the order's discounts and
    `kept_minor` for what was kept: floats in minor units of `currency`, 0 where there is no rate in `rates` (what one
    unit of another currency is worth).
    """
    known = orders[orders["person_id"].notna()]
    place = pd.Index(known["order_id"]).get_indexer(lines["order_id"])
    goods = (place >= 0) & lines["kind"].isin(GOODS).to_numpy()
    chosen, place = lines[goods], place[goods]
    sale = (known["kind"] == "sale").to_numpy()[place]
    undone = known["state"].isin(UNDONE).to_numpy()[place]
    bought: pd.DataFrame = pd.DataFrame(
        {
            "order_id": chosen["order_id"].to_numpy(),
            "person_id": known["person_id"].to_numpy(dtype=np.int64)[place],
            "placed_at": known["placed_at"].array[place],
            "sku": chosen["sku"].array,
            "variant_id": chosen["variant_id"].array,
            "options": chosen["options"].array,
            "quantity": chosen["quantity"].to_numpy(),
            "cancelled": np.where(undone, chosen["quantity"], chosen["cancelled_quantity"]),
            "returned": np.where(undone, 0, chosen["returned_quantity"]),
        }
    )
    factor = known["currency"].astype("str").map({**rates, currency: 1.0}).fillna(0.0).to_numpy(dtype=float)
    price = chosen["unit_price_minor"].astype("Float64") * chosen["quantity"]
    amount = chosen["total_minor"].astype("Float64").fillna(price).fillna(0.0).to_numpy(dtype=float)
    bought["paid_minor"] = np.maximum(amount, 0) * (factor * _left_of_discount(known, place, amount))[place]
    credited = bought[~sale]
    bought = bought[sale].reset_index(drop=True)
    left = (bought["quantity"] - bought["cancelled"] - bought["returned"]).to_numpy()
    taken = _taken_back(bought, left, credited)
    bought["returned"] += taken
    bought["kept"] = left - taken
    bought["kept_minor"] = bought["paid_minor"] * bought["kept"] / bought["quantity"]
    return pd.DataFrame(bought)


def _left_of_discount(orders: pd.DataFrame, place: NDArray[np.int64], amount: NDArray[np.float64]) -> Any:
    """By order the share of its goods' price that is left after the order's discounts."""
    discount = orders["discount_minor"].fillna(0).to_numpy(dtype=float)
    goods = np.bincount(place, weights=np.maximum(amount, 0), minlength=len(orders))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(goods > 0, 1 - discount / goods, 1.0)
    return np.clip(share, 0.0, 1.0)


def _taken_back(bought: pd.DataFrame, left: NDArray[Any], credited: pd.DataFrame) -> NDArray[np.int64]:
    """By line bought, how many of the pieces that are left came back by credit notes."""
    taken = np.zeros(len(bought), dtype=np.int64)
    if credited.empty:
        return taken
    pair = ["person_id", "sku"]
    # Only these are walked through one by one.
    pairs = pd.MultiIndex.from_frame(credited[pair].drop_duplicates())
    rows = np.flatnonzero(pd.MultiIndex.from_frame(bought[pair]).isin(pairs) & bought["sku"].notna().to_numpy())
    concerned = bought.iloc[rows].assign(row=rows).sort_values(["placed_at", "row"], kind="stable")
    stacks: defaultdict[Any, list[tuple[Any, int]]] = defaultdict(list)
    for person, sku, at, row in concerned[[*pair, "placed_at", "row"]].itertuples(index=False):
        stacks[person, sku].append((at, row))
    for person, sku, at, quantity in credited.sort_values("placed_at", kind="stable")[
        [*pair, "placed_at", "quantity"]
    ].itertuples(index=False):
        wanted = int(quantity)
        for sold_at, row in reversed(stacks.get((person, sku), ())):
            if wanted <= 0:
                break
            if sold_at <= at:
                back = min(wanted, int(left[row]) - int(taken[row]))
                taken[row] += back
                wanted -= back
    return taken
