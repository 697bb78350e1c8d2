"""Alternating least squares, an optional extra: what serves catalogues too large for item × item matrices.

Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008, by the library `implicit`,
which is installed with the dependency group `als` and is asked for only here.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from threadpoolctl import threadpool_limits

from crm_backend.analytics.recommenders.base import Fits, Recommender, Scorer
from crm_backend.analytics.recommenders.history import Floats, Ints

MANY_ITEMS = 50_000
"""From here on the matrices of the other neighbour models hold a small part of the catalogue."""

MISSING = (
    "more than 50,000 items, and the extra for alternating least squares is not installed (dependency group `als`): "
    "not compared"
)


def is_installed() -> bool:
    """Whether the library is there."""
    return find_spec("implicit") is not None


@dataclass(frozen=True)
class Alternating(Recommender):
    """People and items as vectors whose products tell what is bought; how sure that is grows with the purchases."""

    factors: int = 64
    regularization: float = 0.05
    confidence: float = 20
    """How much surer one recent purchase is than none."""
    iterations: int = 12
    learning_half_life_days: float = 180

    @property
    def name(self) -> str:
        """As in the model card."""
        return f"als_{self.factors}"

    def fit(self, fits: Fits) -> Scorer:
        """In one thread and from a fixed start, so that equal data give equal lists. Raises ImportError without it."""
        from implicit.cpu.als import AlternatingLeastSquares

        with threadpool_limits(limits=1, user_api="blas"):
            model = AlternatingLeastSquares(
                factors=self.factors,
                regularization=self.regularization,
                alpha=self.confidence,
                iterations=self.iterations,
                num_threads=1,
                random_state=0,
            )
            model.fit(fits.history.profile(self.learning_half_life_days, saturate=True), show_progress=False)
        return _Factors(np.asarray(model.user_factors), np.asarray(model.item_factors))


@dataclass(frozen=True)
class _Factors:
    people: Floats
    items: Floats

    def scores(self, people: Ints) -> Floats:
        return np.asarray(np.maximum(self.people[people] @ self.items.T, 0), dtype=np.float32)
