"""What is proposed in place of goods that cannot be had."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_backend.policies.section import Section


class AlternativeRules(Section):
    """How alike an alternative must be."""

    price_band_percent: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=30, description="Another product may cost so much more or less than the one that was wanted."
    )
    maximum: Annotated[int, Field(ge=1, le=20)] = Field(default=5, description="How many are proposed at most.")


class ProductRules(Section):
    """The catalogue's rules."""

    alternatives: AlternativeRules = AlternativeRules()
