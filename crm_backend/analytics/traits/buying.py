"""Traits that follow from what people bought. Whole columns at a time; `people` are the sorted ids of the partition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DAY = pd.Timedelta(days=1)
YEAR_DAYS = 365


def local_days(at: pd.Series[Any], timezone: str) -> NDArray[np.int64]:
    """Day numbers since 1970 on the shop's calendar: an order at 23:30 in London is of that day."""
    local = at.dt.tz_convert(timezone).dt.tz_localize(None)
    days: NDArray[np.int64] = local.to_numpy(dtype="datetime64[D]").astype(np.int64)
    return days


def baskets(bought: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Orders of which something was kept, by time: `order_id`, `person_id`, `placed_at`, `day`, `units`, `items`
    (different SKUs) and `spend_minor`.
    """
    kept = bought[bought["kept"] > 0]
    grouped = kept.groupby("order_id", sort=False)
    found = pd.DataFrame(
        {
            "person_id": grouped["person_id"].first(),
            "placed_at": grouped["placed_at"].first(),
            "units": grouped["kept"].sum(),
            "items": grouped["sku"].nunique(),
            "spend_minor": grouped["kept_minor"].sum(),
        }
    ).reset_index()
    found = found.sort_values(["person_id", "placed_at", "order_id"], kind="stable", ignore_index=True)
    found["day"] = local_days(found["placed_at"], timezone)
    return found


def visits_to_buy(orders: pd.DataFrame) -> pd.DataFrame:
    """By person what BG/NBD and Gamma-Gamma are fitted to, in days: `x`, `t_x`, `first_day`, `days` with a purchase,
    and `spend_minor` of all. A day with several orders is one occasion.
    """
    per_day = orders.groupby(["person_id", "day"], sort=True)["spend_minor"].sum().reset_index()
    grouped = per_day.groupby("person_id", sort=True)
    first, last, count = grouped["day"].min(), grouped["day"].max(), grouped["day"].size()
    return pd.DataFrame(
        {
            "x": count - 1,
            "t_x": last - first,
            "first_day": first,
            "days": count,
            "spend_minor": grouped["spend_minor"].sum(),
        }
    )


def cadence(orders: pd.DataFrame) -> pd.DataFrame:
    """By person with two occasions or more: the `median` of the days between them, and how they vary (`spread`: the
    median absolute deviation over the median), and `gaps`, how many.
    """
    days = orders[["person_id", "day"]].drop_duplicates()
    gap = days.groupby("person_id")["day"].diff()
    known = gap.notna()
    gaps = pd.DataFrame({"person_id": days.loc[known, "person_id"], "gap": gap[known]})
    median = gaps.groupby("person_id")["gap"].median()
    off = (gaps["gap"] - gaps["person_id"].map(median)).abs().groupby(gaps["person_id"]).median()
    return pd.DataFrame(
        {"median": median, "spread": off / median, "gaps": gaps.groupby("person_id").size()}, index=median.index
    )


def amounts(bought: pd.DataFrame, orders: pd.DataFrame, today: int) -> pd.DataFrame:
    """By person sums and means of what they bought and gave back."""
    grouped = orders.groupby("person_id", sort=True)
    recent = orders[orders["day"] >= today - YEAR_DAYS].groupby("person_id")["spend_minor"].sum()
    spend, count, units = grouped["spend_minor"].sum(), grouped.size(), grouped["units"].sum()
    back = bought["paid_minor"] * bought["returned"] / bought["quantity"]
    ordered = bought["paid_minor"] * (bought["quantity"] - bought["cancelled"]) / bought["quantity"]
    all_of = pd.DataFrame(
        {
            "person_id": bought["person_id"],
            "returned_minor": back,
            "ordered_minor": ordered,
            "returned": bought["returned"],
            "ordered": bought["quantity"] - bought["cancelled"],
        }
    )
    total = all_of.groupby("person_id").sum()
    found = pd.DataFrame(
        {
            "orders": count,
            "first_order_at": grouped["placed_at"].first(),
            "last_order_at": grouped["placed_at"].last(),
            "last_day": grouped["day"].last(),
            "first_day": grouped["day"].first(),
            "units": units,
            "spend_minor": spend,
            "spend_365_minor": recent.reindex(spend.index, fill_value=0.0),
            "average_order_minor": spend / count,
            # Medians: one pallet among a hundred parcels says nothing of the usual basket.
            "basket_units": grouped["units"].median(),
            "basket_items": grouped["items"].median(),
        }
    )
    # By pieces, for some lines have no price: 0.4 of what was ordered came back.
    rate = (total["returned"] / total["ordered"]).where(total["ordered"] > 0)
    return found.join(pd.DataFrame({"return_rate": rate, "returned_minor": total["returned_minor"]}), how="outer")


def unit_prices(bought: pd.DataFrame) -> pd.Series[Any]:
    """By person the median price of the different things they keep buying, one price a line."""
    kept = bought[(bought["kept"] > 0) & (bought["paid_minor"] > 0)]
    return (kept["paid_minor"] / kept["quantity"]).groupby(kept["person_id"]).median().rename("unit_price_minor")
