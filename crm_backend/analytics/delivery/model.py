"""How likely a parcel arrives on each day after a landmark: a discrete-time hazard, fitted by boosted trees.

Each day that a parcel was waited for is one row, and whether it arrived on it the answer, so parcels that are still on
their way teach too, by the days on which they did not arrive; leaving them out would make the newest weeks look fast.
From the hazards follow the curve of waiting, quantiles of the day of arrival, and the probability of being late.
(Tutz and Schmid, Modeling Discrete Time-to-Event Data, 2016, chapters 3 and 6.)

The probability of being late is calibrated and the interval widened on landmarks that are later than all that the model
was fitted on, and both are judged on landmarks that are later still. The model that is served is then fitted on all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from threadpoolctl import threadpool_limits

from crm_backend.analytics.delivery.features import COLUMNS, LABELS, Floats, Vocabulary, at_landmarks, by_day
from crm_backend.analytics.delivery.landmarks import landmarks, settled

LONGEST_DAYS = 60
"""As far as a curve goes after its landmark."""

PARCELS_AT_MOST = 20_000
"""The newest: more teach little, and older ones of how it was."""

PARCELS_AT_LEAST = 300
LATE_AT_LEAST = 20
"""Of fewer late ones a calibration would be a guess: then the curve is taken at its word."""

COVERAGE = 0.9
"""The share of parcels that is to arrive by `predicted_by`."""

LEVELS = tuple(level / 100 for level in range(80, 100))
BINS = 10


class TooFew(ValueError):
    """There are not enough parcels that arrived to learn from."""


@dataclass(frozen=True)
class Calibration:
    """What is done to the curve's answers before they are told."""

    slope: float = 1.0
    intercept: float = 0.0
    by_level: float = COVERAGE


