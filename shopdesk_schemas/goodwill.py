"""Goodwill as agents see it (`/staff/goodwill`). Amounts are minor units of the currency beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from shopdesk_schemas.content import Schema

GoodwillForm = Literal["voucher", "points", "refund"]
GoodwillState = Literal["waiting", "declined", "requested", "done", "failed"]
"""waiting: for a lead · requested: of the shop's systems · failed: they could not, and somebody has to see to it."""
GOODWILL_STATES: tuple[GoodwillState, ...] = get_args(GoodwillState)

DecisionNote = Annotated[str, StringConstraints(pattern=r"^[^\x00]*\S[^\x00]*$", max_length=1000)]


class GoodwillView(Schema):
    """What was given, or is asked for."""

    id: str
    order_number: str
    conversation: str | None
    form: GoodwillForm
    points: int | None
    worth_minor: int
    currency: str
    reason: str
    note: str | None
    state: GoodwillState
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None


class GoodwillPage(Schema):
    """Several of them."""

    goodwill: list[GoodwillView]


class GoodwillTerms(Schema):
    """What one agent may give, by currency."""

    forms: list[GoodwillForm]
    limit_minor: dict[str, int] = Field(description="One customer in `within_days` without a lead.")
    most_minor: dict[str, int] = Field(description="At once, with a lead's yes.")
    point_minor: dict[str, int] = Field(description="What one point is worth.")
    within_days: int


class GoodwillDecision(Schema):
    """A lead's word."""

    decision: Literal["approve", "decline"]
    note: DecisionNote | None = None
