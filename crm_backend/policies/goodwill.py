"""What agents may give without owing it, when something went wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crm_backend.policies.changes import StaffRole
from crm_backend.policies.section import Section, not_repeated

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Minor = Annotated[int, Field(ge=0, le=10**12)]

Form = Literal["voucher", "points", "refund"]


class GoodwillRules(Section):
    """The rules of `goodwill.give`. Amounts are minor units by currency."""

    most: dict[Currency, Annotated[int, Field(ge=1, le=10**12)]] = Field(
        default={}, description="The most that can be given at once; a currency that is not named: nothing."
    )
    limits: dict[StaffRole, dict[Currency, Minor]] = Field(
        default={},
        description="What a role gives one customer within `within_days` by itself; above it a lead approves.",
    )
    within_days: Annotated[int, Field(ge=1, le=365)] = 30
    forms: Annotated[list[Form], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["voucher", "points", "refund"]
    )
    point_minor: dict[Currency, Annotated[int, Field(ge=1, le=10**6)]] = Field(
        default={}, description="What one point is worth; without it points cannot be given."
    )
    voucher_days: Annotated[int, Field(ge=1, le=3650)] = Field(default=180, description="How long a voucher is good.")
    voucher_prefix: Annotated[str, Field(pattern=r"^[A-Z0-9]{0,12}$")] = "SORRY"

    def limit(self, role: str | None, currency: str) -> int:
        """What this role may give by itself, minor units."""
        return next((limits.get(currency, 0) for name, limits in self.limits.items() if name == role), 0)
