"""What a recommender is: fitted on a history, it scores every item for each person.

Scores are at least 0 and compare within a person only. A recommender is a frozen dataclass of its settings, so that
equal ones are fitted once, however many blends are made of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np

from crm_backend.analytics.recommenders.history import Floats, History, Ints

CHUNK_PEOPLE = 64
"""People scored at once: bounds memory."""


class Scorer(Protocol):
    """A fitted recommender."""

    def scores(self, people: Ints) -> Floats:
        """Scores of all items for these people (their numbers in the history): people × items, float32."""
        ...


class Recommender(ABC):
    """A way to score items. Subclasses are frozen dataclasses."""

    @property
    @abstractmethod
    def name(self) -> str:
        """As model cards have it; unique among the candidates of a shelf."""

    @abstractmethod
    def fit(self, fits: Fits) -> Scorer:
        """Fit on `fits.history`. The same history gives the same scores."""


class _Remembering:
    """A scorer that remembers its last answer: blends and shelves ask for the same people one after the other."""

    def __init__(self, inner: Scorer) -> None:
        self._inner = inner
        self._people: Ints | None = None
        self._scores: Floats | None = None

    def scores(self, people: Ints) -> Floats:
        if self._scores is None or people is not self._people:
            self._people, self._scores = people, self._inner.scores(people)
            self._scores.flags.writeable = False
        return self._scores


class Fits:
    """Recommenders fitted on one history, each once."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._fitted: dict[Recommender, Scorer] = {}

    def __getitem__(self, recommender: Recommender) -> Scorer:
        """Fitted now, or before."""
        if recommender not in self._fitted:
            self._fitted[recommender] = _Remembering(recommender.fit(self))
        return self._fitted[recommender]


def unit_rows(scores: Floats) -> Floats:
    """Each row over its Euclidean length; rows of zeros stay."""
    length = np.sqrt(np.einsum("ij,ij->i", scores, scores))
    return np.asarray(scores / np.maximum(length, 1e-12)[:, None], dtype=np.float32)


FEW = 16
"""Up to so many places, as many passes for the greatest are quicker than one partition."""


def top(scores: Floats, count: int) -> Ints:
    """The `count` best columns of each row, the best first; equal scores by column, so that ties are stable."""
    count = min(count, scores.shape[1])
    if not count:
        return np.zeros((scores.shape[0], 0), dtype=np.int64)
    if count <= FEW:
        return _few(scores, count)
    if count < scores.shape[1]:
        border = np.partition(scores, -count, axis=1)[:, -count][:, None]
        above = scores > border
        # Of those equal to the border, the first columns: argpartition would break ties as it likes.
        level = scores == border
        level &= np.cumsum(level, axis=1, dtype=np.int32) <= count - above.sum(axis=1, dtype=np.int32)[:, None]
        chosen = np.nonzero(above | level)[1].reshape(scores.shape[0], count)
    else:
        chosen = np.broadcast_to(np.arange(count), scores.shape)
    order = np.argsort(-np.take_along_axis(scores, chosen, axis=1), axis=1, kind="stable")
    return np.asarray(np.take_along_axis(chosen, order, axis=1), dtype=np.int64)


def _few(scores: Floats, count: int) -> Ints:
    left = scores.copy()
    rows = np.arange(len(left))
    chosen = np.empty((len(left), count), dtype=np.int64)
    for place in range(count):
        # The first of equal ones, as everywhere.
        chosen[:, place] = left.argmax(axis=1)
        left[rows, chosen[:, place]] = -np.inf
    return chosen
