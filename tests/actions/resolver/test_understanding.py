"""Whole generated shops: how often it is right, and how seldom it is sure and wrong."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.actions.resolver import shops


@pytest.mark.parametrize(
    ("products", "seed", "right"),
    [(shops.DEVELOPMENT, 7, 0.97), (shops.HELD_OUT, 11, 0.95)],
    ids=["development", "held out"],
)
def test_generated_shops(products: dict[str, list[shops.Product]], seed: int, right: float) -> None:
    cases = list(shops.cases(products, seed=seed, orders=12))
    verdicts = Counter(shops.judge(case)[0] for case in cases)
    assert verdicts["right"] / len(cases) >= right
    assert verdicts["wrong"] / len(cases) < 0.01
