"""What was known of parcels at the moments at which they reached a stage, as seen at one instant.

A landmark is such a moment: the order was placed, the parcel handed over, a carrier's scan began another stage. From
each the days until delivery are counted, in the calendar of the order's time zone. Nothing that happened after the
instant `until` is in the result: a parcel that arrived later is one that has not arrived.

Landmarking: van Houwelingen and Putter, Dynamic Prediction in Clinical Survival Analysis, 2012, chapter 7.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

PLACED, HANDED_OVER = "placed", "handed_over"

STAGES = (
    PLACED,
    HANDED_OVER,
    "in_transit",
    "arrived_at_facility",
    "customs",
    "out_for_delivery",
    "delivery_attempted",
    "ready_for_pickup",
    "exception",
)
"""The carrier's codes beside the first two; others begin no stage of their own."""

PARCEL_COLUMNS = (
    "shipment_id", "carrier", "service", "origin", "country", "region", "postcode", "placed_at", "handed_over_at",
    "delivered_at", "promised_on", "timezone",
)  # fmt: skip
"""What `landmarks` needs of each parcel. Instants are UTC, `promised_on` is a day at midnight without a zone; `origin`
is who hands over: a seller or a store. Anything but `shipment_id`, `placed_at` and `timezone` may be missing."""


def landmarks(parcels: pd.DataFrame, scans: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """A row for each parcel and stage, oldest first within a parcel.

    `scans` has `shipment_id`, `code`, `at`. To the parcels' columns these are added: `stage`; `at`, when it was
    reached; `since`, that day where the order is; `days`, from there to the delivery's day or, where it has not arrived
    by `until`, to that of `until`; `arrived`; `late`, 1.0 or 0.0, or missing where nothing was promised or it is not
    settled yet; and `promised_in`, days from `since` to the promised one.
    """
    stages = [
        _stage(parcels["shipment_id"], PLACED, parcels["placed_at"]),
        _stage(parcels["shipment_id"], HANDED_OVER, parcels["handed_over_at"]),
    ]
    known = scans[scans["code"].isin(STAGES[1:])]
    stages.append(
        pd.DataFrame(
            {
                "shipment_id": known["shipment_id"].to_numpy(),
                "stage": known["code"].astype(str).to_numpy(),
                "at": known["at"].to_numpy(),
            }
        )
    )
    reached = pd.concat(stages, ignore_index=True)
    reached["at"] = pd.to_datetime(reached["at"], utc=True)
    reached = reached[reached["at"].notna() & (reached["at"] <= until)]
    # The first time counts: a depot that scans twice is one stage.
    reached = reached.sort_values(["shipment_id", "at"], kind="stable").drop_duplicates(["shipment_id", "stage"])
    frame = reached.merge(parcels, on="shipment_id", how="inner")
    frame["delivered_at"] = frame["delivered_at"].where(frame["delivered_at"] <= until)
    # A clock that was wrong: what arrives before it was sent tells nothing.
    frame = frame[~(frame["delivered_at"] < frame["at"])].reset_index(drop=True)
    frame["since"] = local_day(frame["at"], frame["timezone"])
    end = frame["delivered_at"].fillna(pd.Timestamp(until))
    frame["days"] = (local_day(end, frame["timezone"]) - frame["since"]).dt.days.to_numpy()
    frame["arrived"] = frame["delivered_at"].notna()
    promised = pd.to_datetime(frame["promised_on"])
    frame["promised_in"] = (promised - frame["since"]).dt.days.astype(float)
    over = frame["days"] > frame["promised_in"]
    frame["late"] = np.where(frame["promised_in"].isna() | ~(frame["arrived"] | over), np.nan, over.astype(float))
    return frame


def settled(frame: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """The landmarks of which the promised day is over by `until`: chosen by what was promised and not by what came of
    it, so that the early ones are not picked from among those that are still on their way.
    """
    today = local_day(pd.Series(pd.Timestamp(until), index=frame.index), frame["timezone"])
    return frame[pd.to_datetime(frame["promised_on"]) < today]


def local_day(at: pd.Series, zones: pd.Series) -> pd.Series:
    """The day of each instant in its own zone's calendar, at midnight without a zone."""
    days = pd.Series(pd.NaT, index=at.index, dtype="datetime64[us]")
    for zone, index in zones.groupby(zones, observed=True).groups.items():
        local = pd.to_datetime(at.loc[index], utc=True).dt.tz_convert(str(zone)).dt.tz_localize(None)
        days.loc[index] = local.dt.normalize().astype("datetime64[us]")
    return days


def _stage(identifiers: pd.Series, stage: str, at: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"shipment_id": identifiers.to_numpy(), "stage": stage, "at": at.to_numpy()})
