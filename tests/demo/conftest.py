"""The demo shop on an ordinary day, generated once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopdesk.demo.settings import DemoSettings, load_settings
from shopdesk.demo.shop import DEFAULT_CUSTOMERS, DEFAULT_SEED, DemoShop, generate

NOW = datetime(2026, 3, 12, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo_settings() -> DemoSettings:
    return load_settings()


@pytest.fixture(scope="session")
def demo_shop(demo_settings: DemoSettings) -> DemoShop:
    return generate(demo_settings, seed=DEFAULT_SEED, customers=DEFAULT_CUSTOMERS, now=NOW)
