"""Gamma-Gamma: what customers spend at a time.

What a customer spends at a time is Gamma(p, ν) distributed, and ν is Gamma(q, γ) over the customers. Fader & Hardie
(2013), "The Gamma-Gamma Model of Monetary Value": likelihood eq. 1a in logarithms, conditional expectation eq. 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, psi

from crm_backend.analytics.lifetime.bgnbd import NotFitted

type Floats = NDArray[np.float64]

_STARTS = ((1.0, 1.0, 1.0), (4.0, 2.0, 2.0))


@dataclass(frozen=True)
class GammaGamma:
    """Fitted parameters; γ is in the unit of the amounts. q is above 1, so that there is a mean."""

    p: float
    q: float
    gamma: float

    def expected_amount(self, count: Floats, mean: Floats) -> Floats:
        """What a customer spends at a time, after `count` times with this mean; of nobody known, count 0."""
        return self.p * (self.gamma + mean * count) / (self.p * count + self.q - 1)


def log_likelihood(p: float, q: float, gamma: float, count: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """By customer ln L, and its gradient by (p, q, γ) as rows of a (3, n) array."""
    shape = p * count
    total = gamma + count * mean
    value = (
        gammaln(shape + q)
        - gammaln(shape)
        - gammaln(q)
        + q * np.log(gamma)
        + (shape - 1) * np.log(mean)
        + shape * np.log(count)
        - (shape + q) * np.log(total)
    )
    gradient = np.empty((3, len(count)))
    gradient[0] = count * (psi(shape + q) - psi(shape) + np.log(mean) + np.log(count) - np.log(total))
    gradient[1] = psi(shape + q) - psi(q) + np.log(gamma) - np.log(total)
    gradient[2] = q / gamma - (shape + q) / total
    return value, gradient


def fit(count: Floats, mean: Floats) -> GammaGamma:
    """The parameters of greatest likelihood, from those who spent something. Raises NotFitted."""
    spent = (count > 0) & (mean > 0)
    if not np.any(spent) or np.all(mean[spent] == mean[spent][0]):
        raise NotFitted("amounts do not differ")
    count, mean = count[spent].astype(np.float64), mean[spent].astype(np.float64)
    unit = float(np.median(mean))
    mean = mean / unit

    def loss(logs: Floats) -> tuple[float, Floats]:
        p, above, gamma = np.exp(logs)
        value, gradient = log_likelihood(p, 1 + above, gamma, count, mean)
        return float(-value.mean()), -gradient.mean(axis=1) * [p, above, gamma]

    best: Any = None
    for start in _STARTS:
        found = minimize(
            loss,
            np.log(start),
            jac=True,
            method="L-BFGS-B",
            bounds=[(np.log(1e-3), np.log(1e4))] * 3,
            options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-9},
        )
        if np.isfinite(found.fun) and (best is None or found.fun < best.fun):
            best = found
    if best is None:
        raise NotFitted("the likelihood has no maximum")
    p, above, gamma = (float(value) for value in np.exp(best.x))
    return GammaGamma(p, 1 + above, gamma * unit)
