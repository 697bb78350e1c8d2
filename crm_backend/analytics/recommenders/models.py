"""The candidates: popularity, personal frequency, neighbours of people and of items, EASE, content, and blends."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.linalg import lapack
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from crm_backend.analytics.recommenders.base import CHUNK_PEOPLE, Fits, Recommender, Scorer, unit_rows
from crm_backend.analytics.recommenders.history import Floats, History, Ints

LARGEST_DENSE = 6000
"""Items that a dense item × item matrix may hold (137 MB); beyond, the most bought ones are taken."""

_BLOCK = 512
"""Items worked on at once where a whole matrix more would cost memory."""

MOST_THREADS = min(os.cpu_count() or 1, 4)
"""For the factorisation of the items' Gram matrix: beyond, they wait for memory and for each other."""


# --- The same for everybody ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Same:
    scored: Floats

    def scores(self, people: Ints) -> Floats:
        return np.repeat(self.scored[None, :], len(people), axis=0)


@dataclass(frozen=True)
class Popular(Recommender):
    """What most bought within so many days."""

    days: float = 30

    @property
    def name(self) -> str:
        """As in the model card."""
        return f"popular_{self.days:g}d"

    def fit(self, fits: Fits) -> Scorer:
        """Counts buyers. Of equal counts, the one that more bought ever comes first."""
        history = fits.history
        ever = history.decayed_buyers(np.inf)
        return _Same(history.decayed_buyers(np.inf, self.days) + ever / (ever.max(initial=0) + 1) * np.float32(0.5))


# --- The person's own purchases -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rows:
    matrix: sp.csr_matrix
    factor: Floats | None = None

    def scores(self, people: Ints) -> Floats:
        found = np.asarray(self.matrix[people].toarray(), dtype=np.float32)
        return found if self.factor is None else found * self.factor


@dataclass(frozen=True)
class PersonalFrequency(Recommender):
    """How often the person bought an item, halved every half-life; with `due`, less right after a purchase."""

    half_life_days: float = 120
    due: bool = False

    @property
    def name(self) -> str:
        """As in the model card."""
        return f"frequency_{self.half_life_days:g}d{'_due' if self.due else ''}"

    def fit(self, fits: Fits) -> Scorer:
        """Counts baskets."""
        matrix = fits.history.profile(self.half_life_days)
        if self.due:
            rhythm = rhythm_of(fits.history)
            waiting = sp.csr_matrix((rhythm.readiness(), (rhythm.person, rhythm.item)), shape=matrix.shape)
            matrix = matrix.multiply(waiting).tocsr()
        return _Rows(matrix)


@dataclass(frozen=True)
class Rhythm:
    """By person and item that they bought, in that order: how often, when last, how many days lie between."""

    person: Ints
    item: Ints
    times: Ints
    """Days on which they bought it."""
    last_age: Floats
    interval_days: Floats
    """Expected between two purchases: the person's own mean, drawn towards what is usual for the item."""

    def readiness(self) -> Floats:
        """0 … 1: how near the next purchase is; half when 40 % of the interval has passed."""
        return np.asarray(1 / (1 + np.exp(-6 * (self.last_age / self.interval_days - 0.4))), dtype=np.float32)


PRIOR_GAPS = 2.0
"""How many gaps of its own the usual interval weighs."""


def rhythm_of(history: History) -> Rhythm:
    """The rhythm of everything that known people bought."""
    mask = history.known
    size = len(history.items)
    rows = pd.DataFrame(
        {"pair": history.person[mask] * size + history.item[mask], "age": history.age[mask].astype(np.float64)}
    )
    rows["day"] = np.floor(rows["age"])
    grouped = rows.drop_duplicates(["pair", "day"]).groupby("pair")["age"].agg(["size", "min", "max"])
    pair = grouped.index.to_numpy()
    times = grouped["size"].to_numpy()
    last = grouped["min"].to_numpy()
    gaps = times - 1
    covered = grouped["max"].to_numpy() - last
    item = pair % size
    total_gaps, total_days = gaps.sum(), covered.sum()
    usual = (total_days / total_gaps) if total_gaps else max(history.span_days / 2, 1.0)
    item_gaps = np.bincount(item, gaps, minlength=size)
    item_days = np.bincount(item, covered, minlength=size)
    item_usual = (item_days + PRIOR_GAPS * usual) / (item_gaps + PRIOR_GAPS)
    interval = (covered + PRIOR_GAPS * item_usual[item]) / (gaps + PRIOR_GAPS)
    return Rhythm(
        pair // size,
        item,
        times.astype(np.int64),
        last.astype(np.float32),
        np.maximum(interval, 1.0).astype(np.float32),
    )


