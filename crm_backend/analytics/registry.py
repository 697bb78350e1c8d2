"""The steps of the analysis, in their order. A topic that adds one adds it here."""

from __future__ import annotations

from crm_backend.analytics.delivery.step import Delivery
from crm_backend.analytics.segments.step import Segments
from crm_backend.analytics.steps import AnyStep
from crm_backend.analytics.traits.step import Traits
from crm_backend.recommendations.step import Recommendations

STEPS: tuple[AnyStep, ...] = (Traits(), Segments(), Recommendations(), Delivery())
"""Each after those whose rows it reads."""
