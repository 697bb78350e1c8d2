"""What people buy most of: categories, brands, options, channels; and which store they go to."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

KEPT = 20
"""Of each kind for each person."""


def affinities(
    bought: pd.DataFrame, orders: pd.DataFrame, variants: pd.DataFrame, visits: pd.DataFrame
) -> pd.DataFrame:
    """Rows of `CustomerAffinity` with `person_id` in the place of `customer_id`. `orders` is the frame ORDERS."""
    kept = bought[bought["kept"] > 0]
    variant = variants.set_index("variant_id")
    place = variant.index.get_indexer(pd.Index(kept["variant_id"].fillna(-1).astype("int64")))
    found = [
        _of_lines(kept, _taken(variant["category"], place), "category"),
        _of_lines(kept, _taken(variant["brand"], place), "brand"),
    ]
    # The line says what was ordered; the catalogue speaks where it does not.
    said = kept["options"].astype("str").where(lambda text: ~text.isin(["{}", "null"]))
    options = said.fillna(pd.Series(_taken(variant["options"], place), kept.index).astype("str"))
    names = {text: json.loads(text) for text in options.dropna().unique()}
    for name in sorted({key for parsed in names.values() if isinstance(parsed, dict) for key in parsed}):
        values = {text: str(parsed[name]) for text, parsed in names.items() if parsed and parsed.get(name)}
        found.append(_of_lines(kept, options.map(values).to_numpy(), "option", name))
    channels = orders[orders["order_id"].isin(kept["order_id"])]
    found.append(
        _ranked(
            pd.DataFrame(
                {
                    "person_id": channels["person_id"].to_numpy(dtype=np.int64),
                    "value": channels["sales_channel"].astype("str").to_numpy(),
                    "weight": 1,
                    "occasion": channels["order_id"].to_numpy(),
                    "spend_minor": channels["order_id"].map(kept.groupby("order_id")["kept_minor"].sum()).to_numpy(),
                    "at": channels["placed_at"].array,
                }
            ),
            "channel",
        )
    )
    found.append(
        _ranked(
            pd.DataFrame(
                {
                    "person_id": visits["person_id"].to_numpy(),
                    "value": visits["store"].astype("str").to_numpy(),
                    "weight": 1,
                    "occasion": np.arange(len(visits)),
                    "spend_minor": 0.0,
                    "at": visits["at"].array,
                }
            ),
            "store",
        )
    )
    whole = [one for one in found if len(one)]
    return pd.concat(whole, ignore_index=True) if whole else found[0]


def _taken(values: pd.Series[Any], place: Any) -> Any:
    """The values at these places, missing where there is none."""
    texts = values.astype("object").to_numpy()
    out = np.full(len(place), None, dtype=object)
    out[place >= 0] = texts[place[place >= 0]]
    return out


def _of_lines(kept: pd.DataFrame, values: Any, kind: str, name: str = "") -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "person_id": kept["person_id"].to_numpy(),
            "value": values,
            "weight": kept["kept"].to_numpy(),
            "occasion": kept["order_id"].to_numpy(),
            "spend_minor": kept["kept_minor"].to_numpy(),
            "at": kept["placed_at"].array,
        }
    )
    return _ranked(rows, kind, name)


def _ranked(rows: pd.DataFrame, kind: str, name: str = "") -> pd.DataFrame:
    rows = rows[rows["value"].notna()]
    grouped = rows.groupby(["person_id", "value"], sort=True)
    found = pd.DataFrame(
        {
            "weight": grouped["weight"].sum(),
            "times": grouped["occasion"].nunique(),
            "spend_minor": grouped["spend_minor"].sum(),
            "last_at": grouped["at"].max(),
        }
    ).reset_index()
    total = found.groupby("person_id")["weight"].transform("sum")
    found["share"] = found["weight"] / total
    # How often before how many: a wholesaler's one pallet is no habit.
    found = found.sort_values(
        ["person_id", "times", "weight", "value"], ascending=[True, False, False, True], ignore_index=True
    )
    found["place"] = found.groupby("person_id").cumcount() + 1
    found = found[found["place"] <= KEPT].drop(columns="weight")
    found.insert(1, "kind", kind)
    found.insert(2, "name", name)
    return found
