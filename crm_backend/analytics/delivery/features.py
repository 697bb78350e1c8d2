"""Landmarks in numbers: route, stage, season, and how things went lately, each as it was known at the landmark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

LABELS = ("stage", "carrier", "service", "region")
MOST_LABELS = 200
"""Of each; scikit-learn's histogram trees take at most 255 categories."""

LATELY_DAYS = 30
PRIOR = 10.0
"""Parcels: a mean of fewer leans towards the mean of all."""

COLUMNS = (
    *LABELS, "day", "weekday", "promised_in", "promised_left", "week_sin", "week_cos", "hour", "since_placed",
    "route_days", "lately_days", "lately_late", "origin_hours", "backlog_days", "postcode",
)  # fmt: skip
"""`day` to `promised_left` change with each day after the landmark, the rest is as at the landmark."""


@dataclass(frozen=True)
class Vocabulary:
    """Which labels were seen when the model was fitted: others are missing values to it."""

    codes: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, landmarks: pd.DataFrame) -> Vocabulary:
        """The most frequent labels of each kind."""
        return cls(
            {
                label: {
                    str(value): code
                    for code, value in enumerate(
                        landmarks[label].dropna().astype(str).value_counts().index[:MOST_LABELS]
                    )
                }
                for label in LABELS
            }
        )


def at_landmarks(landmarks: pd.DataFrame, vocabulary: Vocabulary) -> dict[str, Floats]:
    """The features that do not change from day to day, one value a landmark."""
    at = _seconds(landmarks["at"])
    placed = _seconds(landmarks["placed_at"])
    week = landmarks["since"].dt.day_of_year.to_numpy(float) / 365.25 * 2 * np.pi
    found = {label: _coded(landmarks[label], vocabulary.codes[label]) for label in LABELS}
    found["promised_in"] = landmarks["promised_in"].to_numpy(float)
    found["week_sin"], found["week_cos"] = np.sin(week), np.cos(week)
    found["hour"] = (at % 86_400) / 3600
    found["since_placed"] = (at - placed) / 86_400
    found["postcode"] = _leading_digits(landmarks["postcode"])
    return found | _how_it_went(landmarks, at)


def _how_it_went(landmarks: pd.DataFrame, at: Floats) -> dict[str, Floats]:
    """Means over parcels of which the outcome was known at each landmark, and never a later one."""
    delivered = landmarks["arrived"].to_numpy(bool)
    known_at = _seconds(landmarks["delivered_at"])[delivered]
    days = landmarks["days"].to_numpy(float)
    late = landmarks["late"].to_numpy(float)
    stage = landmarks["stage"].astype(str)
    route = _keys(stage, landmarks["carrier"], landmarks["country"], landmarks["region"])
    everywhere = _keys(stage)
    lately = LATELY_DAYS * 86_400.0

    def over(key: npt.NDArray[np.int64], values: Floats, window: float | None, towards: Floats | float) -> Floats:
        judged = ~np.isnan(values[delivered])
        return mean_before(
            key[delivered][judged], known_at[judged], values[delivered][judged], key, at, window, towards
        )

    route_days = over(route, days, None, over(everywhere, days, None, np.nan))
    lately_days = over(route, days, lately, over(everywhere, days, lately, np.nan))
    lately_late = over(route, late, lately, over(everywhere, late, lately, np.nan))
    first = landmarks["stage"].eq("placed").to_numpy()
    handed = _seconds(landmarks["handed_over_at"])
    hours = (handed - _seconds(landmarks["placed_at"])) / 3600
    ready = first & ~np.isnan(hours) & (hours >= 0)
    origin = _keys(landmarks["origin"])
    all_hours = mean_before(np.zeros(ready.sum(), dtype=np.int64), handed[ready], hours[ready],
                            np.zeros(len(at), dtype=np.int64), at, None, np.nan)  # fmt: skip
    origin_hours = mean_before(origin[ready], handed[ready], hours[ready], origin, at, 3 * lately, all_hours)
    placed = np.sort(_seconds(landmarks["placed_at"])[first])
    arrived = np.sort(_seconds(landmarks["delivered_at"])[first & delivered])
    waiting = np.searchsorted(placed, at, "right") - np.searchsorted(arrived, at, "right")
    a_day = (np.searchsorted(arrived, at) - np.searchsorted(arrived, at - lately)) / LATELY_DAYS
    return {
        "route_days": route_days,
        "lately_days": lately_days,
        "lately_late": lately_late,
        "origin_hours": origin_hours,
        # So many days of work lie there: what a sale brings, and a carrier that falls behind.
        "backlog_days": np.where(a_day > 0, waiting / np.maximum(a_day, 1e-9), np.nan),
    }


def mean_before(
    key: npt.NDArray[np.int64],
    known_at: Floats,
    value: Floats,
    asked_key: npt.NDArray[np.int64],
    asked_at: Floats,
    window: float | None,
    towards: Floats | float,
) -> Floats:
    """For each question the mean of the values of its key that were known before it, within `window` seconds.

    `PRIOR` values of `towards` count beside them; where that is missing, the plain mean, or nothing.
    """
    order = np.lexsort((known_at, key))
    key, known_at, value = key[order], known_at[order], value[order]
    total = np.concatenate([[0.0], np.cumsum(value)])
    # One searchable number: the key's block, then the time within it.
    block = 2.0**34
    place = key * block + known_at
    high = np.searchsorted(place, asked_key * block + asked_at, "left")
    low = np.searchsorted(place, asked_key * block + (asked_at - window if window is not None else 0.0), "left")
    count = high - low
    summed = total[high] - total[low]
    plain = np.where(count > 0, summed / np.maximum(count, 1), np.nan)
    prior = np.broadcast_to(np.asarray(towards, dtype=float), plain.shape)
    leaning = (summed + PRIOR * np.nan_to_num(prior)) / (count + PRIOR)
    return np.where(np.isnan(prior), plain, leaning).astype(np.float64)


def by_day(
    fixed: Mapping[str, Floats], since: pd.Series, rows: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> Floats:
    """The matrix of the model: a row for each of `rows` (places of landmarks) on its `day` after the landmark."""
    weekday = since.dt.day_of_week.to_numpy(np.int64)[rows]
    changing: dict[str, Floats] = {
        "day": day.astype(float),
        "weekday": ((weekday + day) % 7).astype(float),
        "promised_left": fixed["promised_in"][rows] - day,
    }
    return np.column_stack([changing[name] if name in changing else fixed[name][rows] for name in COLUMNS])


def _seconds(at: pd.Series) -> Floats:
    """Seconds of the epoch; missing stays missing."""
    utc = pd.to_datetime(at, utc=True)
    return (utc - pd.Timestamp(0, tz="UTC")).dt.total_seconds().to_numpy().astype(np.float64)


def _coded(values: pd.Series, codes: Mapping[str, int]) -> Floats:
    return values.astype(object).map(lambda value: codes.get(str(value), np.nan)).to_numpy(float)


def _keys(*parts: pd.Series) -> npt.NDArray[np.int64]:
    frame = pd.concat([part.astype(object).fillna("").astype(str) for part in parts], axis=1, keys=range(len(parts)))
    return frame.groupby(list(frame.columns), sort=False).ngroup().to_numpy().astype(np.int64)


def _leading_digits(postcodes: pd.Series) -> Floats:
    """The first three digits of a postcode as a number: neighbours have neighbouring ones in most countries."""
    digits = postcodes.astype("str").str.extract(r"(\d{1,3})", expand=False)
    return pd.to_numeric(digits, errors="coerce").to_numpy(float)
