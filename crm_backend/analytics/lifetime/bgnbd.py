"""BG/NBD: when customers buy, and after which purchase they leave.

While active, a customer buys at rate λ; after each purchase they leave for good with probability p; λ is Gamma(r, α)
and p Beta(a, b) distributed over the customers. Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way: An
Alternative to the Pareto/NBD Model", Marketing Science 24(2): likelihood eq. 6, expected purchases eq. 10, probability
of being active from their note "Computing P(alive) Using the BG/NBD Model" (2008).

A customer is `x` (repeat purchases), `t_x` (time of the last, 0 without one) and `T` (time observed), both counted from
the first purchase, in any one unit of time. Purchases of one day are one.

The form of the likelihood is that of Hardie & Fader, "Overcoming the BG/NBD Model's #NUM! Error Problem" (2013): large
powers only as differences of logarithms. In the expected purchases Euler's transformation of the hypergeometric
function (Abramowitz & Stegun 15.3.3) takes x out of the powers in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1, psi

type Floats = NDArray[np.float64]

_LOWER = np.log([1e-4, 1e-4, 1e-4, 1e-4])
_UPPER = np.log([1e3, 1e6, 1e2, 1e3])
"""Of r, α, a, b. Where nobody ever leaves the likelihood rises without end; this is far enough."""

_STARTS = ((1.0, 1.0, 1.0, 1.0), (0.3, 5.0, 0.8, 2.5), (2.0, 20.0, 0.2, 5.0))


class NotFitted(ValueError):
    """There is too little to fit to, or no maximum was found."""


@dataclass(frozen=True)
class BgNbd:
    """Fitted parameters; α is in the unit of time of the data."""

    r: float
    alpha: float
    a: float
    b: float

    def probability_active(self, x: Floats, t_x: Floats, T: Floats) -> Floats:  # noqa: N803 - the papers' name
        """That a customer has not left at T. One who bought once has had no occasion to leave: 1."""
        with np.errstate(divide="ignore"):
            left = (
                np.log(self.a)
                - np.log(self.b + np.maximum(x, 1) - 1)
                + (self.r + x) * (np.log(self.alpha + T) - np.log(self.alpha + t_x))
            )
        return np.where(x > 0, 1 / (1 + np.exp(np.minimum(left, 700))), 1.0)

    def expected_purchases(self, t: float, x: Floats, t_x: Floats, T: Floats) -> Floats:  # noqa: N803
        """How many purchases to expect in (T, T + t]."""
        # The formula divides by a - 1; near it the limit is approached from beside.
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6
        z = t / (self.alpha + T + t)
        c = a + self.b + x - 1
        none = np.exp((a - 1) * np.log1p(-z)) * hyp2f1(a + self.b - 1 - self.r, a - 1, c, z)
        expected: Floats = np.maximum(c / (a - 1) * (1 - none), 0) * self.probability_active(x, t_x, T)
        return expected

    def probability_of_none(self, t: float, x: Floats, t_x: Floats, T: Floats) -> Floats:  # noqa: N803
        """That there is no purchase in (T, T + t]: the customer has left, or λ, now Gamma(r + x, α + T), waits."""
        waits = np.exp((self.r + x) * (np.log(self.alpha + T) - np.log(self.alpha + T + t)))
        none: Floats = 1 - self.probability_active(x, t_x, T) * (1 - waits)
        return none

    def waiting_time(self, share: float, x: Floats, T: Floats) -> Floats:  # noqa: N803
        """After how long such a share of active customers like these has bought again: a quantile of the Lomax law."""
        time: Floats = (self.alpha + T) * np.expm1(-np.log1p(-share) / (self.r + x))
        return time


def log_likelihood(
    parameters: Floats,
    x: Floats,
    t_x: Floats,
    T: Floats,  # noqa: N803
) -> tuple[Floats, Floats]:
    """By customer ln L, and its gradient by (r, α, a, b) as rows of a (4, n) array."""
    r, alpha, a, b = parameters
    repeat = x > 0
    d1 = gammaln(r + x) - gammaln(r) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    d2 = r * np.log(alpha) - (r + x) * np.log(alpha + t_x)
    shrink = np.log(alpha + t_x) - np.log(alpha + T)
    active = np.exp((r + x) * shrink)
    later = b + np.maximum(x, 1) - 1
    left = np.where(repeat, a / later, 0.0)
    both = active + left
    value = d1 + d2 + np.log(both)
    gradient = np.empty((4, len(x)))
    gradient[0] = psi(r + x) - psi(r) + np.log(alpha) - np.log(alpha + t_x) + active * shrink / both
    gradient[1] = r / alpha - (r + x) / (alpha + t_x) + active * (r + x) * (1 / (alpha + t_x) - 1 / (alpha + T)) / both
    gradient[2] = psi(a + b) - psi(a + b + x) + np.where(repeat, 1 / later, 0.0) / both
    gradient[3] = psi(a + b) - psi(a + b + x) + psi(b + x) - psi(b) - np.where(repeat, left / later, 0.0) / both
    return value, gradient


def fit(x: Floats, t_x: Floats, T: Floats) -> BgNbd:  # noqa: N803
    """The parameters of greatest likelihood. Raises NotFitted when no customer came back, or nobody was observed."""
    if not len(x) or not np.any(x > 0) or not np.any(T > 0):
        raise NotFitted("nobody has bought twice")
    # Many customers are alike; each kind is computed once.
    kinds, counts = np.unique(np.stack([x, t_x, T]).astype(np.float64), axis=1, return_counts=True)
    unit = float(np.mean(kinds[2][kinds[2] > 0]))
    alike = kinds[0], kinds[1] / unit, kinds[2] / unit
    total = counts.sum()

    def loss(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, gradient = log_likelihood(parameters, *alike)
        return float(-(value @ counts) / total), -(gradient @ counts) * parameters / total

    best: Any = None
    for start in _STARTS:
        found = minimize(
            loss,
            np.log(np.array(start) / [1, 10, 1, 1]),
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(_LOWER, _UPPER, strict=True)),
            options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-9},
        )
        if np.isfinite(found.fun) and (best is None or found.fun < best.fun):
            best = found
    if best is None:
        raise NotFitted("the likelihood has no maximum")
    r, alpha, a, b = (float(value) for value in np.exp(best.x))
    return BgNbd(r, alpha * unit, a, b)
