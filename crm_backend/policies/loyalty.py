"""The tiers of the loyalty scheme."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from crm_backend.policies.section import Language, Section, Text


class Tier(Section):
    """One tier."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    name: dict[Language, Text]
    from_points: int = Field(ge=0, le=10**9)


class LoyaltyRules(Section):
    """Which tier a customer has. Without tiers there are points alone."""

    tiers: list[Tier] = Field(default=[], description="From the lowest to the highest.")
    counted_months: Annotated[int, Field(ge=1, le=120)] = Field(
        default=12, description="Points earned in so many months decide the tier."
    )

    @model_validator(mode="after")
    def _rising(self) -> Self:
        points = [tier.from_points for tier in self.tiers]
        if points != sorted(set(points)):
            raise ValueError("tiers do not rise in from_points")
        if len({tier.key for tier in self.tiers}) < len(self.tiers):
            raise ValueError("two tiers have the same key")
        return self
