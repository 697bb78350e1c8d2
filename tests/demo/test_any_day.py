"""Whatever the seed and the day, the shop holds together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shopdesk.demo.settings import DemoSettings, load_settings
from shopdesk.demo.shop import DemoShop, generate
from tests.demo.checks import all_problems
from tests.demo.conftest import NOW

TRICKY = (
    datetime(2024, 2, 29, 12, tzinfo=UTC),  # a leap day
    datetime(2024, 3, 1, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # Europe's clocks change in half an hour
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 9, 6, tzinfo=UTC),  # America has changed and Europe has not
    datetime(2026, 11, 2, 6, tzinfo=UTC),
    datetime(2026, 1, 1, 0, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2026, 6, 30, 23, 0, tzinfo=UTC),  # midnight in summer London
    datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC),
)

MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def test_the_default_shop_holds_together(demo_shop: DemoShop) -> None:
    assert all_problems(demo_shop, NOW) == []


@pytest.mark.parametrize("now", TRICKY, ids=str)
def test_awkward_days_hold_together(demo_settings: DemoSettings, now: datetime) -> None:
    shop = generate(demo_settings, seed=7, customers=60, now=now)
    assert all_problems(shop, now) == []


@given(seed=st.integers(-(2**40), 2**40), now=st.one_of(MOMENTS, st.sampled_from(TRICKY)), customers=st.integers(1, 60))
@hypothesis_settings(deadline=None, max_examples=20)
def test_any_seed_and_clock_hold_together(seed: int, now: datetime, customers: int) -> None:
    shop = generate(load_settings(), seed=seed, customers=customers, now=now)
    assert all_problems(shop, now) == []
