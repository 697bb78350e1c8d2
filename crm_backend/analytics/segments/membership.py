"""From who is in which segment to the rows that are stored: sizes, since when, who came and who went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from crm_backend.analytics.segments.models import Segment, SegmentMember, SegmentMove
from crm_backend.analytics.segments.typical import typical
from crm_backend.analytics.steps import Rows

MEMBERS = ["key", "customer_id"]


def rows(
    members: pd.DataFrame, kinds: dict[str, str], traits: pd.DataFrame, before: pd.DataFrame, now: datetime
) -> Rows:
    """Rows of the three tables.

    `members` has `key` and `customer_id`; `kinds` says of what kind each key is, those without members too; `traits`
    are all people's, `before` the published members (`key`, `customer_id`, `since`).
    """
    moment = pd.Timestamp(now)
    then = before[before["key"].isin(kinds)] if len(before) else _nobody()
    found = members.merge(then, on=MEMBERS, how="left", validate="one_to_one")
    found["since"] = pd.to_datetime(found["since"], utc=True).fillna(moment)
    moves = members.merge(then[MEMBERS], on=MEMBERS, how="outer", indicator=True)
    moves = moves[moves["_merge"] != "both"]
    # A segment that was not there before has no comings: all of it is new.
    known = set(then["key"])
    moves = moves[moves["key"].isin(known)]
    moves["direction"] = moves["_merge"].astype("str").map({"left_only": "entered", "right_only": "left"})
    moves = moves[[*MEMBERS, "direction"]]
    counts = moves.groupby(["key", "direction"]).size()
    indexed = traits.set_index("customer_id")
    segments: list[dict[str, Any]] = []
    for key in sorted(kinds):
        people = indexed.loc[members.loc[members["key"] == key, "customer_id"]]
        segments.append(
            {
                "key": key,
                "kind": kinds[key],
                "size": len(people),
                "share": len(people) / len(indexed) if len(indexed) else 0.0,
                "spend_minor": int(people["spend_minor"].sum()),
                "currency": indexed["currency"].iloc[0] if len(indexed) else None,
                "entered": int(counts.get((key, "entered"), 0)),
                "left": int(counts.get((key, "left"), 0)),
                "typical": typical(people, indexed) if len(people) else {},
            }
        )
    return {Segment: pd.DataFrame(segments, columns=_COLUMNS), SegmentMember: found, SegmentMove: moves}


_COLUMNS = ["key", "kind", "size", "share", "spend_minor", "currency", "entered", "left", "typical"]


def _nobody() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": pd.Series(dtype="str"),
            "customer_id": pd.Series(dtype="int64"),
            "since": pd.Series(dtype="datetime64[us, UTC]"),
        }
    )
