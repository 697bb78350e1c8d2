"""Work for the shop's own systems, as they see it (`/backoffice/effects`, the webhook) and as agents do."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shopdesk_schemas.changes import EffectState
from shopdesk_schemas.content import Schema


class EffectOrder(Schema):
    """The order it is about, as the shop's systems name it."""

    source: str
    external_id: str
    number: str


class EffectWork(Schema):
    """One piece of work. To be done once for each `id`, however often it is told."""

    id: str
    kind: str = Field(description="payment.refund, order.cancel, shipment.intercept, order.address …")
    state: EffectState
    order: EffectOrder | None
    payload: dict[str, Any] = Field(description="Amounts are minor units of the currency beside them.")
    created_at: datetime


class EffectRecord(EffectWork):
    """With what became of it so far."""

    attempts: int = Field(description="Of the webhook.")
    delivered_at: datetime | None
    answered_at: datetime | None
    next_try_at: datetime | None
    reference: str | None = Field(description="What the other system calls it.")
    error: str | None
    proposal: str | None = Field(description="The change that asked for it.")


class EffectPage(Schema):
    """Effects, oldest first."""

    effects: list[EffectRecord]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last.")


class EffectAnswer(Schema):
    """What the other system says: `accepted` (begun), `done`, or `failed` (will not happen; a case is opened)."""

    answer: Literal["accepted", "done", "failed"]
    reference: Annotated[str, StringConstraints(pattern=r"^[^\x00]+$", max_length=200)] | None = None
    error: Annotated[str, StringConstraints(pattern=r"^[^\x00]+$", max_length=500)] | None = Field(
        default=None, description="Why it failed, for an agent to read. No personal data."
    )