# --- Neighbours of people -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tifu:
    vectors: sp.csr_matrix
    directions: sp.csr_matrix
    neighbours: int
    own: float

    def scores(self, people: Ints) -> Floats:
        found = np.empty((len(people), self.vectors.shape[1]), dtype=np.float32)
        for start in range(0, len(people), CHUNK_PEOPLE):
            part = people[start : start + CHUNK_PEOPLE]
            found[start : start + len(part)] = self._of(part)
        return found

    def _of(self, part: Ints) -> Floats:
        alike = np.asarray(sp.csr_matrix(self.directions[part] @ self.directions.T).toarray(), dtype=np.float32)
        alike[np.arange(len(part)), part] = 0
        count = min(self.neighbours, alike.shape[1])
        if count < alike.shape[1]:
            border = -np.partition(-alike, count - 1, axis=1)[:, count - 1 : count]
            alike[alike < border] = 0
        around = sp.csr_matrix(sp.csr_matrix(alike) @ self.vectors).toarray() / max(count, 1)
        return np.asarray(self.own * self.vectors[part].toarray() + (1 - self.own) * around, dtype=np.float32)


@dataclass(frozen=True)
class TifuKnn(Recommender):
    """Repeat purchases with time-decayed frequencies, mixed with those of people alike.

    Hu, He, Gao and Zhang, "Modeling Personalized Item Frequency Information for Next-basket Recommendation",
    SIGIR 2020, with cosine-weighted neighbours in place of equal ones.
    """

    neighbours: int = 300
    group: int = 7
    """Baskets in a group."""
    within: float = 0.9
    """A basket's weight against the next one of its group."""
    across: float = 0.7
    """A group's weight against the next one."""
    own: float = 0.2

    @property
    def name(self) -> str:
        """As in the model card."""
        return f"tifu_knn_{self.own:g}"

    def fit(self, fits: Fits) -> Scorer:
        """Weighs baskets; neighbours are looked up when scoring."""
        vectors = self._vectors(fits.history)
        length = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
        directions = sp.diags_array(1 / np.maximum(length, 1e-12)).astype(np.float32) @ vectors
        return _Tifu(vectors, sp.csr_matrix(directions), self.neighbours, self.own)

    def _vectors(self, history: History) -> sp.csr_matrix:
        mask = history.known
        person, basket, age = history.person[mask], history.basket[mask], history.age[mask]
        baskets, first = np.unique(basket, return_index=True)
        owner, when = person[first], age[first]
        order = np.lexsort((when, owner))
        _, starts, counts = np.unique(owner[order], return_index=True, return_counts=True)
        place = np.arange(len(order)) - np.repeat(starts, counts)
        size = np.repeat(counts, counts)
        # Groups are filled from the latest basket back, so the oldest one may be short.
        group, position = place // self.group, place % self.group
        groups = -(-size // self.group)
        members = np.where(group == groups - 1, size - (groups - 1) * self.group, self.group)
        weight = np.empty(len(baskets), dtype=np.float32)
        weight[order] = self.within**position / members * self.across**group / groups
        by_row = weight[np.searchsorted(baskets, basket)]
        return sp.csr_matrix((by_row, (person, history.item[mask])), shape=history.shape, dtype=np.float32)


# --- Neighbours of items ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _ItemWeights:
    """Scores are the person's profile times an item × item matrix over `columns`, the items that have one."""

    profile: sp.csr_matrix
    weights: Any
    columns: Ints
    size: int
    factor: Floats | None = None

    def scores(self, people: Ints) -> Floats:
        found = np.zeros((len(people), self.size), dtype=np.float32)
        product: Any = self.profile[people] @ self.weights
        dense = product if isinstance(product, np.ndarray) else product.toarray()
        found[:, self.columns] = np.maximum(dense, 0)
        return found if self.factor is None else found * self.factor


def most_bought(history: History, limit: int, least_buyers: int = 2) -> Ints:
    """The items that known people bought most, at most `limit`, by number. Guests do not count."""
    buyers = np.asarray((history.owned > 0).sum(axis=0)).ravel()
    enough = np.flatnonzero(buyers >= least_buyers)
    if len(enough) > limit:
        enough = np.sort(enough[np.argsort(-buyers[enough], kind="stable")[:limit]])
    return enough.astype(np.int64)


@dataclass(frozen=True)
class ItemKnn(Recommender):
    """What people who bought the person's items bought, too: shrunk cosine, the nearest of each item."""

    neighbours: int = 100
    shrink: float = 10
    profile_half_life_days: float = 120

    @property
    def name(self) -> str:
        """As in the model card."""
        return "item_knn"

    def fit(self, fits: Fits) -> Scorer:
        """Counts people who bought both."""
        history = fits.history
        columns = most_bought(history, LARGEST_DENSE)
        owned = history.owned[:, columns]
        root = np.sqrt(np.maximum(np.asarray(owned.sum(axis=0), dtype=np.float32).ravel(), 1))
        by_item = owned.T.tocsr()
        blocks = [sp.csr_matrix((0, len(columns)), dtype=np.float32)]
        for start in range(0, len(columns), _BLOCK):
            block = np.asarray((by_item[start : start + _BLOCK] @ owned).toarray(), dtype=np.float32)
            rows = np.arange(len(block))
            block[rows, start + rows] = 0
            block /= root[start : start + _BLOCK, None] * root[None, :] + np.float32(self.shrink)
            if self.neighbours < len(columns):
                border = -np.partition(-block, self.neighbours - 1, axis=1)[:, self.neighbours - 1]
                block[block < border[:, None]] = 0
            blocks.append(sp.csr_matrix(block))
        profile = history.profile(self.profile_half_life_days, saturate=True)[:, columns]
        return _ItemWeights(profile, sp.csr_matrix(sp.vstack(blocks)), columns, len(history.items))


@dataclass(frozen=True)
class Ease(Recommender):
    """Embarrassingly shallow autoencoder: each item predicted from all others by ridge regression in closed form.

    Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019. Purchases count less with age, in what is
    learnt and in the profile it is applied to: a shop's goods change within a year.
    """

    penalty: float = 80
    learning_half_life_days: float = 180
    profile_half_life_days: float = 120
    least_buyers: int = 5
    """Of what fewer bought nothing can be learnt, and the cost grows with the third power of the items."""

    @property
    def name(self) -> str:
        """As in the model card."""
        return f"ease_{self.penalty:g}"

    def fit(self, fits: Fits) -> Scorer:
        """One Cholesky factorisation in single precision, in place."""
        history = fits.history
        columns = most_bought(history, LARGEST_DENSE, self.least_buyers)
        learnt = history.profile(self.learning_half_life_days, saturate=True)[:, columns]
        profile = history.profile(self.profile_half_life_days, saturate=True)[:, columns]
        weights = _ease_weights(learnt, self.penalty) if len(columns) else np.zeros((0, 0), dtype=np.float32)
        return _ItemWeights(profile, weights, columns, len(history.items))


def _lower_gram(matrix: sp.csr_matrix) -> Floats:
    """The lower triangle, by blocks, of a matrix's transpose with itself; what is above is not set.

    Dense, because it hardly is sparse, and in Fortran order, or LAPACK would copy it.
    """
    size = matrix.shape[1]
    gram = np.empty((size, size), dtype=np.float32, order="F")
    by_item, by_person = matrix.T.tocsr(), matrix.tocsc()
    for start in range(0, size, _BLOCK):
        part = by_item[start:] @ by_person[:, start : start + _BLOCK]
        gram[start:, start : start + _BLOCK] = part.toarray(order="F")
    return gram


def _mirror(lower: Floats) -> None:
    """Fill what is above the diagonal from what is below."""
    for start in range(0, len(lower), _BLOCK):
        stop = min(start + _BLOCK, len(lower))
        lower[start:stop, stop:] = lower[stop:, start:stop].T
        block = lower[start:stop, start:stop]
        block[:] = np.tril(block) + np.tril(block, -1).T


def _ease_weights(learnt: sp.csr_matrix, penalty: float) -> Floats:
    gram = _lower_gram(learnt)
    np.einsum("ii->i", gram)[:] += np.float32(penalty)
    # The one product large enough to be worth several threads; all else is fitted with one.
    with threadpool_limits(limits=MOST_THREADS, user_api="blas"):
        factor, failed = lapack.spotrf(gram, lower=1, overwrite_a=1)
        inverse, failed_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise ArithmeticError("the items' Gram matrix is not positive definite")
    # spotri fills the lower triangle only.
    _mirror(inverse)
    # It is symmetric, so its transpose is the same in C order, which products with sparse rows take without a copy.
    weights: Floats = inverse.T
    weights /= -weights.diagonal()[None, :].copy()
    np.fill_diagonal(weights, 0)
    return weights


# --- What items are ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemContent(Recommender):
    """Items whose words are like those of what the person bought: finds what nobody bought yet."""

    profile_half_life_days: float = 120

    @property
    def name(self) -> str:
        """As in the model card."""
        return "content"

    def fit(self, fits: Fits) -> Scorer:
        """Words of the items' facts, weighted by rarity."""
        vectors = word_vectors(fits.history)
        profile = fits.history.profile(self.profile_half_life_days, saturate=True)
        return _Content(sp.csr_matrix(profile @ vectors), vectors)


@dataclass(frozen=True)
class _Content:
    people: sp.csr_matrix
    items: sp.csr_matrix

    def scores(self, people: Ints) -> Floats:
        return np.asarray((self.people[people] @ self.items.T).toarray(), dtype=np.float32)


def word_vectors(history: History) -> sp.csr_matrix:
    """Items × words, TF-IDF, rows of length 1. Chinese is cut into pairs of characters, for it has no spaces."""
    texts = [fact.text for fact in history.facts]
    if not any(text.strip() for text in texts):
        return sp.csr_matrix((len(texts), 1), dtype=np.float32)
    vectorizer = TfidfVectorizer(
        token_pattern=r"[^\W\d_\u3400-\u9fff]{2,}|\d+|[\u3400-\u9fff]{1,2}",  # noqa: S106 - a word's pattern
        sublinear_tf=True,
        dtype=np.float32,
    )
    try:
        return sp.csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:
        # Texts without one word.
        return sp.csr_matrix((len(texts), 1), dtype=np.float32)


# --- Made of others ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Trending:
    inner: Scorer
    factor: Floats

    def scores(self, people: Ints) -> Floats:
        return np.asarray(self.inner.scores(people) * self.factor, dtype=np.float32)


@dataclass(frozen=True)
class Trending(Recommender):
    """Another's scores, more for what sells lately and in the coming season, less for what is gone."""

    inner: Recommender
    power: float = 0.4

    @property
    def name(self) -> str:
        """As in the model card."""
        return f"{self.inner.name}*trend^{self.power:g}"

    def fit(self, fits: Fits) -> Scorer:
        """Fits the inner one."""
        return _Trending(fits[self.inner], fits.history.trend**self.power)


@dataclass(frozen=True)
class Appealing(Recommender):
    """Another's scores, more for what is clicked more often than the places where it is shown would have it."""

    inner: Recommender
    power: float = 1.0

    @property
    def name(self) -> str:
        """As in the model card."""
        return f"{self.inner.name}*clicks^{self.power:g}"

    def fit(self, fits: Fits) -> Scorer:
        """Fits the inner one."""
        return _Trending(fits[self.inner], fits.history.exposure.appeal**self.power)


@dataclass(frozen=True)
class _Blend:
    parts: tuple[tuple[Scorer, float], ...]

    def scores(self, people: Ints) -> Floats:
        first, weight = self.parts[0]
        total = unit_rows(first.scores(people)) * np.float32(weight)
        for scorer, share in self.parts[1:]:
            total += unit_rows(scorer.scores(people)) * np.float32(share)
        return total


@dataclass(frozen=True)
class Blend(Recommender):
    """A weighted sum of others, each person's scores of each brought to length 1 first."""

    parts: tuple[tuple[Recommender, float], ...]

    @property
    def name(self) -> str:
        """As in the model card."""
        return " + ".join(f"{weight:g} {part.name}" for part, weight in self.parts)

    def fit(self, fits: Fits) -> Scorer:
        """Fits the parts."""
        return _Blend(tuple((fits[part], weight) for part, weight in self.parts))