@dataclass(frozen=True)
class DeliveryModel:
    """A fitted model."""

    trees: HistGradientBoostingClassifier
    vocabulary: Vocabulary
    until: datetime

    def waiting(self, known: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Floats:
        """The curves of the landmarks at these places of `known`: shape (rows, LONGEST_DAYS + 1).

        `known` holds all landmarks up to the instant of asking: how things went lately is part of the question.
        """
        fixed = at_landmarks(known, self.vocabulary)
        days = LONGEST_DAYS + 1
        matrix = by_day(fixed, known["since"], np.repeat(rows, days), np.tile(np.arange(days), len(rows)))
        hazard = self.trees.predict_proba(matrix)[:, 1].reshape(len(rows), days)
        curves: Floats = np.cumprod(1 - hazard, axis=1)
        return curves


def fit(parcels: pd.DataFrame, scans: pd.DataFrame, until: datetime) -> DeliveryModel:
    """Fit on what was known at `until`. Raises TooFew."""
    newest = parcels.nlargest(PARCELS_AT_MOST, "placed_at") if len(parcels) > PARCELS_AT_MOST else parcels
    known = landmarks(newest, scans, until)
    if known.loc[known["arrived"], "shipment_id"].nunique() < PARCELS_AT_LEAST:
        raise TooFew(f"fewer than {PARCELS_AT_LEAST} parcels have arrived")
    vocabulary = Vocabulary.of(known)
    arrived = known["arrived"].to_numpy(bool)
    days = known["days"].to_numpy(np.int64)
    # The day of `until` is not over: whether it brings the parcel is not known.
    lasted = np.minimum(np.where(arrived, days + 1, days), LONGEST_DAYS + 1).clip(0)
    rows = np.repeat(np.arange(len(known)), lasted)
    day = np.arange(len(rows)) - np.repeat(np.cumsum(lasted) - lasted, lasted)
    answer = arrived[rows] & (day == days[rows])
    trees = HistGradientBoostingClassifier(
        learning_rate=0.1,
        max_iter=100,
        max_leaf_nodes=24,
        min_samples_leaf=80,
        l2_regularization=1.0,
        categorical_features=[COLUMNS.index(label) for label in LABELS],
        early_stopping=False,
        random_state=0,
    )
    matrix = by_day(at_landmarks(known, vocabulary), known["since"], rows, day)
    # The trees cannot bin a feature that no row has; what is the same for all decides nothing.
    matrix[:, np.isnan(matrix).all(axis=0)] = 0.0
    # One thread: the histograms are small, and threads that wait for each other on a busy machine cost more.
    with threadpool_limits(limits=1):
        trees.fit(matrix, answer)
    return DeliveryModel(trees, vocabulary, until)


def asked(
    model: DeliveryModel, parcels: pd.DataFrame, scans: pd.DataFrame, after: datetime, before: datetime, until: datetime
) -> tuple[pd.DataFrame, Floats]:
    """Landmarks after one instant and up to another whose promise is settled by `until`, and the model's curves.

    How things went lately is known to each as at its own moment, as it would have been in the shop.
    """
    known = landmarks(parcels, scans, until)
    chosen = settled(known, until)
    chosen = chosen[(chosen["at"] > after) & (chosen["at"] <= before) & chosen["promised_in"].ge(0)]
    rows = known.index.get_indexer(chosen.index)
    return chosen.reset_index(drop=True), model.waiting(known, rows)


def late_probability(chosen: pd.DataFrame, curves: Floats, calibration: Calibration = Calibration()) -> Floats:
    """That each landmark's parcel arrives after its promised day."""
    day = chosen["promised_in"].to_numpy(np.int64).clip(0, LONGEST_DAYS)
    return _scaled(curves[np.arange(len(curves)), day], calibration)


def quantile(curves: Floats, level: float) -> npt.NDArray[np.int64]:
    """Days from the landmark until so large a share has arrived."""
    enough = 1 - curves >= level
    return np.where(enough.any(axis=1), enough.argmax(axis=1), LONGEST_DAYS)


def calibrate(chosen: pd.DataFrame, curves: Floats) -> Calibration:
    """Platt's scaling, and the smallest level of which the interval held as often as it should."""
    late = chosen["late"].to_numpy(float)
    slope, intercept = 1.0, 0.0
    if LATE_AT_LEAST <= late.sum() <= len(late) - LATE_AT_LEAST:
        scaler = LogisticRegression(C=1e6).fit(_logit(late_probability(chosen, curves))[:, None], late)
        slope, intercept = float(scaler.coef_[0, 0]), float(scaler.intercept_[0])
    if slope <= 0:
        # Worse than chance on these: the curve's own word is the better one.
        slope, intercept = 1.0, 0.0
    level = next((one for one in LEVELS if _held(chosen, curves, one) >= COVERAGE), LEVELS[-1])
    return Calibration(slope, intercept, level)


def scores(chosen: pd.DataFrame, curves: Floats, calibration: Calibration, base_rate: float) -> dict[str, Any]:
    """How good it is on these landmarks: numbers for people, as JSON."""
    late = chosen["late"].to_numpy(float)
    told = late_probability(chosen, curves, calibration)
    days = chosen["days"].to_numpy()
    both = 0 < late.sum() < len(late)
    return {
        "landmarks": len(chosen),
        "late_share": float(late.mean()),
        "auroc": float(roc_auc_score(late, told)) if both else None,
        "brier": float(brier_score_loss(late, told)),
        "brier_of_base_rate": float(np.mean((late - base_rate) ** 2)),
        "brier_uncalibrated": float(np.mean((late - late_probability(chosen, curves)) ** 2)),
        "coverage_by": _held(chosen, curves, calibration.by_level),
        "coverage_on": _held(chosen, curves, 0.5),
        "days_off_median": float(np.median(np.abs(days - quantile(curves, 0.5)))),
        "reliability": reliability(late, told),
    }


def of_promise(before: pd.DataFrame, judged: pd.DataFrame) -> dict[str, Any]:
    """What the promised day alone tells of lateness, by the days that it leaves; learnt before what is judged."""
    late = judged["late"].to_numpy(float)
    known = before["late"].to_numpy(float)
    if not 0 < known.sum() < len(known) or not 0 < late.sum() < len(late):
        return {"auroc_of_promise": None, "brier_of_promise": None}
    model = LogisticRegression().fit(before[["promised_in"]].to_numpy(float), known)
    told = model.predict_proba(judged[["promised_in"]].to_numpy(float))[:, 1]
    return {
        "auroc_of_promise": float(roc_auc_score(late, told)),
        "brier_of_promise": float(brier_score_loss(late, told)),
    }


def _held(chosen: pd.DataFrame, curves: Floats, level: float) -> float:
    """The share that arrived by the quantile; what has not arrived counts as not."""
    days = chosen["days"].to_numpy()
    return float((chosen["arrived"].to_numpy(bool) & (days <= quantile(curves, level))).mean())


def reliability(late: Floats, told: Floats) -> list[dict[str, float]]:
    """Landmarks in ten equal parts by what they were told: what that was on average, and how many were late."""
    order = np.argsort(told, kind="stable")
    return [
        {"told": float(told[part].mean()), "late": float(late[part].mean()), "landmarks": len(part)}
        for part in np.array_split(order, BINS)
        if len(part)
    ]


@dataclass(frozen=True)
class Fitted:
    """The model that is served, what is done to its answers, and what people should know of it."""

    model: DeliveryModel
    calibration: Calibration
    card: dict[str, Any]


def fit_and_judge(parcels: pd.DataFrame, scans: pd.DataFrame, until: datetime) -> Fitted:
    """Fit on the oldest 60 % of the time, calibrate on the next 20 %, judge on the last 20 %, fit anew on all.

    Raises TooFew.
    """
    if len(parcels) < PARCELS_AT_LEAST:
        raise TooFew(f"fewer than {PARCELS_AT_LEAST} parcels")
    card: dict[str, Any] = {"until": until.isoformat(), "parcels": len(parcels), "features": list(COLUMNS)}
    calibration = Calibration()
    # Of parcels, as business grows: the last fifth of the time may hold half of them.
    first, second = (_instant(parcels["placed_at"], share) for share in (0.6, 0.8))
    try:
        early = fit(parcels, scans, first)
        chosen, curves = asked(early, parcels, scans, first, second, until)
        if len(chosen) >= PARCELS_AT_LEAST:
            calibration = calibrate(chosen, curves)
        judged, judged_curves = asked(early, parcels, scans, second, until, until)
        if len(judged):
            base = float(chosen["late"].mean()) if len(chosen) else 0.0
            card["split"] = {"fitted_until": first.isoformat(), "calibrated_until": second.isoformat()}
            card["scores"] = scores(judged, judged_curves, calibration, base) | of_promise(chosen, judged)
    except TooFew as error:
        card["not_judged"] = str(error)
    card["calibration"] = {
        "slope": calibration.slope,
        "intercept": calibration.intercept,
        "by_level": calibration.by_level,
        "coverage": COVERAGE,
    }
    return Fitted(fit(parcels, scans, until), calibration, card)


def _instant(at: pd.Series, share: float) -> datetime:
    """The time of the parcel of which so large a share came before."""
    in_order: pd.Timestamp = at.sort_values().iloc[int(share * (len(at) - 1))]
    return in_order.to_pydatetime()


def _scaled(probability: Floats, calibration: Calibration) -> Floats:
    scaled: Floats = 1 / (1 + np.exp(-(calibration.slope * _logit(probability) + calibration.intercept)))
    return scaled


def _logit(probability: Floats) -> Floats:
    kept = probability.clip(1e-6, 1 - 1e-6)
    found: Floats = np.log(kept / (1 - kept))
    return found
