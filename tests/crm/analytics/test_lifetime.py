"""BG/NBD and Gamma-Gamma: the published fit, identities of the model, and what comes back from simulated customers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import dblquad
from scipy.optimize import check_grad

from benchmarks.lifetime import PUBLISHED, WEEKS, customers, rmse
from crm_backend.analytics.lifetime import bgnbd, gamma_gamma
from crm_backend.analytics.lifetime.bgnbd import BgNbd, NotFitted
from tests.support.shared_data import shared_data

CDNOW = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)


def _simulated(truth: BgNbd, count: int, weeks: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(3)
    x, t_x = np.zeros(count), np.zeros(count)
    rates, leaving = chance.gamma(truth.r, 1 / truth.alpha, count), chance.beta(truth.a, truth.b, count)
    for place in range(count):
        at = 0.0
        while True:
            at += chance.exponential(1 / rates[place])
            if at > weeks:
                break
            x[place], t_x[place] = x[place] + 1, at
            if chance.random() < leaving[place]:
                break
    return x, t_x, np.full(count, weeks)


def test_simulated_customers_give_back_the_law_they_were_drawn_from() -> None:
    truth = BgNbd(r=0.8, alpha=6.0, a=0.9, b=3.0)
    x, t_x, observed = _simulated(truth, 6000, 60)
    found = bgnbd.fit(x, t_x, observed)
    assert found.r / found.alpha == pytest.approx(truth.r / truth.alpha, rel=0.1)
    assert found.a / (found.a + found.b) == pytest.approx(truth.a / (truth.a + truth.b), rel=0.1)
    # What the model is for: how many purchases come next.
    later = _simulated(truth, 6000, 90)[0].sum() - x.sum()
    assert found.expected_purchases(30, x, t_x, observed).sum() == pytest.approx(later, rel=0.1)


def test_the_published_fit_of_cdnow_and_its_holdout() -> None:
    path = shared_data() / "cdnow" / "CDNOW_sample.txt"
    if not path.is_file():
        # The parameters cannot be checked without the sample; the law they stand for can.
        x, t_x, observed = _simulated(CDNOW, 4000, 39)
        assert bgnbd.fit(x, t_x, observed).r == pytest.approx(CDNOW.r, rel=0.25)
        return
    people = customers(path)
    x, t_x, observed = (people[name].to_numpy(dtype=float) for name in ("x", "t_x", "T"))
    found = bgnbd.fit(x, t_x, observed)
    for name, value in PUBLISHED.items():
        assert getattr(found, name) == pytest.approx(value, abs=0.001)
    expected = people["x"] * 0 + found.expected_purchases(WEEKS, x, t_x, observed)
    assert rmse(expected, people["after"]) <= 1.61


def test_the_paper_s_worked_example() -> None:
    """Customer 0001 of the sample: x 2, t_x 30.43, T 38.86; 1.226 purchases in 39 weeks (Fader, Hardie & Lee 2005)."""
    one = np.array([2.0]), np.array([30.43]), np.array([38.86])
    assert CDNOW.expected_purchases(39, *one)[0] == pytest.approx(1.226, abs=0.001)
    assert CDNOW.probability_active(*one)[0] == pytest.approx(0.726, abs=0.001)


@pytest.mark.parametrize("a", [0.3, 1.0, 1.7])
def test_expected_purchases_are_the_integral_of_the_model(a: float) -> None:
    """E[∫ λ e^(-λ p s) ds] over λ ~ Gamma(r + x, α + T) and p ~ Beta(a, b + x), times P(active)."""
    model, x, t_x, observed, weeks = BgNbd(0.6, 5.0, a, 2.0), 3.0, 20.0, 30.0, 26.0
    from scipy.stats import beta

    law = beta(model.a, model.b + x)
    rate = model.r + x, model.alpha + observed

    def buys(s: float, p: float) -> float:
        mean = rate[0] / rate[1] * (1 + p * s / rate[1]) ** (-rate[0] - 1)
        return float(mean * law.pdf(p))

    value, _error = dblquad(buys, 0, 1, 0, weeks)
    one = np.array([x]), np.array([t_x]), np.array([observed])
    assert model.expected_purchases(weeks, *one)[0] == pytest.approx(
        value * model.probability_active(*one)[0], rel=1e-3
    )


times = st.floats(0, 300)


@given(x=st.integers(0, 3000), last=st.floats(0, 1), observed=st.floats(0.01, 500), t=st.floats(0.01, 200))
def test_every_customer_has_sensible_expectations(x: int, last: float, observed: float, t: float) -> None:
    one = np.array([float(x)]), np.array([observed * last if x else 0.0]), np.array([observed])
    active = CDNOW.probability_active(*one)[0]
    none = CDNOW.probability_of_none(t, *one)[0]
    expected = CDNOW.expected_purchases(t, *one)[0]
    assert 0 <= active <= 1
    assert 0 <= none <= 1
    assert np.isfinite(expected)
    # Markov: at least one purchase is expected at least as often as there is one. What is left of 1 is only known as
    # exactly as 1 itself.
    assert expected >= (1 - none) * (1 - 1e-9) - 1e-15
    assert CDNOW.expected_purchases(2 * t, *one)[0] >= expected * (1 - 1e-9)


def test_gradients_are_those_of_the_likelihoods() -> None:
    x, t_x, observed = np.array([0.0, 2.0, 7.0]), np.array([0.0, 5.0, 20.0]), np.array([10.0, 12.0, 21.0])

    def both(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return bgnbd.log_likelihood(at, x, t_x, observed)

    error = check_grad(lambda at: both(at)[0].sum(), lambda at: both(at)[1].sum(axis=1), [0.5, 4.0, 0.8, 2.0])
    assert error < 1e-5
    count, mean = np.array([1.0, 3.0, 9.0]), np.array([20.0, 31.0, 18.0])
    error = check_grad(
        lambda at: gamma_gamma.log_likelihood(*at, count, mean)[0].sum(),
        lambda at: gamma_gamma.log_likelihood(*at, count, mean)[1].sum(axis=1),
        [6.0, 4.0, 15.0],
    )
    assert error < 1e-5


def test_spend_is_drawn_towards_everybody_s_the_less_is_known() -> None:
    chance = np.random.default_rng(5)
    scale = 15 / chance.gamma(4, 1, 30_000)
    count = chance.integers(1, 9, 30_000).astype(float)
    mean = chance.gamma(6 * count) * scale / count
    found = gamma_gamma.fit(count, mean)
    assert found.p == pytest.approx(6, rel=0.25)
    assert found.q == pytest.approx(4, rel=0.15)
    nobody, once, often = found.expected_amount(np.array([0.0, 1.0, 50.0]), np.array([0.0, 500.0, 500.0]))
    assert nobody == pytest.approx(mean.mean(), rel=0.1)
    assert nobody < once < often < 500
    # In another unit the same.
    pence = gamma_gamma.fit(count, mean * 100)
    assert pence.expected_amount(np.array([3.0]), np.array([4000.0]))[0] == pytest.approx(
        100 * found.expected_amount(np.array([3.0]), np.array([40.0]))[0], rel=1e-3
    )


def test_nothing_is_fitted_to_nothing() -> None:
    nobody = np.zeros(100)
    with pytest.raises(NotFitted):
        bgnbd.fit(nobody, nobody, nobody + 10)
    with pytest.raises(NotFitted):
        gamma_gamma.fit(nobody + 1, nobody + 20)
