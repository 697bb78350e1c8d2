"""How good a list is: NDCG@10, hit rate@10 and catalogue coverage on what people bought next.

The split is by time: lists are fitted on what was bought before an instant; what counts is the next shopping day of
each person after it. NDCG as in Järvelin and Kekäläinen 2002 with binary gains; the ideal list is as long as what was
bought, at most ten. Standard errors are over people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import pandas as pd
import scipy.sparse as sp

from crm_backend.analytics.recommenders.base import CHUNK_PEOPLE, Scorer, top
from crm_backend.analytics.recommenders.history import Floats, History, Ints

PLACES = 10
type Shelf = Literal["for_you", "buy_again", "discover"]
SHELVES: tuple[Shelf, ...] = ("for_you", "buy_again", "discover")
type Horizon = Literal["next_day", "all"]


@dataclass(frozen=True)
class Score:
    """Of one recommender on one shelf."""

    name: str
    ndcg: float
    ndcg_se: float
    hit_rate: float
    hit_rate_se: float
    coverage: float
    """Share of the items on sale that stand in at least one of the lists."""
    people: int

    def card(self) -> dict[str, Any]:
        """For a model card, rounded."""
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Targets:
    """What was bought after the split, of items that were known before it."""

    warm: sp.csr_matrix
    """People of the history × items."""
    cold: sp.csr_matrix
    """Others × items."""
    cold_country: tuple[str | None, ...]


def targets(
    purchases: pd.DataFrame, history: History, until: datetime | None = None, horizon: Horizon = "next_day"
) -> Targets:
    """Each person's first shopping day from the history's instant on, or all their purchases up to `until`."""
    start, end = (_naive(purchases, at) for at in (history.as_of, until))
    later = purchases[(purchases["at"] >= start) & purchases["person"].notna()]
    if end is not None:
        later = later[later["at"] < end]
    items = pd.Index(history.items)
    later = later[later["item"].isin(items)]
    if horizon == "next_day":
        day = later["at"].dt.normalize()
        later = later[day == day.groupby(later["person"]).transform("min")]
    people = pd.Index(history.people)
    number = people.get_indexer(later["person"]) if len(people) else np.full(len(later), -1)
    item = items.get_indexer(later["item"])
    new = later[number < 0]
    strangers, stranger = np.unique(new["person"].to_numpy(), return_inverse=True)
    countries = new.groupby("person", observed=True)["country"].first().reindex(strangers) if len(new) else []
    return Targets(
        _matrix(number[number >= 0], item[number >= 0], history.shape),
        _matrix(stranger, item[number < 0], (len(strangers), len(items))),
        tuple(country if isinstance(country, str) else None for country in countries),
    )


def _naive(purchases: pd.DataFrame, at: datetime | None) -> Any:
    if at is None:
        return None
    moment = pd.Timestamp(at)
    if purchases["at"].dt.tz is None and moment.tzinfo is not None:
        return moment.tz_convert("UTC").tz_localize(None)
    return moment


def _matrix(rows: Any, columns: Any, shape: tuple[int, int]) -> sp.csr_matrix:
    found = sp.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    found.sum_duplicates()
    found.data[:] = 1
    return found


def lists(scorer: Scorer, history: History, people: Ints, shelf: Shelf, count: int = PLACES) -> tuple[Ints, Floats]:
    """The best items of a shelf and their scores, people × count. Places that nothing fills are -1, with score 0."""
    if 0 < len(people) <= CHUNK_PEOPLE:
        # The very array, so that what the shelves' scorers share is scored once.
        return _best(scorer, history, people, shelf, count)
    parts = [
        _best(scorer, history, people[start : start + CHUNK_PEOPLE], shelf, count)
        for start in range(0, len(people), CHUNK_PEOPLE)
    ]
    if not parts:
        return np.zeros((0, count), dtype=np.int64), np.zeros((0, count), dtype=np.float32)
    return np.concatenate([chosen for chosen, _ in parts]), np.concatenate([scored for _, scored in parts])


def _best(scorer: Scorer, history: History, part: Ints, shelf: Shelf, count: int) -> tuple[Ints, Floats]:
    scores = scorer.scores(part)
    if shelf != "for_you":
        has = np.asarray(history.owned[part].toarray() > 0)
        scores = np.where(has if shelf == "discover" else ~has, np.float32(-1), scores)
    best = top(scores, count)
    value = np.take_along_axis(scores, best, axis=1)
    chosen = np.full((len(part), count), -1, dtype=np.int64)
    scored = np.zeros((len(part), count), dtype=np.float32)
    chosen[:, : best.shape[1]] = np.where(value > 0, best, -1)
    scored[:, : best.shape[1]] = np.maximum(value, 0)
    return chosen, scored


def relevant(found: Targets, history: History, shelf: Shelf) -> sp.csr_matrix:
    """Of what people bought, what belongs on the shelf."""
    if shelf == "for_you":
        return found.warm
    again = found.warm.multiply(history.owned > 0)
    kept = sp.csr_matrix(again if shelf == "buy_again" else found.warm - again)
    kept.eliminate_zeros()
    return kept


def evaluate(
    scorers: Mapping[Shelf, Sequence[tuple[str, Scorer]]],
    history: History,
    found: Targets,
    most_people: int | None = None,
) -> dict[Shelf, list[Score]]:
    """Score recommenders, given by shelf with their names. With `most_people`, on so many at most, evenly taken."""
    people = np.flatnonzero(np.diff(found.warm.indptr)).astype(np.int64)
    if most_people is not None and len(people) > most_people:
        people = people[np.linspace(0, len(people) - 1, most_people).astype(np.int64)]
    chosen: dict[tuple[Shelf, str], list[Ints]] = {(shelf, name): [] for shelf in scorers for name, _ in scorers[shelf]}
    # Person by person through all recommenders: what several share is scored once.
    for start in range(0, len(people), CHUNK_PEOPLE):
        part = people[start : start + CHUNK_PEOPLE]
        for shelf, named in scorers.items():
            for name, scorer in named:
                chosen[shelf, name].append(_best(scorer, history, part, shelf, PLACES)[0])
    scores: dict[Shelf, list[Score]] = {}
    for shelf, named in scorers.items():
        wanted = sp.csr_matrix(relevant(found, history, shelf)[people])
        rows = np.flatnonzero(np.diff(wanted.indptr))
        scores[shelf] = [
            score_of(
                name,
                np.concatenate([*chosen[shelf, name], np.zeros((0, PLACES), dtype=np.int64)])[rows],
                sp.csr_matrix(wanted[rows]),
                history.on_sale,
            )
            for name, _ in named
        ]
    return scores


def evaluate_strangers(name: str, list_for: Callable[[str | None], Ints], found: Targets, history: History) -> Score:
    """Score lists for people without a history, given by their country."""
    people = np.flatnonzero(np.diff(found.cold.indptr))
    chosen = np.full((len(people), PLACES), -1, dtype=np.int64)
    for row, person in enumerate(people):
        best = list_for(found.cold_country[person])[:PLACES]
        chosen[row, : len(best)] = best
    return score_of(name, chosen, sp.csr_matrix(found.cold[people]), history.on_sale)


def score_of(name: str, chosen: Ints, wanted: sp.csr_matrix, catalogue: int) -> Score:
    """Score lists (people × places, -1 where empty) against what was wanted (people × items)."""
    count = len(chosen)
    if not count:
        return Score(name, 0.0, 0.0, 0.0, 0.0, 0.0, 0)
    gain = 1 / np.log2(np.arange(2, chosen.shape[1] + 2))
    found: Any = wanted[np.arange(count)[:, None], np.maximum(chosen, 0)]
    hits = np.where(chosen >= 0, np.asarray(found.toarray()) > 0, False)
    ideal = np.cumsum(gain)[np.minimum(np.diff(wanted.indptr), chosen.shape[1]) - 1]
    ndcg = hits @ gain / ideal
    hit = hits.any(axis=1)
    coverage = len(np.unique(chosen[chosen >= 0])) / max(catalogue, 1)
    return Score(name, *_mean(ndcg), *_mean(hit), coverage, count)


def _mean(values: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Mean and its standard error."""
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return float(values.mean()), spread / float(np.sqrt(len(values)))


def pooled(scores: Sequence[Score]) -> Score:
    """Scores of one recommender on several splits as one, by people; coverage is the last split's."""
    people = sum(score.people for score in scores)
    if not people:
        return scores[-1]

    def mean(of: Callable[[Score], float]) -> float:
        return sum(of(score) * score.people for score in scores) / people

    def error(of: Callable[[Score], float]) -> float:
        return float(sum((of(score) * score.people) ** 2 for score in scores) ** 0.5 / people)

    return Score(
        scores[-1].name,
        mean(lambda score: score.ndcg),
        error(lambda score: score.ndcg_se),
        mean(lambda score: score.hit_rate),
        error(lambda score: score.hit_rate_se),
        scores[-1].coverage,
        people,
    )
