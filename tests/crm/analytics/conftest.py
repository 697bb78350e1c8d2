"""Running the analysis in tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crm_backend.analytics.runs import Plan, RunReport, analyse
from crm_backend.analytics.segments.step import Segments
from crm_backend.analytics.traits.step import Traits
from crm_backend.database.engine import Database
from shopdesk_schemas.clock import Clock
from tests.crm.analytics.shops import NOW
from tests.crm.conftest import policies_with

STEPS = (Traits(), Segments())

type Analyse = Callable[..., RunReport]


@pytest.fixture
def run_analysis() -> Analyse:
    """`run_analysis(database)`: traits and segments, as of the tests' day."""

    def run(database: Database, plan: Plan = Plan(), **options: Any) -> RunReport:
        rules = options.pop("rules", {})
        return analyse(
            database,
            policies_with(sections={"analytics": rules}),
            Clock(NOW),
            plan,
            **{"steps": STEPS, **options},
        )

    return run
