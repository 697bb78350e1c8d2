"""What sending an order costs."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from crm_backend.policies.section import Country, Section, not_repeated

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Amounts = dict[CurrencyCode, Annotated[int, Field(ge=0)]]


class ShippingRate(Section):
    """For some countries, or for all that no other rate names."""

    countries: Annotated[list[Country], AfterValidator(not_repeated)] = Field(
        default=[], description="Where the parcel goes; empty: wherever no other rate says more."
    )
    charge_minor: Amounts = Field(description="By the order's currency.")
    free_from_minor: Amounts = Field(default={}, description="From goods worth so much on, sending is free.")
    days: Annotated[list[Annotated[int, Field(ge=0, le=365)]], Field(min_length=2, max_length=2)] | None = Field(
        default=None, description="How many working days it usually takes: from, to."
    )


class Shipping(Section):
    """Rates by country. Without one, the shop's own system adds what sending costs."""

    rates: list[ShippingRate] = Field(default=[])

    def charge(self, country: str | None, currency: str, goods_minor: int) -> int | None:
        """What it costs to send goods worth `goods_minor` (minor units of `currency`) there; None if none says."""
        fitting = [rate for rate in self.rates if country in rate.countries]
        fitting += [rate for rate in self.rates if not rate.countries]
        for rate in fitting:
            if currency in rate.charge_minor:
                free = rate.free_from_minor.get(currency)
                return 0 if free is not None and goods_minor >= free else rate.charge_minor[currency]
        return None
