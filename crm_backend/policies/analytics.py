"""How customers are analysed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_backend.policies.section import Language, Section, Text

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217.")]


class SegmentUse(Section):
    """What the desk makes of a customer's being in a segment."""

    queue_priority: Annotated[int, Field(ge=0, le=100)] = Field(
        default=0,
        description="Minutes by which they count as having waited longer for a person than they have; the highest of "
        "their segments holds.",
    )
    greeting: dict[Language, Text] = Field(default={}, description="What the assistant greets them with.")
    offer: dict[Language, Text] = Field(default={}, description="What they may be offered.")


class AnalyticsRules(Section):
    """What the analysis takes for granted. Every value has a sensible default."""

    every_hours: Annotated[int, Field(ge=0, le=31 * 24)] = Field(
        default=24, description="How often the CRM analyses by itself; 0 for never."
    )
    currency: CurrencyCode | None = Field(
        default=None, description="In which spend is counted; the one of most orders when not given."
    )
    exchange_rates: dict[CurrencyCode, Annotated[float, Field(gt=0)]] = Field(
        default={},
        description="What one unit of another currency is worth in that one. Orders in a currency without a rate "
        "count, their amounts do not.",
    )
    churn_at_risk: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.4, description="From this probability of having left on, a customer is at risk."
    )
    churn_lost: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.8, description="From this probability of having left on, a customer is taken for lost."
    )
    new_for_days: Annotated[int, Field(ge=1, le=730)] = Field(
        default=60, description="How long after the first order a customer is new."
    )
    history_days: Annotated[int, Field(ge=30, le=3650)] = Field(
        default=730, description="How long sizes, entries and exits of segments are kept."
    )
    segments: dict[str, SegmentUse] = Field(
        default={key: SegmentUse(queue_priority=10) for key in ("rfm_champions", "rfm_cannot_lose", "rfm_at_risk")},
        description="By the key of a named segment or a cluster. Unless the shop names others, `rfm_champions`, "
        "`rfm_cannot_lose` and `rfm_at_risk` are served ten minutes earlier.",
    )
    partition_customers: Annotated[int, Field(ge=100, le=10_000_000)] = Field(
        default=50_000, description="How many customers are worked on at a time."
    )
