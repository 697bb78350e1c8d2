"""The data-quality report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class RuleCount(BaseModel):
    """How often one cleaning rule changed values of one source."""

    source: str
    rule: str
    count: int


class ReasonCount(BaseModel):
    """How often something of one source was rejected for one reason."""

    source: str
    reason: str
    count: int


class DeliveryView(BaseModel):
    """One import of files, or a day's calls of one kind."""

    channel: Literal["files", "backoffice"]
    source: str
    kind: str = Field(description="Of files their shape; of calls the record type, or `events`.")
    day: date
    first_at: datetime
    last_at: datetime
    calls: int
    received: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    cleaned: dict[str, int]
    reasons: dict[str, int]


class StoredCount(BaseModel):
    """How many of the stored records of one source lack something."""

    source: str
    what: Literal[
        "customers",
        "customers_without_name",
        "customers_without_contact",
        "customers_with_unreadable_phone",
        "orders",
        "orders_of_guests",
        "orders_without_lines",
        "orders_held_back",
    ]
    count: int


class DataQuality(BaseModel):
    """What came in since `since`, what was changed and refused on the way, and what is stored today."""

    since: datetime
    rules: list[RuleCount]
    rejected: list[ReasonCount]
    stored: list[StoredCount]
    deliveries: list[DeliveryView] = Field(description="The newest first.")
